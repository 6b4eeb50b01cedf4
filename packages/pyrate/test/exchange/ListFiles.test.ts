import { assert, describe } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { Effect } from "effect"
import * as ListFiles from "../../src/exchange/ListFiles.ts"
import { elapse, holderFrom, outcome, outcomeAfter, script, settle, simulated, song } from "./Scene.ts"

const asking = Effect.forkScoped(Effect.flatMap(holderFrom({ maxListBytes: 100 }), ListFiles.initiate))

/** A peer that was asked, and the asking. */
const scene = Effect.gen(function*() {
  const holder = yield* script()
  const files = yield* asking
  return { files, asked: yield* holder.asked }
})

describe("a peer that asks for a list of files", () => {
  simulated("says so, ends its half, and reads up to the end", function*() {
    const { asked, files } = yield* scene
    assert.strictEqual(asked.text, "5:")
    assert.strictEqual(asked.end, "Fin")
    asked.write("song.txt\nfi", "lm.mkv\n")
    assert.strictEqual(yield* outcome(files), "Running")
    asked.pipe.close()
    assert.deepStrictEqual(yield* outcome(files), [song, FileName.FileName.make("film.mkv")])
  })

  simulated.each(
    [
      { what: "nothing and the end for no files", said: "", end: "close", result: [] },
      { what: "a reset behind a line for no list", said: "song.txt\n", end: "reset", result: "SocketError" },
      { what: "as many bytes as are allowed", said: `${"x".repeat(99)}\n`, end: "close", result: ["x".repeat(99)] }
    ] as const
  )("takes $what", function*({ end, result, said }) {
    const { asked, files } = yield* scene
    asked.write(said)
    yield* settle
    asked.pipe[end]()
    assert.deepStrictEqual<unknown>(yield* outcome(files), result)
  })

  simulated("stops reading an endless list", function*() {
    const { asked, files } = yield* scene
    asked.write("x".repeat(60), "x".repeat(41))
    assert.strictEqual(yield* outcome(files), "FrameTooLarge")
    yield* settle
    asked.write("more")
    yield* settle
    assert.isDefined(asked.pipe.broken())
  })

  simulated.each([{ came: "nothing", lines: [] }, { came: "a part of the list", lines: ["song.txt\n"] }])(
    "gives up after exactly 10 seconds when $came came",
    function*({ lines }) {
      const { asked, files } = yield* scene
      asked.write(...lines)
      assert.strictEqual(yield* outcomeAfter(files, 10_000), "PeerUnresponsive")
    }
  )

  simulated("takes as long as it takes, while something comes", function*() {
    const { asked, files } = yield* scene
    for (const letter of "song.txt\n") {
      yield* elapse("9 seconds")
      asked.write(letter)
    }
    assert.strictEqual(yield* outcome(files), "Running")
    asked.pipe.close()
    assert.deepStrictEqual(yield* outcome(files), [song])
  })

  simulated("says Unreachable where nobody listens", function*() {
    yield* script("10.0.0.9:5005")
    assert.strictEqual(yield* outcomeAfter(yield* asking, 4000), "Unreachable")
  })
})
