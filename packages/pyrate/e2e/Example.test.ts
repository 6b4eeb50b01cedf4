/** The README's program, run as it stands, in a process of its own. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Path } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"

describe("the README", () => {
  it.live("shows a file that is searched and fetched", () =>
    Effect.gen(function*() {
      const path = yield* Path.Path
      const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
      const program = path.join(import.meta.dirname, "../examples/share.ts")
      const said = yield* spawner.string(ChildProcess.make(process.execPath, ["--conditions=@peerage/source", program]))
      assert.strictEqual(said.trim(), "song.txt: 8 bytes")
    }).pipe(Effect.provide(NodeServices.layer)))
})
