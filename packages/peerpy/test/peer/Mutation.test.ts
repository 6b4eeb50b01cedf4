/** Recorded bytes of the originals, changed at random, thrown at a peer: it ends that connection, and lives on. */
import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Exit, Fiber, Logger } from "effect"
import { cutBy, dice } from "../exchange/Pair.ts"
import { joined } from "../exchange/Raw.ts"
import { bytesOf, vectors } from "../fixtures/Vectors.ts"
import {
  addressOf,
  connect,
  count,
  elapse,
  ipOf,
  listener,
  settle,
  simulated,
  stranger,
  valuesOf,
  visit
} from "./Network.ts"

/** What one end of each recorded connection said, as far as it is recorded whole. */
const said = (end: "client" | "server"): ReadonlyArray<Uint8Array> =>
  vectors.flatMap(({ connections }) =>
    connections.flatMap(({ events }) => {
      const segments = events.flatMap((event) => "hex" in event && event.from === end ? [bytesOf(event.hex)] : [])
      return segments.length === 0 ? [] : [joined(segments)]
    })
  )

type Dice = (bound: number) => number

/** Changes bytes in one of several ways, which keep most of them as they are. */
const mutate = (roll: Dice, bytes: Uint8Array): Uint8Array => {
  const at = roll(Math.min(bytes.length, 400))
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)]
  const flipped = bytes.slice()
  flipped[at] = roll(256)
  switch (roll(6)) {
    case 0:
      return flipped
    case 1:
      return joined([head, tail.subarray(1 + roll(200))])
    case 2:
      return joined([head, Uint8Array.from({ length: 1 + roll(200) }, () => roll(256)), tail])
    case 3:
      return joined([head, head, tail])
    case 4:
      return head
    default:
      return joined([tail, head])
  }
}

/** Collects what is logged as an error: nothing may be. */
const watching = () => {
  const errors: Array<unknown> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (logLevel === "Error" || logLevel === "Fatal") errors.push(message)
  })
  return { errors, layer: Logger.layer([logger]) }
}

const seeds = Property.seeds(3)
const json = { type: "json" } as const

describe("recorded bytes that were changed", () => {
  it.effect.each(seeds)("leave a peer that takes connections as it was (seed %i)", (seed) => {
    const { errors, layer } = watching()
    return Effect.gen(function*() {
      const roll = dice(seed)
      const [alice, bob] = [yield* visit(1), yield* visit(2)]
      const connection = yield* connect(alice, 2, json)
      for (const bytes of said("client")) {
        const raw = yield* stranger(9, 2)
        raw.write(...cutBy(roll, mutate(roll, bytes), 600))
        if (roll(2) === 0) yield* settle
        if (roll(3) === 0) yield* elapse(roll(3000))
        raw.pipe[roll(2) === 0 ? "end" : "reset"]()
        yield* settle
        assert.isAtMost(yield* count(bob), 2)
      }
      yield* elapse("3 seconds")
      yield* connection.send("still here")
      yield* settle
      assert.deepStrictEqual([valuesOf(bob).at(-1), yield* count(bob), errors], ["still here", 1, []])
    }).pipe(Effect.provide(layer), simulated)
  })

  it.effect.each(seeds)("leave a peer that opens connections with a value or a reason (seed %i)", (seed) => {
    const { errors, layer } = watching()
    return Effect.gen(function*() {
      const roll = dice(seed)
      const alice = yield* visit(1)
      yield* visit(2)
      const listening = yield* listener(9)
      for (const bytes of said("server")) {
        const type = (["json", "bytes", "raw"] as const)[roll(3)] ?? "json"
        const using = Effect.scoped(Effect.flatMap(
          alice.connect(addressOf(9), { type, stream: roll(2) === 0 }),
          ({ receive }) => Effect.forever(receive)
        ))
        const connecting = yield* Effect.forkChild(using)
        const raw = yield* listening.next
        raw.write(...cutBy(roll, mutate(roll, bytes), 600))
        if (roll(2) === 0) yield* settle
        raw.pipe[roll(2) === 0 ? "end" : "reset"]()
        yield* elapse("3 seconds")
        const exit = yield* Fiber.await(connecting)
        assert.isTrue(Exit.isFailure(exit) && exit.cause.reasons.every(({ _tag }) => _tag === "Fail"))
        assert.strictEqual(yield* count(alice), 0)
      }
      yield* (yield* connect(alice, 2, json)).send(ipOf(1))
      assert.deepStrictEqual(errors, [])
    }).pipe(Effect.provide(layer), simulated)
  })
})
