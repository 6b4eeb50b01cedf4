/** Who connects to whom, what for, and who is turned away. */
import { assert } from "@effect/vitest"
import { Duration, Effect, Fiber, SubscriptionRef } from "effect"
import { next } from "../Events.ts"
import { live } from "../Live.ts"
import { accepted, opened, originalPeer, ourPeer } from "./Peers.ts"

for (const type of ["json", "bytes", "raw"] as const) {
  live(
    `an original takes a ${type} connection of ours as what it is`,
    Effect.gen(function*() {
      const { connection, ours, theirs } = yield* opened(type)
      yield* theirs.tells("offer", { peer: ours.self, type, strict: true, stream: false })
      assert.deepInclude(connection, { peer: theirs.self, type, strict: true, stream: false, initiated: true })
    })
  )

  live(
    `ours take a ${type} connection of an original as what it is`,
    Effect.gen(function*() {
      const { connection, theirs } = yield* accepted(type)
      assert.deepInclude(connection, { peer: theirs.self, type, strict: true, stream: false, initiated: false })
    })
  )
}

live(
  "ours believe an original that a connection is not strict, or a stream",
  Effect.gen(function*() {
    const { connection } = yield* accepted("bytes", { strict: false, stream: true })
    assert.deepInclude(connection, { strict: false, stream: true })
  })
)

live(
  "an original that ours do not want learns it at once",
  Effect.gen(function*() {
    const [theirs, ours] = [
      yield* originalPeer(),
      yield* ourPeer({ offer: ({ type }) => Effect.succeed(type === "raw") })
    ]
    const rejected = yield* next(ours, "Rejected")
    assert.isFalse(yield* theirs.connect(ours.self, "json"))
    assert.deepInclude(yield* rejected, { reason: "Denied" })
    assert.isTrue(yield* theirs.connect(ours.self, "raw"))
  })
)

live(
  "ours learn that an original does not want them",
  Effect.gen(function*() {
    const [theirs, ours] = [yield* originalPeer({ wanted: false }), yield* ourPeer()]
    const error = yield* Effect.flip(ours.connect(theirs.self, { type: "json" }))
    assert.strictEqual(error.reason._tag, "Denied")
  })
)

live(
  "an original for which ours have no place is denied, and one for which there is a place again is not",
  Effect.gen(function*() {
    const ours = yield* ourPeer({ config: { maxConnections: 1 } })
    const [first, second] = [yield* originalPeer(), yield* originalPeer()]
    assert.isTrue(yield* first.connect(ours.self, "json"))
    assert.isFalse(yield* second.connect(ours.self, "json"))
    const closed = yield* next(ours, "Closed")
    yield* first.close(ours.self, true)
    yield* closed
    assert.isTrue(yield* second.connect(ours.self, "json"))
  })
)

live(
  "ours give an original up that has no place for them",
  Effect.gen(function*() {
    const { theirs } = yield* opened("json", { limit: 1, timeout: 1 })
    const other = yield* ourPeer()
    const error = yield* Effect.flip(other.connect(theirs.self, { type: "json" }))
    assert.strictEqual(error.reason._tag, "PeerUnresponsive")
  })
)

live(
  "ours that wait long enough are taken in by an original when it has a place again",
  Effect.gen(function*() {
    const { connection, theirs } = yield* opened("json", { limit: 1 })
    const patient = yield* ourPeer({ config: { timeout: Duration.seconds(30) } })
    const waiting = yield* Effect.forkChild(patient.connect(theirs.self, { type: "json" }), { startImmediately: true })
    // Within a second, that is: a reset that meets the original's probe, which comes after two, is not noticed.
    yield* connection.close
    assert.strictEqual((yield* Fiber.join(waiting)).peer, theirs.self)
  })
)

live(
  "a connection that is there is found again by an original and by ours",
  Effect.gen(function*() {
    const { connection, ours, theirs } = yield* opened("json")
    assert.strictEqual(yield* ours.connect(theirs.self, { type: "json" }), connection)
    assert.isTrue(yield* theirs.connect(ours.self, "json"))
    assert.lengthOf(yield* SubscriptionRef.get(ours.connections), 1)
  })
)

live(
  "what ours and an original say to all reaches all",
  Effect.gen(function*() {
    const { ours, receive, theirs } = yield* accepted("json")
    const second = yield* originalPeer()
    yield* ours.connect(second.self, { type: "json" })
    const { failed, sent } = yield* ours.broadcast("to all")
    assert.deepStrictEqual(failed, [])
    assert.sameMembers([...sent], [theirs.self, second.self])
    for (const original of [theirs, second]) yield* original.hears("'to all'")
    yield* theirs.broadcast("'and back'")
    assert.strictEqual(yield* receive, "and back")
  })
)
