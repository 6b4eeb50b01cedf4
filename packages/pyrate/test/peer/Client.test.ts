/** A client that asks without taking part, on one machine with real sockets and files. */
import { assert } from "@effect/vitest"
import { BootstrapNode, Client, FileName, FilePeer } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import { Effect, Fiber, FileSystem, Option, Stream, SubscriptionRef } from "effect"
import { folder, live } from "./Folder.ts"
import { hub, ipOf, on, peerAt, settled, simulated } from "./Network.ts"
import { scripted } from "./searching/Topology.ts"

const song = FileName.FileName.make("song.txt")
const none = FileName.FileName.make("none.txt")
const listen = "127.0.0.1:0"

/** A bootstrap, a peer that shares a song, and a client without any part in that. */
const network = Effect.gen(function*() {
  const { directory, put } = yield* folder
  yield* put(song, "la la")
  const node = yield* BootstrapNode.make({ listen })
  const bootstrap = node.address
  const peer = yield* FilePeer.make({ bootstrap, listen, directory })
  return { node, bootstrap, peer, client: yield* Client.make(), to: (yield* folder).directory }
})

live("asks a bootstrap for peers and a peer for its list, and is known to neither", function*() {
  const { bootstrap, client, node, peer } = yield* network
  assert.deepStrictEqual(yield* client.peers(bootstrap), [peer.self])
  assert.deepStrictEqual(yield* client.peers(node.self), [peer.self])
  assert.deepStrictEqual(yield* client.list(peer.self), [song])
  assert.deepStrictEqual(yield* SubscriptionRef.get(node.peers), [peer.self])
})

live("fetches a file into a folder, announces it, and says what is not there", function*() {
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
  assert.strictEqual((yield* Effect.flip(client.download(peer.self, none, { to }))).reason._tag, "NoSuchFile")
})

live("searches from an address of its own, for as long as its scope, without being listed", function*() {
  const { bootstrap, client, node, peer } = yield* network
  const { hits, peers, self } = yield* client.search(song, { bootstrap, listen })
  assert.deepStrictEqual(Option.getOrThrow(yield* Stream.runHead(hits)), { name: song, peer: peer.self })
  assert.deepStrictEqual([peers, yield* SubscriptionRef.get(node.peers)], [[peer.self], [peer.self]])
  assert.deepStrictEqual(yield* client.list(self), [])
})

live("does not send a search to peers that are likely to die of it", function*() {
  const { bootstrap, client, to: directory } = yield* network
  const likely = yield* FilePeer.make({ bootstrap, listen: `127.0.0.2:${bootstrap.port}`, directory })
  const asked = (legacy: boolean) =>
    Effect.scoped(Effect.map(client.search(none, { bootstrap, listen, legacy }), ({ peers }) => peers.length))
  assert.strictEqual(likely.self, `127.0.0.2:${bootstrap.port}`)
  assert.deepStrictEqual([yield* asked(false), yield* asked(true)], [2, 1])
})

simulated("does not ask itself, where a peer before it at its address is still listed", function*() {
  yield* scripted(() => [peerAt(1), peerAt(2)])
  const client = yield* on(ipOf(1), Client.make())
  const { peers, self } = yield* settled(client.search(song, { bootstrap: hub, listen: peerAt(1) }))
  assert.deepStrictEqual([self, peers], [peerAt(1), [peerAt(2)]])
})

simulated("listens at a port that is free where none is given", function*() {
  yield* scripted(() => [])
  const client = yield* on(ipOf(1), Client.make())
  const { self } = yield* settled(client.search(song, { bootstrap: hub, listen: ipOf(1) }))
  assert.strictEqual(PeerAddress.host(self), ipOf(1))
  assert.isAbove(PeerAddress.port(self), 1023)
})

simulated("is answered at the address that leads to the bootstrap, where it listens everywhere", function*() {
  yield* scripted(() => [])
  const inNetworks = (...ips: ReadonlyArray<string>) =>
    Effect.gen(function*() {
      const client = yield* on(ips, Client.make())
      return (yield* settled(client.search(song, { bootstrap: hub, listen: "0.0.0.0:5005" }))).self.toString()
    })
  assert.strictEqual(yield* inNetworks("192.168.7.2", "10.0.0.2"), "10.0.0.2:5005")
  assert.strictEqual(yield* inNetworks("10.0.0.3", "192.168.7.3"), "10.0.0.3:5005")
})

live("says why it cannot search: nowhere to answer to, or no bootstrap", function*() {
  const { bootstrap, client } = yield* network
  const reasonOf = (options: Client.SearchOptions) =>
    Effect.map(Effect.flip(Effect.scoped(client.search(song, options))), ({ reason }) => reason._tag)
  assert.strictEqual(yield* reasonOf({ bootstrap, listen: "0.0.0.0", advertise: "0.0.0.0" }), "NoAddress")
  assert.strictEqual(yield* reasonOf({ bootstrap: "127.0.0.1:1", listen }), "Unreachable")
  assert.strictEqual(yield* reasonOf({ bootstrap: "nobody", listen }), "NotIpv4")
})
