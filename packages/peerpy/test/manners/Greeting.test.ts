/** What an original hears first, to the byte, and when it is first told something. (docs/wire/peerpy.md, sections 1 and 2.) */
import { assert, describe } from "@effect/vitest"
import { PeerPyConfig } from "@peerage/peerpy"
import { MemoryNetwork } from "@peerage/transport"
import { Duration, Effect, Fiber } from "effect"
import { addressOf, connect, elapse, settle, test, valuesOf, visit } from "../peer/Network.ts"
import { connector, header, hello, sentBy } from "./Original.ts"
import { ask, connectedForBytes, onlyConnection, visited } from "./Ours.ts"

/** The first bytes that a machine sent on its only connection. */
const firstOf = Effect.fnUntraced(function*(machine: number) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const trace = yield* network.trace
  return trace.find(({ from, kind }) => kind === "DATA" && from.startsWith(`10.0.0.${machine}:`))?.bytes
})

const helloes = [
  [{ type: "json" }, "data_type=json&strict=True&peerage=1"],
  [{ type: "bytes", strict: false }, "data_type=bytes&strict=False&peerage=1"],
  [{ type: "raw", stream: true }, "data_type=raw&strict=True&stream=True&peerage=1"]
] as const

describe("a connector", () => {
  test.each(helloes)("says hello as an original does, and that it is one of ours: %j", function*([options, rest]) {
    const { original } = yield* ask(yield* visit(1), 9, options)
    assert.deepStrictEqual(original.segments, [header(hello(1, rest))])
  })

  test.each([{}, { settleFor: Duration.millis(7) }])(
    "sends an original nothing within 100 ms of ACCEPT, or %j",
    function*(config) {
      const { settleFor } = PeerPyConfig.make(config)
      const { connection, original } = yield* connectedForBytes({ config })
      const sending = yield* Effect.forkChild(connection.send(Uint8Array.of(1)))
      yield* elapse(Duration.subtract(settleFor, Duration.millis(1)))
      assert.deepStrictEqual(original.heard, [])
      yield* elapse(1)
      yield* Fiber.join(sending)
      assert.deepStrictEqual(original.heard, ["DATA|data_size=1&data_type=bytes||\x01"])
    }
  )

  test("keeps the order of what it is told to send in the meantime", function*() {
    const { connection, original } = yield* connectedForBytes()
    const values = Array.from({ length: 5 }, (_, index) => Uint8Array.of(index))
    yield* Effect.forkChild(Effect.forEach(values, connection.send, { concurrency: "unbounded" }))
    yield* elapse(100)
    assert.deepStrictEqual(original.segments.map((segment) => segment.at(-1)), [0, 1, 2, 3, 4])
  })

  test("hears an original that begins at once", function*() {
    const ours = yield* visit(1)
    const { asking, original } = yield* ask(ours, 9, { type: "bytes" })
    original.write(Buffer.concat([header("ACCEPT"), header("DATA|data_size=2&data_type=bytes"), Buffer.from("hi")]))
    yield* settle
    yield* Fiber.join(asking)
    assert.deepStrictEqual(valuesOf(ours), [new Uint8Array(Buffer.from("hi"))])
  })
})

describe("a listener", () => {
  test.each(
    [
      ["accepts", "", "ACCEPT"],
      ["accepts", "&peerage=1", "ACCEPT|peerage=1"],
      ["accepts", "&peerage=7", "ACCEPT|peerage=1"],
      ["denies", "", "DENY"],
      ["denies", "&peerage=1", "DENY"]
    ] as const
  )(
    "%s an original, and one of ours of whatever version, with the very bytes of an original: %s",
    function*([verb, more, answer]) {
      yield* visit(1, { offer: () => Effect.succeed(verb === "accepts") })
      const original = yield* connector(9, 1, `data_type=bytes&strict=True${more}`)
      assert.deepStrictEqual(original.segments, [header(answer)])
    }
  )

  test("is told something by an original, and answers it, at once", function*() {
    const { connection, original } = yield* visited()
    yield* connection.sendAny(Uint8Array.of(7))
    yield* settle
    assert.deepStrictEqual(original.heard, ["DATA|data_size=1&data_type=bytes||\x07"])
  })
})

describe("two of ours", () => {
  test("know each other by their first words, and need not wait", function*() {
    const alice = yield* visit(1)
    const bob = yield* visit(2)
    const connection = yield* connect(alice, 2, { type: "json" })
    yield* connection.send(1)
    const back = yield* onlyConnection(bob)
    yield* back.sendAny(2)
    assert.strictEqual(yield* connection.receive, 2)
    yield* settle
    assert.deepStrictEqual(yield* firstOf(1), header(hello(1, "data_type=json&strict=True&peerage=1")))
    assert.deepStrictEqual(yield* firstOf(2), header("ACCEPT|peerage=1"))
    assert.deepStrictEqual((yield* sentBy(1)).map(({ at }) => at), [0, 0, 0])
    assert.strictEqual(back.peer, addressOf(1))
  })
})
