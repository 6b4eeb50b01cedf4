/** Large payloads. An original reads in chunks and does not ask twice for what is missing; ours send it paced. */
import { assert } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { live } from "../Live.ts"
import { bytesOf, digest, opened, pairs, pythonBytes } from "./Peers.ts"

const mebibyte = 1_048_576

for (const size of [8191, 8192, 8193, 60_000, mebibyte]) {
  for (const [whose, pair] of pairs("bytes")) {
    live(
      `over a connection ${whose}, ${size} bytes of an original and of ours arrive whole`,
      Effect.gen(function*() {
        const { connection, ours, receive, theirs } = yield* pair
        yield* theirs.send(ours.self, pythonBytes(size))
        assert.deepStrictEqual(yield* receive, bytesOf(size))
        yield* connection.sendAny(bytesOf(size))
        yield* theirs.hears(digest("bytes", bytesOf(size)))
        assert.deepStrictEqual(theirs.told("died"), [])
      })
    )
  }
}

for (const type of ["json", "raw"] as const) {
  for (const [whose, pair] of pairs(type)) {
    live(
      `over a ${type} connection ${whose}, a text of 1 MiB of an original and of ours arrives whole`,
      Effect.gen(function*() {
        const { connection, ours, receive, theirs } = yield* pair
        const text = "peerage ".repeat(mebibyte / 8)
        yield* theirs.send(ours.self, `'peerage ' * ${mebibyte / 8}`)
        assert.strictEqual(yield* receive, text)
        yield* connection.sendAny(text)
        yield* theirs.hears(digest("str", text))
        assert.deepStrictEqual(theirs.told("died"), [])
      })
    )
  }
}

live(
  "1 MiB of ours that was never in memory as a whole arrives at an original, five times in a row",
  Effect.gen(function*() {
    const { connection, theirs } = yield* opened("bytes")
    const whole = bytesOf(mebibyte)
    const pieces = Array.from({ length: 11 }, (_, index) => whole.subarray(index * 100_000, (index + 1) * 100_000))
    for (let time = 1; time <= 5; time++) {
      yield* connection.sendChunks({ size: mebibyte, chunks: Stream.fromIterable(pieces) })
      yield* theirs.until(`${time} payloads`, () => theirs.heard().length === time ? true : undefined)
    }
    assert.deepStrictEqual(theirs.heard(), Array.from({ length: 5 }, () => digest("bytes", whole)))
  })
)
