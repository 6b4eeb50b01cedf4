/** Silence, and how connections end, from either side. */
import { assert } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { loopback, mortal, soon } from "../Events.ts"
import { live } from "../Live.ts"
import * as Ours from "../Ours.ts"
import { opened, originalPeer, ourPeer, pairs } from "./Peers.ts"

// An original that takes as long to stop as ours waits before a probe, reads no probe any more: it would be reset.
for (const [whose, pair] of pairs("json", {}, { timeout: Duration.minutes(1) })) {
  live(
    `ours notice that an original at a connection ${whose} stopped`,
    Effect.gen(function*() {
      const { connection, theirs } = yield* pair
      yield* theirs.stop
      assert.strictEqual((yield* soon("the end", connection.closed))._tag, "PeerClosed")
    })
  )
}

for (const [whose, pair] of pairs("json")) {
  live(
    `a connection ${whose} outlives a silence in which both ends probe it, and neither takes a probe for a value`,
    Effect.gen(function*() {
      const { connection, ours, receive, theirs } = yield* pair
      // Both probe after 2 s.
      yield* Effect.sleep("7 seconds")
      yield* theirs.send(ours.self, "'still here'")
      assert.strictEqual(yield* receive, "still here")
      yield* connection.sendAny("so are we")
      yield* theirs.hears("'so are we'")
      assert.deepStrictEqual(theirs.heard(), ["'so are we'"])
      assert.deepStrictEqual(theirs.told("died"), [])
    })
  )

  live(
    `ours notice that an original closed a connection ${whose}`,
    Effect.gen(function*() {
      const { connection, ours, receive, theirs } = yield* pair
      yield* theirs.send(ours.self, "'last words'")
      yield* theirs.close(ours.self)
      assert.strictEqual(yield* receive, "last words")
      assert.strictEqual((yield* soon("the end", connection.closed))._tag, "PeerClosed")
    })
  )

  live(
    `ours notice that an original forced a connection ${whose} to close`,
    Effect.gen(function*() {
      const { connection, ours, theirs } = yield* pair
      yield* theirs.close(ours.self, true)
      assert.strictEqual((yield* soon("the end", connection.closed))._tag, "PeerClosed")
    })
  )

  live(
    `ours notice that an original at a connection ${whose} was killed`,
    Effect.gen(function*() {
      const { connection, theirs } = yield* pair
      yield* theirs.kill
      yield* soon("the end", connection.closed)
    })
  )

  live(
    `an original notices that ours closed a connection ${whose}, after what was said last`,
    Effect.gen(function*() {
      const { connection, ours, theirs } = yield* pair
      yield* connection.sendAny("last words")
      yield* connection.close
      yield* theirs.closed(ours.self)
      assert.deepStrictEqual(theirs.heard(), ["'last words'"])
    })
  )
}

live(
  "an original notices that our peer stopped",
  Effect.gen(function*() {
    const theirs = yield* originalPeer()
    const { end, peer } = yield* mortal(ourPeer())
    yield* peer.connect(theirs.self, { type: "json" })
    yield* theirs.tells("connection", { peer: peer.self })
    yield* end
    yield* theirs.closed(peer.self)
  })
)

live(
  "an original notices that our process ended",
  Effect.gen(function*() {
    const theirs = yield* originalPeer()
    const ours = yield* Ours.start(["peerpy", "connect", theirs.self, "--listen", `${yield* loopback}:0`])
    const { peer } = yield* theirs.tells("connection")
    yield* ours.write("last words")
    yield* ours.write("/exit")
    yield* theirs.closed(String(peer))
    assert.deepStrictEqual(theirs.heard(), ["'last words'"])
  })
)

live(
  "an original takes a new connection of ours after the old one was closed",
  Effect.gen(function*() {
    const { connection, ours, theirs } = yield* opened("json")
    yield* connection.close
    yield* theirs.closed(ours.self)
    const again = yield* ours.connect(theirs.self, { type: "bytes" })
    yield* theirs.tells("connection", { peer: ours.self, type: "bytes" })
    yield* again.send(Uint8Array.of(1))
    yield* theirs.hears("b'\\x01'")
  })
)
