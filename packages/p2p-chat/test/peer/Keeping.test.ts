/** Store-and-forward end to end: what cannot be delivered waits, in its order, for whoever it is for. */
import { assert, describe } from "@effect/vitest"
import { Duration } from "effect"
import { elapse, id, kinds, numbers, settle, simulate, toldOf, trio, visit } from "./Network.ts"
import { chat, join, joiner, leave, type Raw, start, stranger } from "./Raw.ts"

const chatsOf = ({ words }: Raw) => words.filter((word) => word.includes(" to "))

describe("a message for an id that nobody has", () => {
  simulate("is kept, and its sender is told so", function*() {
    const peer = yield* visit(10)
    assert.deepStrictEqual(yield* peer.send(id(20), "one"), { _tag: "Buffered" })
    assert.deepStrictEqual(yield* peer.send(id(-5), "two"), { _tag: "Buffered" })
    assert.deepStrictEqual(yield* peer.send(id(20), "one"), { _tag: "Buffered" })
    assert.deepStrictEqual(yield* peer.buffer, [{ id: id(20), messages: 2 }, { id: id(-5), messages: 1 }])
    yield* settle
    assert.deepInclude(peer.told, { _tag: "Sent", to: id(20), data: "one", result: { _tag: "Buffered" } })
  })

  simulate.each(kinds)(
    "is what $kind with that id hears first: behind the response, before it is told of others",
    function*({ extension }) {
      const peer = yield* visit(10)
      const witness = yield* joiner(11, 10)
      yield* peer.send(id(20), "one")
      witness.say(chat(11, 20, "two"))
      yield* settle
      yield* peer.send(id(20), "one")
      yield* peer.send(id(21), "for another")
      const newcomer = yield* joiner(20, 10, extension)
      const kept = ["10 to 20: one", "11 to 20: two", "10 to 20: one"]
      assert.deepStrictEqual(newcomer.words, ["RESPONSE 10", ...kept, "JOIN 11"])
      assert.deepStrictEqual(witness.words, ["RESPONSE 10", "JOIN 20"])
      assert.deepStrictEqual(yield* peer.buffer, [{ id: id(21), messages: 1 }])
    }
  )

  simulate("is not given to one who asks for that id and is refused", function*() {
    const peer = yield* visit(10, undefined, { config: { maxConnections: 1 } })
    yield* joiner(11, 10)
    yield* peer.send(id(20), "secret")
    const late = yield* stranger(20, 10)
    late.say(start(20))
    yield* settle
    assert.deepStrictEqual([late.end, late.words], ["Fin", []])
    assert.deepStrictEqual(yield* peer.buffer, [{ id: id(20), messages: 1 }])
  })

  simulate.each(kinds)("goes on its way when $kind announces that id", function*({ extension }) {
    const peer = yield* visit(10)
    for (const text of ["one", "two", "three"]) yield* peer.send(id(20), text)
    const neighbour = yield* joiner(11, 10, extension)
    neighbour.say(join(20, 11))
    yield* settle
    assert.deepStrictEqual(neighbour.words, ["RESPONSE 10", "10 to 20: one", "10 to 20: two", "10 to 20: three"])
    assert.deepStrictEqual(yield* peer.buffer, [])
  })

  simulate("does not go back to the one it came from, but to another who announces that id", function*() {
    const peer = yield* visit(10)
    const [from, other] = [yield* joiner(11, 10), yield* joiner(12, 10)]
    from.say(join(20, 11), chat(11, 20, "not back"), chat(20, 11, "not back"))
    yield* settle
    assert.deepStrictEqual(yield* peer.buffer, [{ id: id(20), messages: 1 }, { id: id(11), messages: 1 }])
    from.say(leave(20))
    other.say(join(20, 12))
    yield* settle
    assert.deepStrictEqual(from.words.filter((word) => word.includes("not back")), [])
    assert.strictEqual(other.words.at(-1), "11 to 20: not back")
  })

  simulate(
    "does not go back to the one it came from because that one has room again, but when it announces that id",
    function*() {
      const peer = yield* visit(10, undefined, { config: { maxOutbox: 4 } })
      const [from, other] = [yield* joiner(11, 10), yield* joiner(12, 10)]
      from.say(join(20, 11))
      yield* settle
      const texts = numbers(0, 11).map((number) => `text ${number}`)
      other.sayAtOnce(texts.slice(0, 10).map((text) => chat(12, 20, text)))
      from.sayAtOnce(numbers(0, 10).map((number) => chat(11, 20, `back ${number}`)))
      yield* elapse("1 second")
      other.say(chat(12, 20, "text 10"))
      yield* settle
      assert.strictEqual(chatsOf(from).length, 11)
      other.say(leave(20))
      yield* elapse("1 second")
      assert.deepStrictEqual(chatsOf(from), texts.map((text) => `12 to 20: ${text}`))
      assert.deepStrictEqual(yield* peer.buffer, [{ id: id(20), messages: 10 }])
      from.say(join(20, 11))
      yield* elapse("1 second")
      assert.deepStrictEqual(chatsOf(from).slice(11), numbers(0, 10).map((number) => `11 to 20: back ${number}`))
      assert.deepStrictEqual(yield* peer.buffer, [])
    }
  )

  simulate("finds whoever joins at the far end of the network", function*() {
    const [peer] = yield* trio()
    for (const text of ["one", "two"]) yield* peer.send(id(20), text)
    const newcomer = yield* joiner(20, 12)
    assert.deepStrictEqual(chatsOf(newcomer), ["10 to 20: one", "10 to 20: two"])
  })
})

describe("what is kept for too long", () => {
  simulate("is given up after an hour, each message at its own moment, and that is told", function*() {
    const peer = yield* visit(10)
    yield* peer.send(id(20), "one")
    yield* peer.send(id(21), "other")
    yield* elapse("10 minutes")
    yield* peer.send(id(20), "two")
    yield* elapse("50 minutes")
    assert.deepStrictEqual(toldOf(peer, "Discarded"), [
      { _tag: "Discarded", to: id(20), messages: 1, reason: "Expired" },
      { _tag: "Discarded", to: id(21), messages: 1, reason: "Expired" }
    ])
    assert.deepStrictEqual(yield* peer.buffer, [{ id: id(20), messages: 1 }])
    yield* elapse(10 * 60_000 - 1)
    assert.strictEqual((yield* peer.buffer).length, 1)
    yield* elapse(1)
    assert.deepStrictEqual(yield* peer.buffer, [])
    assert.deepStrictEqual((yield* joiner(20, 10)).words, ["RESPONSE 10"])
  })

  simulate("is given up no later because of what was taken out or came in between", function*() {
    const peer = yield* visit(10, undefined, { config: { maxStoredFor: Duration.seconds(10) } })
    yield* peer.send(id(20), "one")
    yield* elapse("4 seconds")
    yield* peer.send(id(21), "two")
    const first = yield* joiner(20, 10)
    assert.include(first.words, "10 to 20: one")
    yield* elapse("10 seconds")
    assert.deepStrictEqual(toldOf(peer, "Discarded"), [{
      _tag: "Discarded",
      to: id(21),
      messages: 1,
      reason: "Expired"
    }])
    yield* elapse("1 hour")
    yield* peer.send(id(22), "three")
    yield* elapse(9999)
    assert.deepStrictEqual(yield* peer.buffer, [{ id: id(22), messages: 1 }])
    yield* elapse(1)
    assert.deepStrictEqual(yield* peer.buffer, [])
  })
})
