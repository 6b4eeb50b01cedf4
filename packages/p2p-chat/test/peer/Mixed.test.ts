/** Networks of ours and of originals: who is reached through whom, and what an original can bear. */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Schedule } from "effect"
import { elapse, heardBy, id, ipOf, reached, refusal, segmentsTo, settle, simulate, visit } from "./Network.ts"
import { original } from "./Original.ts"
import { join, joiner, leave } from "./Raw.ts"

describe("ours and an original that joined it", () => {
  simulate("talk both ways, and its text keeps the case in which it comes", function*() {
    const ours = yield* visit(10)
    const leaf = yield* original(20, 10)
    yield* ours.send(id(20), "Grüße an ALLE \u{1f44b}\n")
    leaf.type(id(10), "Guten TAG")
    yield* settle
    assert.deepStrictEqual(leaf.heard, ["10: Grüße an ALLE \u{1f44b}\n"])
    assert.deepStrictEqual(heardBy(ours), ["20: guten tag"])
  })
})

describe("two originals around one of ours", () => {
  simulate("forget, without harm, whoever was behind the one of ours that goes", function*() {
    const root = yield* original(20)
    const ours = yield* visit(10, 20)
    const leaf = yield* original(21, 10)
    yield* visit(11, 10)
    yield* ours.leave
    assert.deepStrictEqual(root.harm, [])
    assert.deepStrictEqual(leaf.harm, [])
    // It tells nobody of what led through a neighbour of its own that went.
    assert.deepStrictEqual([root.known, leaf.known], [[11, 21], [11, 20]])
  })

  simulate("hear from ours that the one it joined is gone, which an original would keep for itself", function*() {
    const root = yield* original(20)
    yield* original(22, 20)
    const ours = yield* visit(10, 20)
    const leaf = yield* original(21, 10)
    assert.deepStrictEqual(leaf.known, [10, 20, 22])
    root.leave()
    yield* settle
    assert.deepStrictEqual([yield* reached(ours), leaf.known, leaf.harm], [[21], [10], []])
  })
})

describe("ours around an original", () => {
  simulate("who come behind ours later are known to it, and to those who join it after that", function*() {
    const root = yield* visit(10)
    const middle = yield* original(20, 10)
    const early = yield* visit(11, 20)
    const far = yield* visit(13, 10)
    const late = yield* visit(12, 20)
    assert.deepStrictEqual(middle.known, [10, 11, 12, 13])
    assert.deepStrictEqual([yield* reached(early), yield* reached(late)], [[10, 12, 20], [10, 11, 13, 20]])
    // Whoever was never told of a peer keeps what it has for it; an original in between would as well.
    assert.deepStrictEqual(yield* early.send(id(13), "lost"), { _tag: "Buffered" })
    assert.deepStrictEqual(yield* root.send(id(12), "found"), { _tag: "Delivered", nextHop: id(20) })
    yield* far.send(id(12), "found")
    yield* settle
    assert.deepStrictEqual(heardBy(late), ["10: found", "13: found"])
  })

  simulate("hear first what it kept for them, when they join it themselves", function*() {
    const root = yield* original(20)
    root.type(id(12), "Kept")
    const through = yield* visit(10, 20)
    yield* visit(12, 10)
    assert.deepStrictEqual(root.buffer, [[12, 1]])
    yield* through.leave
    root.type(id(13), "One")
    root.type(id(13), "Two")
    assert.deepStrictEqual(heardBy(yield* visit(13, 20)), ["20: one", "20: two"])
    assert.deepStrictEqual(root.buffer, [[12, 1], [13, 0]])
  })

  simulate("are let go when it has lost the way to somebody, and come back", function*() {
    const root = yield* original(20)
    const branch = yield* visit(10, 20)
    yield* visit(12, 10)
    const rejoin = Schedule.spaced("1 second")
    const sender = yield* visit(11, 20, { rejoin })
    yield* branch.leave
    assert.include(yield* reached(sender), 12)
    yield* sender.send(id(12), "into the void")
    yield* settle
    assert.deepStrictEqual(root.harm, [{ from: id(11), by: "KeyError 10" }])
    yield* elapse("1 second")
    yield* sender.send(id(20), "back")
    yield* settle
    assert.deepStrictEqual(root.heard, ["11: back"])
  })
})

describe("an id that comes up on both sides of a connection at the same moment", () => {
  simulate("is the original's own loss, but nothing that ours says of it later harms it", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const root = yield* original(20)
    const ours = yield* visit(10, 20)
    yield* network.setLink(ipOf(10), ipOf(20), { latency: "50 millis" })
    const [one, other] = [yield* joiner(30, 20), yield* joiner(30, 10)]
    assert.deepStrictEqual([one.words[0], other.words[0]], ["RESPONSE 20", "RESPONSE 10"])
    // Each end has heard of the other's 30, and what follows from that is under way.
    yield* elapse("70 millis")
    one.pipe.end()
    yield* elapse("1 second")
    other.pipe.end()
    yield* elapse("1 second")
    assert.deepStrictEqual([yield* reached(ours), root.known, root.harm], [[20], [10], []])
  })

  simulate("is told of no more than once: it does not take the original's joiner away again and again", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const root = yield* original(20)
    yield* visit(10, 20)
    yield* network.setLink(ipOf(10), ipOf(20), { latency: "50 millis" })
    yield* joiner(30, 20)
    const behind = yield* joiner(11, 10)
    behind.say(join(30, 11))
    yield* elapse("1 second")
    const before = yield* segmentsTo(20)
    behind.say(leave(30), join(30, 11, 2))
    yield* elapse("1 second")
    assert.deepStrictEqual([(yield* segmentsTo(20)) - before, root.harm], [0, []])
  })
})

describe("an original that ours joins", () => {
  simulate("takes ten connections in its life, and ours says what that means", function*() {
    const root = yield* original(20)
    for (let number = 30; number < 40; number++) yield* (yield* visit(number, 20)).leave
    assert.deepStrictEqual([root.accepted, root.known], [10, []])
    assert.strictEqual(yield* refusal(40, 20), "TurnedAway")
  })

  simulate("refuses a chosen id that is taken at the cost of one connection", function*() {
    const root = yield* original(20)
    yield* joiner(10, 20)
    assert.strictEqual(yield* refusal(11, 20, { id: id(10) }), "DuplicateId")
    assert.deepStrictEqual([root.accepted, root.harm], [2, []])
  })
})
