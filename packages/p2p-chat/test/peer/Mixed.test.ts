/** Networks of ours and of originals: who is reached through whom, and what an original can bear. */
import { assert, describe } from "@effect/vitest"
import type { ChatEvent } from "@peerage/p2p-chat"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Schedule, Stream } from "effect"
import { elapse, heardBy, id, ipOf, peer, reached, refusal, segmentsTo, settle, simulate, visit } from "./Network.ts"
import { original } from "./Original.ts"
import { join, joiner, leave } from "./Raw.ts"

/** The text that one of ours hears from the very moment on at which it has joined. */
const earlyBird = Effect.fnUntraced(function*(number: number, join: number) {
  const told: Array<ChatEvent.ChatEvent> = []
  const listening = Effect.flatMap(
    peer(number, join),
    ({ events }) => Stream.runForEach(events, (event) => Effect.sync(() => void told.push(event)))
  )
  yield* Effect.forkScoped(listening)
  yield* settle
  return heardBy({ told })
})

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

  simulate("let it reach whoever is there, came or comes, however far behind ours", function*() {
    yield* visit(10)
    yield* visit(11, 10)
    const leaf = yield* original(20, 10)
    const late = yield* visit(12, 11)
    assert.deepStrictEqual(leaf.known, [10, 11, 12])
    leaf.type(id(12), "hello")
    yield* late.send(id(20), "hello")
    yield* settle
    assert.deepStrictEqual([heardBy(late), leaf.heard], [["20: hello"], ["12: hello"]])
    yield* late.leave
    assert.deepStrictEqual([leaf.known, leaf.harm], [[10, 11], []])
  })
})

describe("two originals around one of ours", () => {
  simulate("reach each other, also those who come later, which they never tell anybody themselves", function*() {
    const root = yield* original(20)
    yield* visit(10, 20)
    const leaf = yield* original(21, 10)
    const behind = yield* original(22, 21)
    assert.deepStrictEqual([root.known, leaf.known, behind.known], [[10, 21, 22], [10, 20, 22], [10, 20, 21]])
    root.type(id(22), "down")
    behind.type(id(20), "up")
    yield* settle
    assert.deepStrictEqual([root.heard, behind.heard], [["22: up"], ["20: down"]])
  })

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
  simulate("know what it told them, and those are reached: it was told of them itself", function*() {
    const root = yield* visit(10)
    const middle = yield* original(20, 10)
    const one = yield* visit(11, 20)
    const other = yield* visit(12, 20)
    assert.deepStrictEqual(yield* reached(one), [10, 12, 20])
    assert.deepStrictEqual(yield* reached(other), [10, 11, 20])
    assert.deepStrictEqual(yield* reached(root), [11, 12, 20])
    yield* one.send(id(12), "across")
    yield* root.send(id(12), "down")
    yield* other.send(id(10), "up")
    yield* settle
    assert.deepStrictEqual([heardBy(other), heardBy(root)], [["11: across", "10: down"], ["12: up"]])
    assert.deepStrictEqual(middle.harm, [])
  })

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
    assert.deepStrictEqual(yield* earlyBird(13, 20), ["20: one", "20: two"])
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
