/** Any value of any type, sent from one peer to another and back, over a network that cuts it anywhere. */
import { assert, describe, it } from "@effect/vitest"
import { Payload, Pickle } from "@peerage/peerpy"
import { Property } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { dice } from "../exchange/Pair.ts"
import { both } from "./Network.ts"

type Dice = (bound: number) => number

const list = <A>(roll: Dice, longest: number, item: () => A): Array<A> =>
  Array.from({ length: roll(longest + 1) }, item)

const text = (roll: Dice): string => {
  const letters = ["a", "Z", "\"", "\\", "\n", "\u0000", "|", "&", "=", "é", "✓", "😀", "\u2028", "DATA|", "PING"]
  return list(roll, 12, () => letters[roll(letters.length)]).join("")
}

const bytes = (roll: Dice): Uint8Array => Uint8Array.from(list(roll, 300, () => roll(256)))

const number = (roll: Dice): number => {
  const numbers = [0.5, -1.25, 1e100, 5e-324, 1.7976931348623157e308, 0.1, Infinity, -Infinity, NaN, -0]
  return numbers[roll(numbers.length)] ?? 0
}

const bigint = (roll: Dice): bigint => {
  const large = 2n ** BigInt(53 + roll(200)) + BigInt(roll(1000))
  return roll(2) === 0 ? large : -large
}

const json = (roll: Dice, depth: number): Payload.Values["json"] => {
  switch (roll(depth > 0 ? 9 : 7)) {
    case 0:
      return null
    case 1:
      return roll(2) === 0
    case 2:
      return roll(2_000_000) - 1_000_000
    case 3:
      return number(roll)
    case 4:
      return bigint(roll)
    case 5:
    case 6:
      return text(roll)
    case 7:
      return list(roll, 5, () => json(roll, depth - 1))
    default:
      return Object.fromEntries(list(roll, 5, () => [`${text(roll)}k`, json(roll, depth - 1)]))
  }
}

/** What may be a key, and in a set. */
const key = (roll: Dice): Pickle.PickleValue => roll(2) === 0 ? `${text(roll)}k` : BigInt(roll(1000) + 2)

const raw = (roll: Dice, depth: number): Pickle.PickleValue => {
  switch (roll(depth > 0 ? 10 : 6)) {
    case 0:
      return null
    case 1:
      return roll(2) === 0
    case 2:
      return number(roll)
    case 3:
      return roll(2) === 0 ? bigint(roll) : BigInt(roll(1000))
    case 4:
      return text(roll)
    case 5:
      return bytes(roll)
    case 6:
      return new Pickle.Tuple(list(roll, 5, () => raw(roll, depth - 1)))
    case 7:
      return new Map(list(roll, 5, () => [key(roll), raw(roll, depth - 1)]))
    case 8:
      return new Set(list(roll, 5, () => key(roll)))
    default:
      return list(roll, 5, () => raw(roll, depth - 1))
  }
}

const samples = { json: (roll: Dice) => json(roll, 4), raw: (roll: Dice) => raw(roll, 4), bytes }
const seeds = Property.seeds(3)
const chaotic = (seed: number) => Effect.provide(MemoryNetwork.layer({ seed, segmentation: "chaotic" }))
const rounds = 60

describe.each(["json", "raw", "bytes"] as const)("any value of type %s", (type) => {
  it.effect.each(seeds)("arrives as it was sent, in order, and comes back (seed %i)", (seed) =>
    Effect.gen(function*() {
      const { far, near } = yield* both({ type })
      const roll = dice(seed)
      const values = Array.from({ length: rounds }, () => samples[type](roll))
      yield* Effect.forkChild(Effect.forEach(values, near.sendAny))
      const echoing = Effect.forEach(values, () => Effect.flatMap(far.receive, far.sendAny))
      const echo = yield* Effect.forkChild(echoing)
      for (const value of values) assert.deepStrictEqual(yield* near.receive, value)
      yield* Fiber.join(echo)
    }).pipe(chaotic(seed)))
})

describe("a stream of frames of any size", () => {
  it.effect.each(seeds)(
    "arrives as it was sent in both directions at once (seed %i)",
    (seed) =>
      Effect.gen(function*() {
        const { far, near } = yield* both({ type: "bytes", stream: true })
        const roll = dice(seed)
        const size = 1 + roll(seed % 2 === 0 ? 20 : 5000)
        const frames = (salt: number) =>
          Array.from({ length: rounds }, () => Uint8Array.from({ length: size }, () => roll(256) ^ salt))
        const [there, back] = [frames(0), frames(255)]
        yield* Effect.forkChild(Effect.forEach(there, near.send))
        yield* Effect.forkChild(Effect.forEach(back, far.send))
        for (const frame of back) assert.deepStrictEqual(yield* near.receive, frame)
        for (const frame of there) assert.deepStrictEqual(yield* far.receive, frame)
      }).pipe(chaotic(seed))
  )
})
