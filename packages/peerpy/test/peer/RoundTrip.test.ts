/** Any value of any type, sent from one peer to another and back, over a network that cuts it anywhere. */
import { assert, describe, it } from "@effect/vitest"
import { type Payload, Pickle } from "@peerage/peerpy"
import { Property } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { dice } from "../exchange/Pair.ts"
import { values as pickled } from "../fixtures/Pickles.ts"
import { both } from "./Network.ts"

type Dice = (bound: number) => number

const texts = ["", "\"\\\n\u0000|&=", "é✓😀\u2028", "DATA|data_size=1", "PING".padEnd(128, "|"), "x".repeat(300)]
const numbers = [
  0,
  -1,
  1_000_000,
  0.5,
  -1.25,
  1e100,
  5e-324,
  0.1,
  Infinity,
  -Infinity,
  NaN,
  -0,
  2n ** 70n,
  -(2n ** 253n)
]
const atoms: ReadonlyArray<Payload.Values["json"]> = [null, true, false, ...texts, ...numbers]
const raws = [...pickled.values()]

const list = <A>(roll: Dice, longest: number, item: () => A): Array<A> =>
  Array.from({ length: roll(longest + 1) }, item)

const pick = <A>(roll: Dice, from: ReadonlyArray<A>): A | null => from[roll(from.length)] ?? null

const json = (roll: Dice, depth: number): Payload.Values["json"] => {
  if (depth === 0 || roll(3) === 0) return pick(roll, atoms)
  const items = list(roll, 5, () => json(roll, depth - 1))
  return roll(2) === 0 ? items : Object.fromEntries(items.map((item) => [`${pick(roll, texts)}k`, item]))
}

/** What may be a key of a dict, and in a set. */
const keys: ReadonlyArray<Pickle.PickleValue> = [...atoms.filter((atom) => typeof atom === "string"), 2n, 3n ** 90n]

const raw = (roll: Dice, depth: number): Pickle.PickleValue => {
  if (depth === 0 || roll(3) === 0) return pick(roll, raws)
  const items = list(roll, 5, () => raw(roll, depth - 1))
  const kinds: ReadonlyArray<() => Pickle.PickleValue> = [
    () => items,
    () => new Pickle.Tuple(items),
    () => new Map(items.map((item) => [pick(roll, keys), item])),
    () => new Set(items.map(() => pick(roll, keys))),
    () => new Pickle.FrozenSet(new Set([...items.map(() => pick(roll, keys)), new Pickle.FrozenSet(new Set())]))
  ]
  return pick(roll, kinds)?.() ?? null
}

const samples = {
  json: (roll: Dice) => json(roll, 4),
  // Often more than the 256 parts that a reference in one byte can name.
  raw: (roll: Dice) => list(roll, 60, () => raw(roll, 4)),
  bytes: (roll: Dice) => Uint8Array.from(list(roll, 300, () => roll(256)))
}
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
