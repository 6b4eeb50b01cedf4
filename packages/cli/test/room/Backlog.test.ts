/** What a room has written while its reader is behind. */
import { assert } from "@effect/vitest"
import { Effect, Fiber, Latch } from "effect"
import * as Backlog from "../../src/room/Backlog.ts"
import { effect } from "../Test.ts"

const turns = Effect.repeat(Effect.yieldNow, { times: 20 })

/** A backlog of 10 characters, what was written, and a reader who is behind when told so. */
const scene = Effect.gen(function*() {
  const written: Array<string> = []
  const reading = yield* Latch.make(true)
  let behind = false
  const backlog = yield* Backlog.make({
    budget: 10,
    reader: { isBehind: () => behind, caughtUp: Latch.await(reading) },
    write: (lines) => Effect.sync(() => void written.push(...lines)),
    missing: (count) => Effect.succeed([`${count} missing`])
  })
  return {
    answer: backlog.answer,
    happened: (events: ReadonlyArray<string>) => backlog.happened(events, (event) => [event]),
    written,
    fallBehind: Effect.andThen(Effect.sync(() => void (behind = true)), Latch.close(reading)),
    catchUp: Effect.sync(() => void (behind = false)).pipe(Effect.andThen(Latch.open(reading)), Effect.andThen(turns))
  }
})

effect("writes at once while the reader reads", function*() {
  const { answer, happened, written } = yield* scene
  yield* happened(["one", "two"])
  yield* answer(["three"])
  assert.deepStrictEqual(written, ["one", "two", "three"])
})

effect("holds what happens while the reader is behind, and writes it in its order", function*() {
  const { catchUp, fallBehind, happened, written } = yield* scene
  yield* fallBehind
  yield* happened(["one"])
  yield* happened(["two"])
  yield* turns
  assert.deepStrictEqual(written, [])
  yield* catchUp
  yield* happened(["three"])
  assert.deepStrictEqual(written, ["one", "two", "three"])
})

effect("leaves out what is over the budget, and says how much where it is missing", function*() {
  const { catchUp, fallBehind, happened, written } = yield* scene
  yield* fallBehind
  yield* happened(["12345", "1234", "12", "1"])
  yield* happened(["1234567890"])
  yield* catchUp
  yield* happened(["next"])
  assert.deepStrictEqual(written, ["12345", "1234", "3 missing", "next"])
  yield* fallBehind
  yield* happened(["longer than the budget", "1"])
  yield* catchUp
  assert.deepStrictEqual(written.slice(4), ["longer than the budget", "1 missing"])
})

effect("lets an answer wait for the reader, behind all that happened before it", function*() {
  const { answer, catchUp, fallBehind, happened, written } = yield* scene
  yield* fallBehind
  yield* happened(["one"])
  const answering = yield* Effect.forkChild(answer(["An answer longer than the budget"]))
  yield* turns
  assert.deepStrictEqual(written, [])
  yield* catchUp
  yield* Fiber.join(answering)
  assert.deepStrictEqual(written, ["one", "An answer longer than the budget"])
})

effect("writes what it holds when it ends, however far behind the reader is", function*() {
  const written = yield* Effect.scoped(Effect.gen(function*() {
    const { fallBehind, happened, written } = yield* scene
    yield* fallBehind
    yield* happened(["one"])
    return written
  }))
  assert.deepStrictEqual(written, ["one"])
})
