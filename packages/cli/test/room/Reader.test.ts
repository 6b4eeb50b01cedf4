/** Who reads what a command writes. */
import { assert } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Writable } from "node:stream"
import * as Reader from "../../src/room/Reader.ts"
import { effect } from "../Test.ts"

/** A stream that takes what is written when it is told to. */
const stream = () => {
  let taken = () => {}
  const output = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void (taken = done) })
  return { output, take: Effect.sync(() => taken()) }
}

/** What listens to a stream, but for what Node.js does itself. */
const listeners = (output: Writable) => ["drain", "close", "error"].map((event) => output.listenerCount(event))

effect("a reader who falls behind and catches up is listened to no more, however often", function*() {
  const { output, take } = stream()
  const reader = Reader.of(output)
  const before = listeners(output)
  for (let time = 0; time < 20; time++) {
    output.write("x")
    const waiting = yield* Effect.forkChild(reader.caughtUp, { startImmediately: true })
    assert.isTrue(reader.isBehind())
    yield* take
    yield* Fiber.join(waiting)
    assert.deepStrictEqual(listeners(output), before)
  }
})

effect("a wait for a reader that is interrupted listens no more either", function*() {
  const { output } = stream()
  const reader = Reader.of(output)
  const before = listeners(output)
  output.write("x")
  const waiting = yield* Effect.forkChild(reader.caughtUp, { startImmediately: true })
  assert.notDeepEqual(listeners(output), before)
  yield* Fiber.interrupt(waiting)
  assert.deepStrictEqual(listeners(output), before)
})
