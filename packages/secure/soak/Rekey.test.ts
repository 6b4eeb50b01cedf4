/** Changes of keys at the number of records that the protocol has, on real sockets, in both directions at once. */
import { assert, it } from "@effect/vitest"
import { Crypto, Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { type Pipe, Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Queue, Redacted } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const passphrase = Redacted.make("between us")

const secured = (suite: Crypto.Suite) =>
  Effect.flatMap(Identity.generate, (identity) => SecureTransport.make({ identity, passphrase })).pipe(
    Effect.provideServiceEffect(Transport.Transport, NodeTransport.make),
    Effect.provideService(Crypto.Crypto, { ...NodeCrypto.primitives, preferred: suite })
  )

/** The last number, which the dialer gets. Each is a record of its own, every other one in the other direction. */
const last = 280_001

const write = (pipe: Pipe.Pipe, number: number) => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, number)
  pipe.write([bytes])
}

/** Answers `first` and every other number behind it with the next one. Gives the first number that is another, or the last. */
const play = (pipe: Pipe.Pipe, first: number) =>
  Effect.callback<number | "ended">((resume) => {
    let expected = first
    const readable = () => {
      for (const { buffer, byteOffset } of pipe.take() ?? []) {
        const number = new DataView(buffer, byteOffset).getUint32(0)
        if (number !== expected || number === last) return resume(Effect.succeed(number))
        expected += 2
        write(pipe, number + 1)
      }
      if (pipe.ended() !== undefined) resume(Effect.succeed("ended"))
    }
    pipe.observe({ readable, drained: () => {}, closed: readable })
  })

for (const suite of Crypto.suites) {
  it.live(`a session with ${suite} lives through two changes of keys of each direction`, () =>
    Effect.gen(function*() {
      const server = yield* secured(suite)
      const client = yield* secured(suite)
      const listener = yield* server.transport.listen(NetAddress.inetAddressFromStringUnsafe("127.0.0.1:0"))
      const dialed = yield* client.transport.connect(listener.address)
      const accepted = yield* Queue.take(listener.accepted)
      write(dialed, 0)
      assert.strictEqual(yield* Effect.raceFirst(play(accepted, 0), play(dialed, 1)), last)
    }))
}
