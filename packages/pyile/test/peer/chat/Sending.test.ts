import { assert, describe } from "@effect/vitest"
import { AuthPeer, ChatSender, PeerAddress, PyileEvent } from "@peerage/pyile"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Result, Schema } from "effect"
import { elapse, host, join, on, pair, password, settle, simulation, trio } from "../Network.ts"
import { watch } from "../Watching.ts"

describe("a peer that sends", () => {
  simulation.each([
    { name: "a message that is too large", data: "x".repeat(2048), reason: "MessageTooLarge" },
    { name: "a message that is too large once it is escaped", data: "😀".repeat(170), reason: "MessageTooLarge" },
    { name: "NaN", data: Number.NaN, reason: "NotJson" },
    { name: "an infinity within", data: { deep: [Number.POSITIVE_INFINITY] }, reason: "NotJson" }
  ])("refuses $name before anything is sent to anybody", function*({ data, reason }) {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { ann, hosting } = yield* pair()
    const alone = yield* on("10.0.0.9", AuthPeer.make({ password, listen: "10.0.0.9:4702" }))
    yield* settle
    const before = yield* network.trace
    for (const sending of [ann.send(hosting.self, data), ann.broadcast(data), alone.broadcast(data)]) {
      const error = yield* Effect.flip(sending)
      assert.deepStrictEqual([error._tag, error.reason._tag], ["SendError", reason])
    }
    assert.deepStrictEqual(yield* network.trace, before)
    assert.deepStrictEqual([yield* ann.history.conversations, yield* alone.history.conversations], [[], []])
  })

  simulation("says what JSON has no word for", function*() {
    const { ann, hosting } = yield* pair()
    const { reason } = yield* Effect.flip(ann.send(hosting.self, [Number.POSITIVE_INFINITY]))
    assert.strictEqual(
      reason.message,
      "The message cannot be sent: JSON has no NaN and no Infinity. Change it and send it again."
    )
  })

  simulation("sends integers of any size exactly, and no value that contains itself", function*() {
    const { ann, hosting } = yield* pair()
    const events = yield* watch(hosting)
    const data = { id: 306712345678901234n, small: 7 }
    yield* ann.send(hosting.self, data)
    yield* settle
    assert.deepStrictEqual(events.flatMap((event) => event._tag === "Message" ? [event.data] : []), [data])
    const twice: Array<ReadonlyArray<unknown>> = []
    twice.push(twice, twice)
    assert.strictEqual(Result.getOrThrow(ChatSender.parse("9007199254740993")), 9007199254740993n)
    assert.isTrue(Result.isFailure(Result.flatMap(ChatSender.parse("{"), () => ChatSender.parse("[NaN]"))))
    assert.isFalse(Schema.is(PyileEvent.ReceivedMessage.fields.data)(twice))
  })

  simulation("sends a message of exactly 2048 bytes", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { ann, hosting } = yield* pair()
    const { reason } = yield* Effect.flip(ann.send(hosting.self, "x".repeat(2048)))
    if (reason._tag !== "MessageTooLarge") return assert.fail(reason._tag)
    const data = "x".repeat(2048 - (reason.bytes - 2048))
    assert.deepStrictEqual((yield* ann.send(hosting.self, data)).acknowledged, [hosting.self])
    assert.isTrue((yield* network.trace).some(({ kind, length }) => kind === "DATA" && length === 2048))
    assert.strictEqual((yield* Effect.flip(ann.send(hosting.self, `${data}x`))).reason._tag, "MessageTooLarge")
  })

  simulation("reports for each receiver what became of the message", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { ann, bob, hosting } = yield* trio()
    const cid = yield* join("10.0.0.4")
    yield* elapse("1 second")
    const events = yield* watch(ann)
    const nobody = PeerAddress.at("10.0.0.99", 1)
    yield* network.clog("10.0.0.3")
    yield* network.kill("10.0.0.4")
    const sending = yield* Effect.forkChild(ann.send([hosting.self, bob.self, cid.self, nobody, bob.self], "x"))
    yield* elapse(1999)
    assert.isUndefined(sending.pollUnsafe())
    yield* elapse(1)
    const delivery: PyileEvent.Delivery = {
      acknowledged: [hosting.self],
      written: [bob.self],
      failed: [{ peer: cid.self, reason: "Unreachable" }, { peer: nobody, reason: "NotAMember" }]
    }
    assert.deepStrictEqual(yield* Fiber.join(sending), delivery)
    const to = [hosting.self, bob.self, cid.self, nobody]
    assert.deepInclude(events, { _tag: "Sent", to, data: "x", ...delivery } as const)
    assert.deepStrictEqual(yield* ann.history.conversations, [hosting.self, bob.self])
  })

  simulation("reports whom a broadcast reached, without itself", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { ann, bob, hosting } = yield* trio()
    yield* elapse("1 second")
    const all = { acknowledged: [hosting.self, bob.self], written: [], failed: [] }
    assert.deepStrictEqual(yield* ann.broadcast({ n: 1 }), all)
    // A secure transport takes whom it has just heard of to be there.
    yield* elapse("3 seconds")
    yield* network.kill("10.0.0.3")
    const broadcasting = yield* Effect.forkChild(ann.broadcast({ n: 2 }))
    yield* elapse("2 seconds")
    assert.deepStrictEqual(yield* Fiber.join(broadcasting), {
      acknowledged: [hosting.self],
      written: [],
      failed: [{ peer: bob.self, reason: "Unreachable" }]
    })
  })

  simulation("reaches nobody by a broadcast when nobody is there", function*() {
    const hosting = yield* host()
    assert.deepStrictEqual(yield* hosting.broadcast("anybody?"), { acknowledged: [], written: [], failed: [] })
  })
})
