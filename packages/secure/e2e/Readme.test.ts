/** What the README shows is what is run, in a process of its own. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { AuthPeer } from "@peerage/pyile"
import { Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Fiber, FileSystem, Layer, Option, Path, Redacted, Stream } from "effect"
import { ChildProcess } from "effect/process"

const passphrase = Redacted.make("acid-zebra-moon-lemon")
const secure = Layer.unwrap(
  Effect.map(Identity.generate, (identity) => SecureTransport.layer({ identity, passphrase, context: "pyile" }))
).pipe(Layer.provide([NodeTransport.layer, NodeCrypto.layer]))

describe("the README", () => {
  it.live("shows a program that joins an encrypted network", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const top = path.join(import.meta.dirname, "../../..")
      const host = yield* AuthPeer.make({ listen: "127.0.0.1:0", password: passphrase })
      const heard = yield* Stream.filter(host.events, (event) => event._tag === "Message").pipe(
        Stream.runHead,
        Effect.forkChild({ startImmediately: true })
      )
      // Beside the workspace's modules, as plain JavaScript: the example needs no types.
      const folder = yield* fs.makeTempDirectoryScoped({ directory: path.join(top, "node_modules") })
      const example = yield* fs.readFileString(path.join(top, "packages/secure/examples/join.ts"))
      const program = path.join(folder, "join.mjs")
      yield* fs.writeFileString(program, example.replace("4702", String(host.address.port)))
      const running = yield* ChildProcess.make(process.execPath, ["--conditions=@peerage/source", program])
      const message = Option.getOrThrow(yield* Fiber.join(heard))
      assert.strictEqual(message.data, "nobody else can read this")
      yield* running.kill()
    }).pipe(Effect.provide([NodeServices.layer, secure])))
})
