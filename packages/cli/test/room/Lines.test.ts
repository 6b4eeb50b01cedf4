import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger, Stream } from "effect"
import * as Lines from "../../src/room/Lines.ts"

/** The lines of text that comes in these pieces, with what was warned of. */
const linesOf = Effect.fnUntraced(function*(pieces: ReadonlyArray<string>, limit?: number) {
  const warnings: Array<unknown> = []
  const logger = Logger.make(({ message }) => void warnings.push(message))
  const lines = yield* Effect.provide(
    Stream.runCollect(Lines.split(Stream.fromIterable(pieces), limit)),
    Logger.layer([logger])
  )
  return { lines, warned: warnings.length }
})

describe("the lines of standard input", () => {
  it.effect.each([
    { text: "", lines: [] },
    { text: "one", lines: ["one"] },
    { text: "one\n", lines: ["one"] },
    { text: "one\ntwo\n\nthree", lines: ["one", "two", "", "three"] },
    { text: "one\r\ntwo\rthree\r\n", lines: ["one", "two", "three"] },
    { text: "\r\n\n\r", lines: ["", "", ""] }
  ])("are the same wherever $text is cut", ({ lines, text }) =>
    Effect.gen(function*() {
      for (let at = 0; at <= text.length; at++) {
        for (let next = at; next <= text.length; next++) {
          const pieces = [text.slice(0, at), text.slice(at, next), text.slice(next)]
          assert.deepStrictEqual(yield* linesOf(pieces), { lines, warned: 0 })
        }
      }
    }))

  it.effect("leave out each line that is too long, with a warning, and go on behind it", () =>
    Effect.gen(function*() {
      const long = Array.from({ length: 100 }, () => "x".repeat(10))
      const pieces = ["12345\n123456\n12", "345\n", ...long, "\r", "\nlast\n", ...long]
      assert.deepStrictEqual(yield* linesOf(pieces, 5), { lines: ["12345", "12345", "last"], warned: 3 })
    }))
})
