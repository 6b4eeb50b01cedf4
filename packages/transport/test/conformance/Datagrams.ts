/** UDP: send and reply, broadcast, a shared port, and what does not fit. */
import { assert } from "@effect/vitest"
import type { Options } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { DatagramSocketError } from "effect/socket/DatagramSocket"
import { ascii, at, type Place, port0, type Test, text } from "./World.ts"

const open = Effect.fnUntraced(function*({ transport }: Place, options: Options.DatagramOptions) {
  const socket = yield* transport.datagram(options)
  const reader = yield* socket.reader
  return { reader, writer: yield* socket.writer }
})

const kindOf = ({ reason }: DatagramSocketError) => "kind" in reason ? reason.kind : reason._tag

export const datagrams = (test: Test) => {
  test("carries a datagram and its reply, whole", function*({ near, far }) {
    const server = yield* open(far, { bind: port0(far.v4) })
    const client = yield* open(near, { bind: port0(near.v4) })
    yield* client.writer.writeAll([
      { payload: "PING", address: server.reader.address },
      { payload: ascii("PING again"), address: server.reader.address }
    ])
    const received: Array<string> = []
    while (received.length < 2) {
      for (const datagram of yield* server.reader.pull) {
        received.push(text([datagram.payload]))
        assert.strictEqual(`${datagram.address}`, `${client.reader.address}`)
        yield* server.writer.write({ payload: "PONG", address: datagram })
      }
    }
    assert.deepStrictEqual(received, ["PING", "PING again"])
    assert.strictEqual(text([(yield* client.reader.pull)[0].payload]), "PONG")
  })

  test("carries datagrams over IPv6", function*({ near, far }) {
    if (near.v6 === undefined || far.v6 === undefined) return
    const server = yield* open(far, { bind: port0(far.v6) })
    const client = yield* open(near, { bind: port0(near.v6) })
    yield* client.writer.write({ payload: "PING", address: server.reader.address })
    assert.strictEqual(text([(yield* server.reader.pull)[0].payload]), "PING")
  })

  test("broadcasts to all sockets that share a port", function*({ near, far, broadcast }) {
    const any = NetAddress.ipv4Unspecified
    const one = yield* open(far, { bind: port0(any), shared: true })
    const port = one.reader.address.port
    const other = yield* open(far, { bind: at(any, port), shared: true })
    const caller = yield* open(near, { bind: port0(near.v4), broadcast: true })
    yield* caller.writer.write({ payload: "anyone?", address: at(broadcast, port) })
    for (const { reader } of [one, other]) {
      const [datagram] = yield* reader.pull
      assert.strictEqual(text([datagram.payload]), "anyone?")
      assert.strictEqual(`${datagram.address}`, `${caller.reader.address}`)
    }
  })

  test("does not broadcast without being told to", function*({ near, broadcast }) {
    const caller = yield* open(near, { bind: port0(near.v4) })
    const error = yield* Effect.flip(caller.writer.write({ payload: "anyone?", address: at(broadcast, 9) }))
    assert.strictEqual(kindOf(error), "PermissionDenied")
  })

  test("does not bind a port that is taken and not shared, or an address of another host", function*({ near }) {
    const { reader } = yield* open(near, { bind: port0(near.v4) })
    assert.strictEqual(kindOf(yield* Effect.flip(open(near, { bind: reader.address }))), "AddressInUse")
    const foreign = port0(NetAddress.ipFromStringUnsafe("192.0.2.77"))
    assert.strictEqual(kindOf(yield* Effect.flip(open(near, { bind: foreign }))), "AddressNotAvailable")
  })

  test("sends the longest datagram and refuses a longer one", function*({ near, far }) {
    const server = yield* open(far, { bind: port0(far.v4) })
    const client = yield* open(near, { bind: port0(near.v4) })
    const send = (length: number) =>
      client.writer.write({ payload: new Uint8Array(length), address: server.reader.address })
    yield* send(65_507)
    assert.strictEqual((yield* server.reader.pull)[0].payload.length, 65_507)
    assert.strictEqual(kindOf(yield* Effect.flip(send(65_508))), "MessageTooLarge")
  })

  test("fails a suspended pull when its scope is left", function*({ near }) {
    const socket = yield* near.transport.datagram({ bind: port0(near.v4) })
    const pulling = yield* Effect.scoped(Effect.gen(function*() {
      const { pull } = yield* socket.reader
      return yield* Effect.forkDetach(Effect.flip(pull), { startImmediately: true })
    }))
    yield* Effect.callback<void>((resume) => {
      pulling.addObserver((exit) => resume(exit._tag === "Success" ? Effect.void : Effect.die(exit.cause)))
    })
  })
}
