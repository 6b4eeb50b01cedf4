/** Words the tests of secure transports are written in: hosts of a simulated network, each with a key of its own. */
import { Crypto, Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { SeededCrypto } from "@peerage/secure/testing"
import { type Listener, type MemoryNetwork, type Pipe, SocketFailure, Transport } from "@peerage/transport"
import { Effect, Fiber, Redacted, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"

export type Network = MemoryNetwork.MemoryNetwork["Service"]
export type Raw = Transport.Transport["Service"]

export const at = NetAddress.inetAddressFromStringUnsafe
export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
export const text = (chunks: ReadonlyArray<Uint8Array> | undefined): string =>
  (chunks ?? []).map((chunk) => new TextDecoder().decode(chunk)).join("")

/** Lets everything happen that happens without time. */
export const settle = Effect.repeat(Effect.yieldNow, { times: 60 })

/** Lets everything happen that is due, and time pass. */
export const elapse = (duration: Parameters<typeof TestClock.adjust>[0]) =>
  settle.pipe(Effect.andThen(TestClock.adjust(duration)), Effect.andThen(settle))

export const passphrase = Redacted.make("between us")

/** An identity and the primitives it was drawn with, both from a seed. */
export const seeded = (seed: string, platform = NodeCrypto.primitives) => {
  const primitives = SeededCrypto.make(platform, seed)
  const identity = Identity.fromSecret(primitives, Redacted.make(primitives.random(32)))
  return { primitives, identity }
}

/** A host with a secure transport, and what happens there. */
export interface Peer extends SecureTransport.Secured {
  readonly identity: Identity.Identity
  /** Each event in a word or two: `Admitted Key`, `Refused Banned`, `Ended Closed`. */
  readonly seen: Array<string>
}

const word = (event: { readonly _tag: string; readonly by?: string; readonly reason?: string }): string =>
  `${event._tag} ${event.by ?? event.reason ?? ""}`

/** A secure transport over another, named so that its keys are its own. */
export const secure = Effect.fnUntraced(function*(
  raw: Raw,
  name: string,
  options: Partial<SecureTransport.SecureOptions> = {},
  platform = NodeCrypto.primitives
) {
  const { identity, primitives } = seeded(name, platform)
  const secured = yield* SecureTransport.make({ identity, passphrase, ...options }).pipe(
    Effect.provideService(Transport.Transport, raw),
    Effect.provideService(Crypto.Crypto, primitives)
  )
  const seen: Array<string> = []
  yield* Effect.forkScoped(
    Stream.runForEach(secured.sessions.events, (event) => Effect.sync(() => void seen.push(word(event)))),
    { startImmediately: true }
  )
  yield* settle
  const peer: Peer = { ...secured, identity: options.identity ?? identity, seen }
  return peer
})

/** Sends back what comes over each connection, for the scope's life. */
export const echo = (listener: Listener.Listener) =>
  Effect.forkScoped(listener.run((connection) =>
    Effect.gen(function*() {
      const reader = yield* connection.reader
      const writer = yield* connection.writer
      while (true) yield* writer.writeAll(yield* reader.pull)
    })
  ))

/** How a question to an echo ends: the answer, or why there is none. */
export const ask = (transport: Raw, address: string, question = "attack at dawn") =>
  Effect.match(
    transport.request(at(address), ascii(question), {
      answered: (bytes) => bytes.length >= question.length,
      answerWithin: "30 seconds",
      connectTimeout: "30 seconds"
    }),
    {
      onSuccess: ({ bytes, end }) => end === "Answered" ? text([bytes]) : end,
      onFailure: (error) => SocketFailure.errno(error) ?? error.reason._tag
    }
  )

/** The same, with as much time as it takes. */
export const asked = Effect.fnUntraced(function*(transport: Raw, address: string, question?: string) {
  const asking = yield* Effect.forkChild(ask(transport, address, question), { startImmediately: true })
  yield* elapse("40 seconds")
  return yield* Fiber.join(asking)
})

/** How reading a pipe ended, in one word. */
export const ended = (pipe: Pipe.Pipe): string => {
  const error = pipe.ended()
  if (error === undefined) return "open"
  return SocketFailure.isFin(error) ? "FIN" : SocketFailure.errno(error) ?? "closed here"
}

/** All bytes that went over the network, as text of one character a byte. */
export const wire = (network: Network) =>
  Effect.map(network.trace, (trace) => trace.map(({ bytes }) => Buffer.from(bytes).toString("latin1")).join(""))
