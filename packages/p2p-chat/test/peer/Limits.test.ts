/** How many may come in, how many may stand at the door, and how much one frame may hold. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { elapse, heardBy, id, numbers, reached, refusal, rejectedBy, settle, simulate, visit } from "./Network.ts"
import { chat, frame, joiner, start, stranger } from "./Raw.ts"

describe("a peer with ten joiners", () => {
  simulate("sends the eleventh away at once and says so, until one of the ten leaves", function*() {
    const full = yield* visit(10)
    const joiners = yield* Effect.forEach(numbers(20, 10), (number) => joiner(number, 10, 1))
    const eleventh = yield* stranger(30, 10)
    assert.deepStrictEqual([eleventh.end, eleventh.hex], ["Fin", ""])
    assert.deepStrictEqual(rejectedBy(full), ["10.0.0.30: TooMany"])
    assert.strictEqual(yield* refusal(31, 10), "TurnedAway")
    joiners[4]?.pipe.end()
    yield* settle
    const late = yield* visit(32, 10)
    assert.deepStrictEqual(yield* reached(late), [10, ...numbers(20, 10).filter((number) => number !== 24)])
    assert.deepStrictEqual(joiners.map(({ end }) => end).filter((end) => end === "Open").length, 9)
  })

  simulate("counts only those that are here: a hundred may come, one after another", function*() {
    const busy = yield* visit(10)
    for (const number of numbers(20, 100)) {
      const raw = yield* joiner(number, 10)
      assert.deepStrictEqual(raw.words, ["RESPONSE 10"])
      raw.pipe.end()
      yield* settle
    }
    assert.deepStrictEqual([yield* reached(busy), rejectedBy(busy)], [[], []])
  })

  simulate("takes no more of those who ask at the same moment than there are places", function*() {
    const popular = yield* visit(10, undefined, { config: { maxConnections: 3 } })
    const raws = yield* Effect.forEach(numbers(20, 8), (number) => stranger(number, 10))
    raws.forEach((raw, index) => raw.say(start(20 + index)))
    yield* settle
    assert.deepStrictEqual(
      raws.map(({ end, words }) => [end, words[0]]),
      raws.map((_, index) => index < 3 ? ["Open", "RESPONSE 10"] : ["Fin", undefined])
    )
    assert.deepStrictEqual(rejectedBy(popular), numbers(23, 5).map((number) => `10.0.0.${number}: TooMany`))
  })

  simulate("does not count the one that it has joined itself", function*() {
    yield* visit(10)
    const full = yield* visit(11, 10, { config: { maxConnections: 1 } })
    yield* visit(12, 11)
    assert.deepStrictEqual(yield* reached(full), [10, 12])
    assert.strictEqual(yield* refusal(13, 11), "TurnedAway")
  })
})

describe("a peer with silent strangers at its door", () => {
  simulate("lets 16 of one address stand there, and others pass", function*() {
    const host = yield* visit(10)
    const silent = yield* Effect.forEach(numbers(0, 20), () => stranger(66, 10))
    assert.deepStrictEqual(silent.map(({ end }) => end), silent.map((_, index) => index < 16 ? "Open" : "Fin"))
    assert.deepStrictEqual(rejectedBy(host), numbers(0, 4).map(() => "10.0.0.66: TooMany"))
    yield* visit(11, 10)
    assert.deepStrictEqual(yield* reached(host), [11])
  })

  simulate("lets 64 stand there in all, of which the first makes way for another, for 4 seconds", function*() {
    const host = yield* visit(10)
    const silent = yield* Effect.forEach(numbers(1, 64), (number) => stranger(number * 256, 10))
    const another = yield* stranger(400, 10)
    assert.deepStrictEqual([silent[0]?.end, another.end, rejectedBy(host)], ["Fin", "Open", ["10.0.1.0: TooMany"]])
    assert.deepStrictEqual(silent.filter(({ end }) => end === "Open").length, 63)
    yield* elapse("4 seconds")
    assert.deepStrictEqual(new Set([...silent, another].map(({ end }) => end)), new Set(["Fin"]))
    yield* visit(11, 10)
    assert.deepStrictEqual(yield* reached(host), [11])
  })

  simulate("gives the place of one that has shaken hands to the next", function*() {
    yield* visit(10, undefined, { config: { maxHandshakesPerAddress: 1 } })
    const first = yield* stranger(66, 10)
    assert.strictEqual((yield* stranger(66, 10)).end, "Fin")
    first.say(start(66))
    yield* settle
    const second = yield* stranger(66, 10)
    second.say(start(67))
    yield* settle
    assert.deepStrictEqual([first.end, second.words[0]], ["Open", "RESPONSE 10"])
  })
})

describe("a frame", () => {
  const headerBytes = 4
  const limit = 65_536
  // The lengths of the text and of the message around it take two bytes more each than with a single character.
  const around = frame(chat(11, 13, "x")).length - headerBytes - 1 + 2 * 2
  const longest = "x".repeat(limit - around)

  simulate("of 65,536 bytes is sent, passed on and heard", function*() {
    yield* visit(10)
    const from = yield* visit(11, 10)
    yield* visit(12, 10)
    const to = yield* visit(13, 12)
    assert.strictEqual(frame(chat(11, 13, longest)).length, limit + headerBytes)
    assert.deepStrictEqual(yield* from.send(id(13), longest), { _tag: "Delivered", nextHop: id(10) })
    yield* settle
    assert.deepStrictEqual(heardBy(to), [`11: ${longest}`])
  })

  simulate("of a byte more is not sent, and its sender is told by how much", function*() {
    const from = yield* visit(10)
    yield* visit(11, 10)
    const { reason } = yield* Effect.flip(from.send(id(11), `${longest}x`))
    assert.deepInclude({ ...reason }, { _tag: "MessageTooLarge", bytes: limit + 1, limit })
    assert.deepStrictEqual(yield* from.buffer, [])
  })
})
