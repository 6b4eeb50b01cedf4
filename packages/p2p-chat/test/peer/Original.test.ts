/** The simulated original does what was observed of real ones: the table of section 4.1, and how they lose connections. */
import { assert, describe } from "@effect/vitest"
import { id, settle, simulate } from "./Network.ts"
import { original } from "./Original.ts"
import { chat, frame, join, joiner, leave, start, stranger } from "./Raw.ts"

describe("originals", () => {
  simulate("in a chain know what was there when they joined, and who joined their neighbours later", function*() {
    const a = yield* original(10)
    const d = yield* original(13, 10)
    const b = yield* original(11, 10)
    const c = yield* original(12, 11)
    const e = yield* original(14, 10)
    assert.deepStrictEqual(
      [a, b, c, d, e].map(({ known }) => known),
      [[11, 12, 13, 14], [10, 12, 13, 14], [10, 11, 13], [10, 11, 14], [10, 11, 12, 13]]
    )
    e.type(id(12), "E to C")
    c.type(id(14), "C to E")
    yield* settle
    assert.deepStrictEqual([c.heard, e.heard, c.buffer], [["14: e to c"], [], [[14, 1]]])
  })

  simulate("drop the one whose message leads through somebody who is gone", function*() {
    const a = yield* original(10)
    const b = yield* original(11, 10)
    yield* original(12, 11)
    const f = yield* original(15, 10)
    b.leave()
    yield* settle
    assert.deepStrictEqual([a.known, f.known], [[12, 15], [10, 12]])
    f.type(id(12), "there?")
    yield* settle
    assert.deepStrictEqual(a.harm, [{ from: id(15), by: "KeyError 11" }])
    assert.deepStrictEqual([a.known, f.known], [[12], [12]])
  })
})

describe("an original", () => {
  simulate("gives a newcomer what it kept, then whom it knows, and goes on with one whom it refused", function*() {
    const a = yield* original(10)
    a.type(id(12), "Kept")
    const other = yield* joiner(11, 10)
    const newcomer = yield* joiner(12, 10)
    assert.deepStrictEqual(newcomer.words, ["RESPONSE 10", "10 to 12: kept", "JOIN 11"])
    const refused = yield* joiner(12, 10)
    refused.say(start(13), chat(666, 10, "forged"))
    yield* settle
    assert.deepStrictEqual([refused.words, refused.end, a.heard], [["ERROR"], "Open", ["666: forged"]])
    assert.deepStrictEqual(other.words, ["RESPONSE 10", "JOIN 12"])
  })

  simulate.each([
    { name: "loses the stream with a header in two parts", parts: [2], harm: ["a cut header"], heard: [] },
    { name: "loses the stream with a body in two parts", parts: [7], harm: ["a cut body"], heard: [] },
    {
      name: "reads header and body apart, and frames of one segment by count",
      parts: [4],
      harm: [],
      heard: ["11: one", "11: two"]
    }
  ])("$name", function*({ harm, heard, parts }) {
    const a = yield* original(10)
    const raw = yield* stranger(11, 10)
    const bytes = frame(start(11))
    for (const [index, at] of [...parts, bytes.length].entries()) raw.write(bytes.subarray(parts[index - 1] ?? 0, at))
    if (heard.length > 0) raw.sayAtOnce([chat(11, 10, "one"), chat(11, 10, "two")])
    yield* settle
    assert.deepStrictEqual([a.harm.slice(0, 1).map(({ by }) => by), a.heard], [harm, heard])
    assert.deepStrictEqual(raw.words, harm.length === 0 ? ["RESPONSE 10"] : [])
  })

  simulate("writes header and body apart", function*() {
    yield* original(10)
    const raw = yield* joiner(11, 10)
    assert.deepStrictEqual(raw.segments.map(({ length }) => length), [4, raw.bytes.length - 4])
  })

  simulate("loses a neighbour to whoever announces it, and a connection to a LEAVE for nobody", function*() {
    const a = yield* original(10)
    const [victim, liar] = [yield* joiner(11, 10), yield* joiner(66, 10)]
    liar.say(join(11, 66))
    yield* settle
    a.type(id(11), "for whom?")
    yield* settle
    assert.deepStrictEqual([liar.words.at(-1), victim.words], ["10 to 11: for whom?", ["RESPONSE 10", "JOIN 66"]])
    liar.say(leave(500))
    yield* settle
    assert.deepStrictEqual([a.harm, liar.end], [[{ from: id(66), by: "LEAVE 500" }], "Fin"])
  })

  simulate("takes ten connections in its life, refused ones among them", function*() {
    yield* original(10)
    for (let time = 0; time < 10; time++) (yield* joiner(10, 10)).pipe.end()
    assert.strictEqual((yield* stranger(11, 10)).end, "Fin")
  })
})
