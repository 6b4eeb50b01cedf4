/** Whatever happens to a network: once it had its time, everybody knows and reaches exactly those who can be reached. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { type Duration, Effect, Layer, Random, Schema } from "effect"
import { TestClock } from "effect/testing"
import { elapse, id, ipOf, reached, visit } from "./Network.ts"
import * as ReachWorld from "./ReachWorld.ts"

// Longer than keep-alive, what the system waits for unacknowledged bytes, and the longest pause before a rejoin.
const time = "4 minutes"

const network = (seed: number) =>
  MemoryNetwork.layer({
    seed,
    userTimeout: "20 seconds",
    link: { latency: "5 millis", jitter: "5 millis" },
    traceEntries: 1
  })

/** How a network grows, and how many others each member writes to in the end. */
interface Growth {
  readonly size: number
  readonly parentOf: (number: number) => number
  readonly receivers: number
}

interface Story {
  readonly seed: number
  readonly happenings: ReadonlyArray<ReachWorld.Happening>
}

/** Lets a network grow, lets it all happen, and lets everybody who was lost come back; it has to be right each time. */
const live = ({ happenings, seed }: Story, { parentOf, receivers, size }: Growth) =>
  Effect.gen(function*() {
    const world = yield* ReachWorld.make(size)
    const right = Effect.gen(function*() {
      assert.deepStrictEqual(yield* world.wrong, [])
      assert.deepStrictEqual(yield* world.mishaps(receivers), [])
    })
    yield* world.restore(parentOf)
    if (size > 20) yield* elapse(time)
    if (size > 20) assert.strictEqual(world.expected(1).length, size - 1)
    for (const happening of happenings) yield* world.happen(happening)
    yield* elapse(time)
    yield* right
    yield* world.restore(parentOf)
    yield* elapse(time)
    yield* right
  }).pipe(
    Effect.scoped,
    Random.withSeed(seed),
    Effect.provide(Layer.provideMerge(network(seed), TestClock.layer()))
  )

const stories = (minimum: number, maximum: number) => ({
  seed: Schema.Natural,
  happenings: Schema.Array(ReachWorld.Happening).check(Schema.isMinLength(minimum), Schema.isMaxLength(maximum))
})

describe("a small network", () => {
  const size = Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 9 }))

  it.effect.prop(
    "knows and reaches exactly those who are there, whoever came, left, died or was cut off",
    { size, ...stories(10, 40) },
    ({ size, ...story }) => live(story, { size, receivers: size, parentOf: (number) => Math.ceil(number / 2) }),
    { timeout: 120_000, arbitrary: { runs: 120, seed: "small networks", maxShrinks: 100 } }
  )
})

describe("a network of 200 peers", () => {
  const shapes = [
    { shape: "a star", parentOf: () => 1 },
    { shape: "a chain", parentOf: (number: number) => number - 1 },
    { shape: "a tree", parentOf: (number: number) => number * 7919 % Math.max(1, number - 1) + 1 }
  ]
  for (const { parentOf, shape } of shapes) {
    it.effect.prop(
      `that began as ${shape} knows and reaches exactly those who are there`,
      stories(30, 60),
      (story) => live(story, { size: 200, receivers: 2, parentOf }),
      { timeout: 120_000, arbitrary: { runs: 1, size: 30, seed: shape, maxShrinks: 0 } }
    )
  }
})

describe("a neighbour that dies while text for it is under way", () => {
  const cases: ReadonlyArray<
    { readonly patience: string; readonly userTimeout?: Duration.Input; readonly millis: number }
  > = [
    { patience: "the 924.6 seconds of Linux", millis: 924_600 },
    { patience: "20 seconds, where it is told to wait no longer", userTimeout: "20 seconds", millis: 20_000 }
  ]

  it.effect.each(cases)("is found out after $patience", ({ millis, userTimeout }) =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const a = yield* visit(10)
      const b = yield* visit(11, 10)
      yield* visit(12, 10)
      yield* network.kill(ipOf(12))
      yield* b.send(id(12), "into the void")
      yield* elapse(millis - 1)
      assert.deepStrictEqual([yield* reached(a), yield* reached(b)], [[11, 12], [10, 12]])
      yield* elapse(1)
      assert.deepStrictEqual([yield* reached(a), yield* reached(b)], [[11], [10]])
      assert.deepInclude(a.told, { _tag: "Left", peer: id(12), reason: "ETIMEDOUT" } as const)
      assert.deepInclude(b.told, { _tag: "Left", peer: id(12), reason: "Withdrawn" } as const)
    }).pipe(Effect.provide(MemoryNetwork.layer({ userTimeout }))))
})
