/** What the README shows is what is run, in a process of its own. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { AuthPeer } from "@peerage/pyile"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Fiber, FileSystem, Option, Path, Redacted, Stream, SubscriptionRef } from "effect"
import { ChildProcess } from "effect/process"

describe("the README", () => {
  it.live("shows a program that joins a network and says hello", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const top = path.join(import.meta.dirname, "../../..")
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
    }).pipe(Effect.provide([NodeServices.layer, NodeTransport.layer])))
})
