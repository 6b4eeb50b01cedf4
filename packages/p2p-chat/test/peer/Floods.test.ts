/** A peer whose places are taken by idle joiners of one address, and whose door is full of strangers: others get in. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { addressOf, ipOf, numbers, reached, refusal, settle, simulate, toldOf, visit } from "./Network.ts"
import { Raw, start } from "./Raw.ts"

/** Joins from a machine under an id of its own, and is idle from then on. */
const idle = Effect.fnUntraced(function*(machine: number, number: number) {
  const raw = yield* Raw.dial(ipOf(machine), addressOf(10))
  raw.say(start(number))
  yield* settle
  return raw
})

describe("a peer with ten idle joiners of one address", () => {
  simulate("lets others in: of those joiners, the longest idle makes way", function*() {
    const full = yield* visit(10)
    const taken = yield* Effect.forEach(numbers(100, 10), (number) => idle(66, number))
    assert.deepStrictEqual(yield* reached(full), numbers(100, 10))
    yield* Effect.forEach(numbers(20, 5), (number) => visit(number, 10))
    assert.deepStrictEqual(yield* reached(full), [...numbers(20, 5), ...numbers(105, 5)])
    assert.deepStrictEqual(taken.map(({ end }) => end), taken.map((_, index) => index < 5 ? "Fin" : "Open"))
    assert.deepStrictEqual(toldOf(full, "Left").map(({ reason }) => reason), numbers(0, 5).map(() => "TooMany"))
    // They come again, and find no place: theirs is the address with the most.
    assert.strictEqual((yield* idle(66, 200)).end, "Fin")
    assert.deepStrictEqual(yield* reached(full), [...numbers(20, 5), ...numbers(105, 5)])
  })

  simulate("drops none of them for one that cannot have its id", function*() {
    const full = yield* visit(10)
    yield* Effect.forEach(numbers(100, 10), (number) => idle(66, number))
    assert.deepStrictEqual((yield* idle(67, 100)).words, ["ERROR"])
    assert.deepStrictEqual(yield* reached(full), numbers(100, 10))
  })

  simulate("leaves every address its last place", function*() {
    yield* visit(10)
    yield* Effect.forEach(numbers(100, 10), (number) => idle(number, number))
    assert.strictEqual(yield* refusal(20, 10), "TurnedAway")
  })
})

describe("a peer with silent strangers at its door", () => {
  simulate("lets others in, though 64 addresses come again and again", function*() {
    const host = yield* visit(10)
    const strangers = Effect.forEach(numbers(0, 64), (number) => Raw.dial(`10.9.${number}.1`, addressOf(10)))
    for (const number of numbers(20, 5)) {
      yield* strangers
      yield* visit(number, 10)
    }
    assert.deepStrictEqual(yield* reached(host), numbers(20, 5))
  })
})
