/** Streams. Originals probe into them, and lose the first answer; ours do neither. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { soon } from "../Events.ts"
import { live } from "../Live.ts"
import { accepted, opened, pairs } from "./Peers.ts"

const frame = (letter: string): Uint8Array => new Uint8Array(Buffer.from(letter.repeat(16)))
const python = (letter: string): string => `b'${letter.repeat(16)}'`

for (const [whose, pair] of pairs("bytes", { stream: true })) {
  live(
    `frames of an original on a stream ${whose} arrive without its probes`,
    Effect.gen(function*() {
      const { ours, receive, theirs } = yield* pair
      for (const letter of ["a", "b"]) yield* theirs.send(ours.self, python(letter))
      // It probes after 2 s without a word from the other side, here twice.
      yield* Effect.sleep("4.5 seconds")
      yield* theirs.send(ours.self, python("c"))
      for (const letter of ["a", "b", "c"]) {
        assert.deepStrictEqual(yield* receive, frame(letter))
      }
    })
  )

  live(
    `frames of ours on a stream ${whose} arrive, before and after a silence, and nothing else does`,
    Effect.gen(function*() {
      const { connection, theirs } = yield* pair
      for (const letter of ["a", "b"]) yield* connection.sendAny(frame(letter))
      yield* theirs.hears(python("b"))
      yield* Effect.sleep("4.5 seconds")
      yield* connection.sendAny(frame("c"))
      yield* theirs.hears(python("c"))
      assert.deepStrictEqual(theirs.heard(), ["a", "b", "c"].map(python))
      assert.deepStrictEqual(theirs.told("died"), [])
    })
  )

  live(
    `the first answer of ours on a stream ${whose} is not lost`,
    Effect.gen(function*() {
      const { connection, ours, receive, theirs } = yield* pair
      yield* theirs.send(ours.self, python("a"))
      assert.deepStrictEqual(yield* receive, frame("a"))
      for (const letter of ["b", "c"]) yield* soon("sending", connection.sendAny(frame(letter)))
      yield* theirs.hears(python("c"))
      assert.deepStrictEqual(theirs.heard(), ["b", "c"].map(python))
    })
  )
}

live(
  "an original's values on a stream of json and of raw data arrive",
  Effect.gen(function*() {
    for (const type of ["json", "raw"] as const) {
      const { ours, receive, theirs } = yield* accepted(type, { stream: true })
      for (const text of ["one", "two", "six"]) {
        yield* theirs.send(ours.self, `'${text}'`)
        assert.strictEqual(yield* receive, text)
      }
    }
  })
)

live(
  "neither an original nor ours send a frame of another size than the first",
  Effect.gen(function*() {
    const { connection, theirs } = yield* opened("bytes", { stream: true })
    yield* connection.send(frame("a"))
    assert.strictEqual((yield* Effect.flip(connection.send(new Uint8Array(17)))).reason._tag, "WrongSize")
    yield* theirs.hears(python("a"))
    const other = yield* accepted("bytes", { stream: true })
    yield* other.theirs.send(other.ours.self, python("a"))
    const { error } = yield* Effect.flip(other.theirs.send(other.ours.self, "b'b'"))
    assert.match(error, /^DataSizeError/)
  })
)

live(
  "a hundred frames of an original, as fast as it can, arrive in order",
  Effect.gen(function*() {
    const { ours, receive, theirs } = yield* accepted("bytes", { stream: true })
    const letters = Array.from({ length: 100 }, (_, index) => String.fromCharCode(97 + index % 26))
    yield* Effect.forEach(letters, (letter) => theirs.send(ours.self, python(letter)), { concurrency: "unbounded" })
    for (const letter of letters) assert.deepStrictEqual(yield* receive, frame(letter))
  })
)
