/** The log on standard error. */
import { assert } from "@effect/vitest"
import { Effect, Logger } from "effect"
import { bounded } from "../src/Log.ts"
import { effect } from "./Test.ts"

effect("leaves lines out that nobody reads, and says how many before the next one", function*() {
  const written: Array<unknown> = []
  const output = { writableLength: 0 }
  const logger = bounded(Logger.make(({ message }) => void written.push([message].flat().join(" "))), output)
  const log = (message: string, waits: number) =>
    Effect.sync(() => void (output.writableLength = waits)).pipe(
      Effect.andThen(Effect.logError(message)),
      Effect.provide(Logger.layer([logger]))
    )
  yield* log("one", 0)
  yield* log("two", 1_048_576)
  yield* log("three", 1_048_577)
  yield* log("four", 2_000_000)
  yield* log("five", 10)
  yield* log("six", 0)
  assert.deepStrictEqual(written, ["one", "two", "2 log lines left out here: nobody read in time.", "five", "six"])
})
