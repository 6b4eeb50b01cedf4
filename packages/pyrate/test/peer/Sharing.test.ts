/** The walk through the original's documentation, on one machine with real sockets and files. */
import { assert } from "@effect/vitest"
import { BootstrapNode, FileName, FilePeer } from "@peerage/pyrate"
import { Effect, FileSystem, Option, Stream, SubscriptionRef } from "effect"
import { folder, live } from "./Folder.ts"

const song = FileName.FileName.make("song.txt")
const none = FileName.FileName.make("none.txt")

live("the documentation is right: register, ask for peers, search, download, unregister", function*() {
  const fs = yield* FileSystem.FileSystem
  const [here, there] = [yield* folder, yield* folder]
  const content = Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251)
  yield* fs.writeFile(there.at(song), content)
  const listen = "127.0.0.1:0"
  const node = yield* BootstrapNode.make({ listen })
  const bootstrap = node.address
  const b = yield* FilePeer.make({ bootstrap, listen, directory: there.directory })
  const listed = SubscriptionRef.get(node.peers)

  yield* Effect.scoped(Effect.gen(function*() {
    const a = yield* FilePeer.make({ bootstrap, listen, directory: here.directory })
    assert.deepStrictEqual(yield* listed, [b.self, a.self])
    assert.deepStrictEqual(yield* SubscriptionRef.get(a.peers), [b.self])
    assert.deepStrictEqual(yield* a.list(b.self), [song])
    const hits = yield* a.search(song)
    assert.deepStrictEqual(Option.getOrThrow(yield* Stream.runHead(hits)), { name: song, peer: b.self })
    const saved = yield* a.download(b.self, song)
    assert.deepStrictEqual(yield* fs.readFile(saved.path), content)
    assert.strictEqual((yield* Effect.flip(a.download(b.self, song))).reason._tag, "AlreadyThere")
    assert.strictEqual((yield* Effect.flip(a.download(b.self, none))).reason._tag, "NoSuchFile")
  }))
  assert.deepStrictEqual(yield* listed, [b.self])
})
