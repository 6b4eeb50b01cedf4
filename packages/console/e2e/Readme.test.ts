/** The README's program, run as it stands but for its ports, in a process of its own. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Option, Path, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { ask } from "./support/Wire.ts"

const [page, listen] = ["Pyile.make(peer)", "127.0.0.1:4702"]

describe("the README", () => {
  it.live("shows a program whose peer has a console", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const top = path.join(import.meta.dirname, "../../..")
      // Beside the workspace's modules, as plain JavaScript: the example needs no types.
      const folder = yield* fs.makeTempDirectoryScoped({ directory: path.join(top, "node_modules") })
      yield* fs.writeFileString(path.join(folder, "index.html"), "<!doctype html><title>Page</title>")
      const example = yield* fs.readFileString(path.join(top, "packages/console/examples/host.ts"))
      const program = path.join(folder, "host.mjs")
      const options = `{ port: 0, root: ${JSON.stringify(folder)} }`
      for (const part of [page, listen]) assert.include(example, part)
      yield* fs.writeFileString(program, example.replace(page, `${page}, ${options}`).replace(listen, "127.0.0.1:0"))
      const running = yield* ChildProcess.make(process.execPath, ["--conditions=@peerage/source", program])
      const shown = yield* Stream.runHead(Stream.splitLines(Stream.decodeText(running.stderr)))
      const { hash, port } = new URL(Option.getOrThrow(shown))
      assert.include((yield* ask(Number(port), "/")).text, "<title>Page</title>")
      const headers = { authorization: `Bearer ${hash.slice(1)}` }
      assert.strictEqual((yield* ask(Number(port), "/session", { method: "POST", headers })).status, 200)
      yield* running.kill()
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
