/** A neighbour that announces what is not so: it harms what it says of itself, and takes nothing from anybody. */
import { assert, describe } from "@effect/vitest"
import type { PeerMessage } from "../../src/codec/Message.ts"
import { assertPeace, hostile, village } from "./HostileVillage.ts"
import { elapse, heardBy, id, kinds, reached, settle, simulate, visit } from "./Network.ts"
import { chat, join, joiner, leave, type Raw, start, stranger } from "./Raw.ts"

const ids = [10, 11, 12, 13, hostile, 0, -1, 500]
const every = (message: (id: number) => PeerMessage) => ids.map(message)

interface Lie {
  readonly name: string
  readonly messages: ReadonlyArray<PeerMessage>
}

const lies: ReadonlyArray<Lie> = [
  { name: "a JOIN for the peer itself", messages: [join(10, hostile)] },
  { name: "a JOIN for its neighbour", messages: [join(11, hostile)] },
  { name: "a JOIN for a peer two hops away", messages: [join(12, hostile)] },
  { name: "a JOIN for a peer three hops away, which it says it serves itself", messages: [join(13, hostile, 1)] },
  { name: "a JOIN that names another as the next hop", messages: [join(500, 12), join(12, 13)] },
  { name: "a JOIN from beyond any network", messages: [join(500, hostile, 2 ** 32 - 1), join(501, hostile, 256)] },
  { name: "a LEAVE for the peer itself", messages: [leave(10)] },
  { name: "a LEAVE for its neighbour", messages: [leave(11)] },
  { name: "a LEAVE for a peer three hops away", messages: [leave(13)] },
  { name: "a LEAVE for nobody, twice", messages: [leave(500), leave(500)] },
  { name: "a LEAVE for itself", messages: [leave(hostile)] },
  { name: "a JOIN and a LEAVE for everybody", messages: [...every((id) => join(id, hostile)), ...every(leave)] },
  { name: "a LEAVE and a JOIN for everybody", messages: [...every(leave), ...every((id) => join(id, hostile, 1))] }
]

describe("a peer that hears", () => {
  simulate.each(lies.flatMap((lie) => kinds.map((kind) => ({ ...lie, ...kind }))))(
    "$name from $kind knows better, as do all others",
    function*({ extension, messages }) {
      const honest = yield* village()
      const raw = yield* joiner(hostile, 10, extension)
      raw.say(...messages)
      yield* settle
      yield* assertPeace(honest)
      assert.strictEqual(raw.end, "Open")
      const words = raw.segments.length
      raw.pipe.end()
      yield* settle
      yield* assertPeace(honest)
      assert.strictEqual(raw.segments.length, words)
      assert.deepStrictEqual(yield* reached(honest.fourth), [10, 11, 12])
    }
  )

  simulate("a JOIN for an id that comes later still takes the newcomer in where nobody else has that id", function*() {
    const honest = yield* village()
    const raw = yield* joiner(hostile, 10)
    raw.say(join(500, hostile), leave(500))
    yield* settle
    const late = yield* visit(500, 13)
    yield* honest.first.send(id(500), "welcome")
    yield* settle
    assert.deepStrictEqual(heardBy(late), ["10: welcome"])
  })

  simulate("LEAVEs for everybody goes on telling their author of each of them again, and of nobody twice", function*() {
    const honest = yield* village()
    const raw = yield* joiner(hostile, 10)
    assert.deepStrictEqual(raw.words, ["RESPONSE 10", "JOIN 11", "JOIN 12", "JOIN 13"])
    raw.say(leave(12))
    yield* settle
    assert.deepStrictEqual(raw.words.slice(4), ["JOIN 12"])
    yield* assertPeace(honest)
  })
})

/** Texts that a raw neighbour was sent. */
const textsTo = (raw: Raw) => raw.words.filter((word) => word.includes(": "))

describe("an id that was connected here", () => {
  simulate.each(kinds)(
    "is not taken over by $kind that claimed it, when it drops for a moment",
    function*({ extension }) {
      const first = yield* visit(10)
      const liar = yield* joiner(20, 10, extension)
      const fifty = yield* joiner(50, 10, 1)
      liar.say(join(50, 20))
      yield* settle
      fifty.pipe.reset()
      yield* settle
      assert.strictEqual((yield* first.send(id(50), "are you there?"))._tag, "Buffered")
      const again = yield* joiner(50, 10, 1)
      yield* settle
      assert.deepStrictEqual([again.words[0], textsTo(liar)], ["RESPONSE 10", []])
      assert.deepStrictEqual(textsTo(again), ["10 to 50: are you there?"])
    }
  )

  simulate.each(kinds)("takes its place back from $kind that claims it meanwhile", function*({ extension }) {
    const first = yield* visit(10)
    const liar = yield* joiner(20, 10, extension)
    const fifty = yield* joiner(50, 10, 1)
    fifty.pipe.reset()
    yield* settle
    liar.say(join(50, 20))
    yield* settle
    assert.deepStrictEqual(yield* reached(first), [20, 50])
    assert.strictEqual((yield* first.send(id(50), "are you there?"))._tag, "Buffered")
    liar.say(chat(20, 50, "from the liar itself"))
    yield* elapse("119 seconds")
    const again = yield* joiner(50, 10, 1)
    yield* first.send(id(50), "welcome back")
    yield* settle
    assert.deepStrictEqual([again.words[0], textsTo(again), textsTo(liar)], [
      "RESPONSE 10",
      ["10 to 50: are you there?", "20 to 50: from the liar itself", "10 to 50: welcome back"],
      []
    ])
    // Nor when it claims it once more.
    liar.say(join(50, 20, 1))
    yield* settle
    yield* first.send(id(50), "still you")
    yield* settle
    assert.deepStrictEqual([textsTo(again).length, textsTo(liar)], [4, []])
  })

  simulate("keeps its place and its text, however many ids another address takes and drops meanwhile", function*() {
    const first = yield* visit(10)
    const liar = yield* joiner(20, 10, 1)
    const fifty = yield* joiner(50, 10, 1)
    fifty.pipe.reset()
    yield* settle
    for (let other = 1_000; other < 1_300; other++) {
      const raw = yield* stranger(20, 10)
      raw.say(start(other, 1))
      yield* settle
      raw.pipe.reset()
      yield* settle
    }
    liar.say(join(50, 20))
    yield* settle
    assert.strictEqual((yield* first.send(id(50), "are you there?"))._tag, "Buffered")
    const again = yield* joiner(50, 10, 1)
    yield* settle
    assert.deepStrictEqual([again.words[0], textsTo(again), textsTo(liar)], [
      "RESPONSE 10",
      ["10 to 50: are you there?"],
      []
    ])
  })

  simulate("gets its text where it is, when it has come back elsewhere after its connection broke", function*() {
    const first = yield* visit(10)
    const other = yield* visit(20, 10)
    const fifty = yield* joiner(50, 10, 1)
    fifty.pipe.reset()
    yield* settle
    const moved = yield* visit(50, 20)
    yield* settle
    assert.strictEqual((yield* first.send(id(50), "are you there?"))._tag, "Buffered")
    yield* other.send(id(50), "here you are")
    yield* elapse("119 seconds")
    assert.deepStrictEqual(heardBy(moved), ["20: here you are"])
    yield* elapse("1 second")
    assert.deepStrictEqual(heardBy(moved), ["20: here you are", "10: are you there?"])
    assert.strictEqual((yield* first.send(id(50), "and now?"))._tag, "Delivered")
  })

  simulate("gets its text at once elsewhere, when it has ended its connection here", function*() {
    const first = yield* visit(10)
    yield* visit(20, 10)
    const fifty = yield* visit(50, 10)
    yield* fifty.leave
    const moved = yield* visit(50, 20)
    yield* first.send(id(50), "welcome")
    yield* settle
    assert.deepStrictEqual(heardBy(moved), ["10: welcome"])
  })

  simulate("is refused to anybody who comes with it from another address", function*() {
    yield* visit(10)
    const liar = yield* joiner(20, 10, 1)
    const fifty = yield* joiner(50, 10, 1)
    fifty.pipe.reset()
    yield* settle
    liar.say(join(50, 20))
    yield* settle
    const other = yield* stranger(51, 10)
    other.say(start(50, 1))
    yield* settle
    assert.deepStrictEqual(other.words, ["ERROR"])
  })
})
