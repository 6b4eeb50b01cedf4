/** Whatever happens to a network: once it had its time, everybody knows and reaches exactly those who can be reached. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { type Arbitrary, Effect, Layer, Random, Schema } from "effect"
import { TestClock } from "effect/testing"
import { elapse } from "./Network.ts"
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
export const live = ({ happenings, seed }: Story, { parentOf, receivers, size }: Growth) =>
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

export const stories = (minimum: number, maximum: number) => ({
  seed: Schema.Natural,
  happenings: Schema.Array(ReachWorld.Happening).check(Schema.isMinLength(minimum), Schema.isMaxLength(maximum))
})

/** Networks of as many peers, which began in different shapes. */
export const large = (size: number, options: { readonly arbitrary: Arbitrary.CheckOptions }) =>
  describe(`a network of ${size} peers`, () => {
    const shapes = [
      { shape: "a star", parentOf: () => 1 },
      { shape: "a chain", parentOf: (number: number) => number - 1 },
      { shape: "a tree", parentOf: (number: number) => number * 7919 % Math.max(1, number - 1) + 1 }
    ]
    for (const { parentOf, shape } of shapes) {
      it.effect.prop(
        `that began as ${shape} knows and reaches exactly those who are there`,
        stories(30, 60),
        (story) => live(story, { size, receivers: 2, parentOf }),
        options
      )
    }
  })
