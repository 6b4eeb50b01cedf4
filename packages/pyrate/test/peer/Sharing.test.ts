/** The walk through the original's documentation, on one machine with real sockets and files. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { BootstrapNode, FileName, FilePeer } from "@peerage/pyrate"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, FileSystem, Option, Path, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const song = FileName.FileName.make("song.txt")
const none = FileName.FileName.make("none.txt")

describe("the walk through the documentation", () => {
  it.live("goes as it is written there: register, ask for peers, search, download, unregister", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const [here, there] = [yield* fs.makeTempDirectoryScoped(), yield* fs.makeTempDirectoryScoped()]
      const content = Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251)
      yield* fs.writeFile(path.join(there, song), content)
      const node = yield* BootstrapNode.make({ listen: "127.0.0.1:0" })
      const bootstrap = NetAddress.formatInet(node.address)
      const b = yield* FilePeer.make({ bootstrap, listen: "127.0.0.1:0", directory: there })

      yield* Effect.scoped(Effect.gen(function*() {
        const a = yield* FilePeer.make({ bootstrap, listen: "127.0.0.1:0", directory: here })
        assert.deepStrictEqual(yield* node.peers, [b.self, a.self])
        assert.deepStrictEqual(yield* SubscriptionRef.get(a.peers), [b.self])
        assert.deepStrictEqual(yield* a.list(b.self), [song])
        const hits = yield* a.search(song)
        assert.deepStrictEqual(Option.getOrThrow(yield* Stream.runHead(hits)), { name: song, peer: b.self })
        const saved = yield* a.download(b.self, song)
        assert.deepStrictEqual(yield* fs.readFile(saved.path), content)
        assert.strictEqual((yield* Effect.flip(a.download(b.self, song))).reason._tag, "AlreadyThere")
        assert.strictEqual((yield* Effect.flip(a.download(b.self, none))).reason._tag, "NoSuchFile")
      }))
      assert.deepStrictEqual(yield* node.peers, [b.self])
    }).pipe(Effect.provide([NodeServices.layer, NodeTransport.layer])))
})
