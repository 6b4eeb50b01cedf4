import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Deferred, Effect, Exit, Fiber, Scope, Stream } from "effect"
import {
  both,
  connect,
  count,
  elapse,
  helloOf,
  ipOf,
  only,
  reasonsOf,
  running,
  settle,
  stranger,
  test,
  valuesOf,
  visit
} from "./Network.ts"

const json = { type: "json" } as const

describe("an end", () => {
  test("by FIN in the midst of a payload says so", function*() {
    const bob = yield* visit(2)
    const raw = yield* stranger(9, 2)
    raw.say(helloOf(9), "DATA|data_size=10&data_type=bytes")
    raw.write("12345")
    raw.pipe.end()
    yield* settle
    assert.deepStrictEqual([valuesOf(bob), reasonsOf(bob)], [[], ["FrameTruncated"]])
  })

  for (const stream of [false, true]) {
    test(`by the death of the other host is noticed by keep-alive${stream ? " on a stream" : ""}`, function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const { alice } = yield* both({ type: "json", stream })
      yield* network.kill(ipOf(2))
      yield* elapse("24 seconds")
      assert.strictEqual(yield* count(alice), 1)
      yield* elapse("2 seconds")
      assert.deepStrictEqual([yield* count(alice), reasonsOf(alice)], [0, ["ETIMEDOUT"]])
    })
  }

  it.effect("by the death of the other host is noticed by retransmission where something is under way", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const { alice, near } = yield* both(json)
      yield* network.kill(ipOf(2))
      yield* near.send("hello?")
      yield* elapse("50 seconds")
      assert.strictEqual(yield* count(alice), 1)
      yield* elapse("50 seconds")
      assert.deepStrictEqual([yield* count(alice), reasonsOf(alice)], [0, ["ETIMEDOUT"]])
    }).pipe(Effect.provide(MemoryNetwork.layer({ userTimeout: "60 seconds" }))))

  test("comes with the end of the scope that connected, and the other one notices", function*() {
    const [alice, bob] = [yield* visit(1), yield* visit(2)]
    const scope = yield* Scope.make()
    yield* Scope.provide(connect(alice, 2, json), scope)
    assert.deepStrictEqual([yield* count(alice), yield* count(bob)], [1, 1])
    yield* Scope.close(scope, Exit.void)
    yield* settle
    assert.deepStrictEqual([yield* count(alice), yield* count(bob)], [0, 0])
    assert.deepStrictEqual([reasonsOf(alice), reasonsOf(bob)], [["Closed"], ["PeerClosed"]])
  })

  test("comes with the end of what serves the connection", function*() {
    const served = yield* Deferred.make<void>()
    const alice = yield* visit(1)
    const bob = yield* visit(2, { serve: () => Deferred.await(served) })
    const connection = yield* connect(alice, 2, json)
    yield* connection.send("still here")
    yield* settle
    assert.strictEqual(yield* count(bob), 1)
    yield* Deferred.succeed(served, undefined)
    assert.strictEqual((yield* connection.closed)._tag, "PeerClosed")
    assert.deepStrictEqual([yield* count(bob), reasonsOf(bob)], [0, ["Closed"]])
  })

  test("comes with the death of what serves the connection, and harms no other", function*() {
    const [alice, carol] = [yield* visit(1), yield* visit(3)]
    const serve = ({ type }: { readonly type: string }) => type === "raw" ? Effect.die("a defect") : Effect.never
    const bob = yield* visit(2, { serve })
    const connection = yield* connect(alice, 2, json)
    const doomed = yield* connect(carol, 2, { type: "raw" })
    assert.strictEqual((yield* doomed.closed)._tag, "PeerClosed")
    yield* connection.send("still here")
    assert.strictEqual(yield* (yield* only(bob, "json")).receive, "still here")
  })

  test("leaves what has arrived to be received, and then is what there is, for ever", function*() {
    const { far, near } = yield* both(json)
    yield* Effect.forEach([1, 2, 3], near.send)
    yield* near.close
    yield* settle
    assert.deepStrictEqual(yield* Effect.all([far.receive, far.receive, far.receive]), [1, 2, 3])
    for (const _ of [1, 2]) assert.strictEqual((yield* Effect.flip(far.receive)).reason._tag, "PeerClosed")
  })

  test("in good order ends a stream of values, at either end; a broken one fails it", function*() {
    const { far, near } = yield* both(json)
    yield* Effect.forEach([1, 2, 3], near.send)
    const atFar = yield* Effect.forkChild(Stream.runCollect(far.values))
    const atNear = yield* Effect.forkChild(Stream.runCollect(near.values))
    yield* settle
    yield* near.close
    assert.deepStrictEqual([yield* Fiber.join(atFar), yield* Fiber.join(atNear)], [[1, 2, 3], []])
    const bob = yield* visit(3)
    const raw = yield* stranger(9, 3)
    raw.say(helloOf(9, "json"))
    yield* settle
    const values = yield* Effect.forkChild(Effect.flip(Stream.runDrain((yield* only(bob, "json")).values)))
    raw.pipe.reset()
    assert.strictEqual((yield* Fiber.join(values)).reason._tag, "SocketError")
  })

  test("wakes everybody who waits: for a value, for the end, and to send", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { near } = yield* both({ type: "bytes" })
    yield* network.clog(ipOf(2))
    const sending = Effect.ignore(near.send(new Uint8Array(1_000_000)))
    const waits = [Effect.ignore(near.receive), Effect.ignore(near.receiveChunks), sending, sending]
    const waiting = yield* Effect.forEach(waits, (wait) => Effect.forkChild(wait))
    const closed = yield* Effect.forkChild(near.closed)
    yield* settle
    assert.isTrue(waiting.every((fiber) => running(fiber)))
    yield* near.close
    yield* settle
    assert.isFalse(waiting.some((fiber) => running(fiber)))
    assert.strictEqual((yield* Fiber.join(closed))._tag, "Closed")
  })
})

describe("what cannot be read", () => {
  test("is named in the event and in the error: what is not plain data, never what was sent", function*() {
    const bob = yield* visit(2)
    const raw = yield* stranger(9, 2)
    const payload = "cos\nsystem\n(S'true'\ntR."
    raw.say(helloOf(9, "raw", "&peerage=1"), `DATA|data_size=${payload.length}&data_type=raw`)
    yield* settle
    const received = yield* Effect.forkChild(Effect.flip((yield* only(bob, "raw")).receive))
    raw.write(payload)
    yield* settle
    const problem = "os.system is not plain data"
    assert.deepInclude(bob.told.at(-1), { _tag: "Closed", reason: "UnreadableValue", problem })
    assert.strictEqual(
      (yield* Fiber.join(received)).message,
      `The peer sent a raw value that cannot be read: ${problem}. Have it send plain data, or open a json connection.`
    )
  })

  const unreadable = [
    { name: "text that is no JSON", type: "json", payload: "{\"data\": }", reason: "UnreadableValue" },
    { name: "JSON without its envelope", type: "json", payload: "[1]", reason: "UnreadableValue" },
    {
      name: "a pickle of a function call",
      type: "raw",
      payload: "cos\nsystem\n(S'true'\ntR.",
      reason: "UnreadableValue"
    },
    { name: "half a pickle", type: "raw", payload: "\u0080\u0004\u0095", reason: "UnreadableValue" },
    { name: "data of another type", type: "bytes", payload: "1", as: "json", reason: "StrictViolation" }
  ] as const

  test.each(unreadable)(
    "as $name ends its connection with $reason, and no other",
    function*({ payload, reason, type, ...rest }) {
      const [alice, bob] = [yield* visit(1), yield* visit(2)]
      const connection = yield* connect(alice, 2, json)
      const raw = yield* stranger(9, 2)
      raw.say(
        helloOf(9, type, "&peerage=1"),
        `DATA|data_size=${payload.length}&data_type=${"as" in rest ? rest.as : type}`
      )
      raw.write(Uint8Array.from(payload, (letter) => letter.charCodeAt(0)))
      raw.say(`DATA|data_size=1&data_type=${type}`)
      yield* settle
      assert.deepStrictEqual([reasonsOf(bob), raw.end], [[reason], "Fin"])
      yield* connection.send("still here")
      yield* settle
      assert.deepStrictEqual(valuesOf(bob), ["still here"])
    }
  )
})
