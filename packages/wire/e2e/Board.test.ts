/** The example protocol of docs/protocol.md over real sockets, in a process of its own. */
import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Effect, Path, Stream } from "effect"
import { ChildProcess } from "effect/process"

it.live("the bulletin board carries a post over a real socket", () =>
  Effect.gen(function*() {
    const path = yield* Path.Path
    const program = path.join(import.meta.dirname, "../examples/board/run.ts")
    const running = yield* ChildProcess.make(process.execPath, [
      "--conditions=@peerage/source",
      program,
      "127.0.0.1:0"
    ])
    const lines = yield* Stream.decodeText(running.stdout).pipe(Stream.splitLines, Stream.take(2), Stream.runCollect)
    yield* running.kill()
    assert.deepStrictEqual(lines, [
      "{ _tag: 'Joined', peer: 'ann' }",
      "{ _tag: 'Posted', from: 'ann', post: 'hello over a real socket' }"
    ])
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
