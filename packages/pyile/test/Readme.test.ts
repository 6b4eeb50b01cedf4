/** What the READMEs show is what is compiled and run. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { AuthPeer } from "@peerage/pyile"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Fiber, FileSystem, Option, Path, Redacted, Stream, SubscriptionRef } from "effect"
import { ChildProcess } from "effect/process"

const root = Effect.map(Path.Path, (path) => path.join(import.meta.dirname, "../../.."))

const filesOf = Effect.fnUntraced(function*(pattern: RegExp) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const top = yield* root
  const found: Array<{ readonly name: string; readonly text: string }> = []
  const folders = (yield* fs.readDirectory(path.join(top, "packages"))).map((name) => path.join("packages", name))
  for (const folder of [".", ...folders, ...folders.map((name) => path.join(name, "examples"))]) {
    const names = yield* Effect.orElseSucceed(fs.readDirectory(path.join(top, folder)), () => [])
    for (const name of names.filter((file) => pattern.test(file))) {
      found.push({ name: path.join(folder, name), text: yield* fs.readFileString(path.join(top, folder, name)) })
    }
  }
  return found
})

describe("the READMEs", () => {
  it.effect("show no code that is not an example which is compiled", () =>
    Effect.gen(function*() {
      const examples = (yield* filesOf(/\.ts$/)).map(({ text }) => text.trim())
      let shown = 0
      for (const { name, text } of yield* filesOf(/^README\.md$/)) {
        for (const [, block = ""] of text.matchAll(/```ts\n([\s\S]*?)```/g)) {
          shown++
          assert.isTrue(
            examples.includes(block.trim()),
            `${name} shows code that is no file in an examples folder:\n${block}`
          )
        }
      }
      assert.isAtLeast(shown, 2)
    }).pipe(Effect.provide(NodeServices.layer)))

  it.live("show a program that joins a network and says hello", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const top = yield* root
      const host = yield* AuthPeer.make({ listen: "127.0.0.1:0", password: Redacted.make("sesame") })
      const heard = yield* Stream.filter(host.events, (event) => event._tag === "Message").pipe(
        Stream.runHead,
        Effect.forkChild({ startImmediately: true })
      )
      // Beside the workspace's modules, as plain JavaScript: the example needs no types.
      const folder = yield* fs.makeTempDirectoryScoped({ directory: path.join(top, "node_modules") })
      const example = yield* fs.readFileString(path.join(top, "packages/pyile/examples/join.ts"))
      const program = path.join(folder, "join.mjs")
      yield* fs.writeFileString(program, example.replace("4702", String(host.address.port)))
      const running = yield* ChildProcess.make(process.execPath, ["--conditions=@peerage/source", program])
      const message = Option.getOrThrow(yield* Fiber.join(heard))
      assert.strictEqual(message.data, "hello from Effect")
      yield* running.kill()
      yield* Stream.runHead(Stream.filter(SubscriptionRef.changes(host.peers), (peers) => peers.length === 0))
    }).pipe(Effect.provide([NodeServices.layer, NodeTransport.layer])), 30_000)
})
