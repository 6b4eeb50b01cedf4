/** Somebody who asks without taking part, on one machine with real sockets and files. */
import { NodeServices } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { BootstrapNode, Client, FileName, FilePeer } from "@peerage/pyrate"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Fiber, FileSystem, Layer, Option, Path, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const song = FileName.FileName.make("song.txt")
const none = FileName.FileName.make("none.txt")
const listen = "127.0.0.1:0"

/** A bootstrap, a peer that shares a song, and somebody without any part in that. */
const network = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const directory = yield* fs.makeTempDirectoryScoped()
  yield* fs.writeFileString(path.join(directory, song), "la la")
  const node = yield* BootstrapNode.make({ listen })
  const bootstrap = NetAddress.formatInet(node.address)
  const peer = yield* FilePeer.make({ bootstrap, listen, directory })
  return { node, bootstrap, peer, client: yield* Client.make(), to: yield* fs.makeTempDirectoryScoped() }
})

const services = Layer.merge(NodeServices.layer, NodeTransport.layer)

it.live("asks a bootstrap for peers and a peer for its list, and is known to neither", () =>
  Effect.gen(function*() {
    const { bootstrap, client, node, peer } = yield* network
    assert.deepStrictEqual(yield* client.peers(bootstrap), [peer.self])
    assert.deepStrictEqual(yield* client.list(peer.self), [song])
    assert.deepStrictEqual(yield* node.peers, [peer.self])
  }).pipe(Effect.provide(services)))

it.live("fetches a file into a folder, tells so, and says what is not there", () =>
  Effect.gen(function*() {
    const { client, peer, to } = yield* network
    const told = yield* Effect.forkChild(
      Stream.runCollect(Stream.takeUntil(client.events, ({ _tag }) => _tag === "Saved")),
      { startImmediately: true }
    )
    const saved = yield* client.download(peer.self, song, { to })
    assert.strictEqual(yield* (yield* FileSystem.FileSystem).readFileString(saved.path), "la la")
    assert.deepStrictEqual(yield* Fiber.join(told), [
      { _tag: "Progress", name: song, bytes: 5, total: 5 },
      { _tag: "Saved", name: song, ...saved }
    ])
    const reasonOf = Effect.map(Effect.flip(client.download(peer.self, none, { to })), ({ reason }) => reason._tag)
    assert.strictEqual(yield* reasonOf, "NoSuchFile")
  }).pipe(Effect.provide(services)))

it.live("searches from an address of its own, for as long as its scope, without being listed", () =>
  Effect.gen(function*() {
    const { bootstrap, client, node, peer } = yield* network
    yield* Effect.scoped(Effect.gen(function*() {
      const { hits, peers, self } = yield* client.search(song, { bootstrap, listen })
      assert.deepStrictEqual(Option.getOrThrow(yield* Stream.runHead(hits)), { name: song, peer: peer.self })
      assert.deepStrictEqual([peers, yield* node.peers], [[peer.self], [peer.self]])
      assert.deepStrictEqual(yield* client.list(self), [])
    }))
  }).pipe(Effect.provide(services)))

it.live("does not send a search to peers that are likely to die of it", () =>
  Effect.gen(function*() {
    const { bootstrap, client } = yield* network
    const [, port = ""] = bootstrap.split(":")
    const fs = yield* FileSystem.FileSystem
    const directory = yield* fs.makeTempDirectoryScoped()
    const likely = yield* FilePeer.make({ bootstrap, listen: `127.0.0.2:${port}`, directory })
    const asked = (legacy: boolean) =>
      Effect.scoped(Effect.map(client.search(none, { bootstrap, listen, legacy }), ({ peers }) => peers.length))
    assert.strictEqual(likely.self, `127.0.0.2:${port}`)
    assert.deepStrictEqual([yield* asked(false), yield* asked(true)], [2, 1])
  }).pipe(Effect.provide(services)))

it.live("says why it cannot search: nowhere to answer to, or no bootstrap", () =>
  Effect.gen(function*() {
    const { bootstrap, client } = yield* network
    const reasonOf = (options: Client.SearchOptions) =>
      Effect.map(Effect.flip(Effect.scoped(client.search(song, options))), ({ reason }) => reason._tag)
    assert.strictEqual(yield* reasonOf({ bootstrap, listen: "0.0.0.0" }), "NoAddress")
    assert.strictEqual(yield* reasonOf({ bootstrap: "127.0.0.1:1", listen }), "Unreachable")
    assert.strictEqual(yield* reasonOf({ bootstrap: "nobody", listen }), "NotIpv4")
  }).pipe(Effect.provide(services)))
