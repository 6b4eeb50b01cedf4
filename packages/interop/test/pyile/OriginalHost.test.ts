/** An original host with joiners of ours. */
import { assert } from "@effect/vitest"
import { SocketFailure } from "@peerage/transport"
import { Effect } from "effect"
import { loopback, mortal, next, soon } from "../Events.ts"
import { live } from "../Live.ts"
import * as Ours from "../Ours.ts"
import { knows, lists, mixed, originalHost, ourJoiner, wrong } from "./Network.ts"

live(
  "our joiner is taken in by an original, and each knows the other",
  Effect.gen(function*() {
    const theirs = yield* originalHost()
    const ours = yield* ourJoiner(theirs.place)
    yield* knows(ours, [theirs.self])
    yield* lists(theirs, [theirs.self, ours.self])
  })
)

live(
  "our joiner says that the original refused its password, and is taken in with the right one",
  Effect.gen(function*() {
    const theirs = yield* originalHost()
    const error = yield* Effect.flip(ourJoiner(theirs.place, { secret: wrong }))
    assert.strictEqual(error.reason._tag, "WrongPassword")
    const ours = yield* ourJoiner(theirs.place)
    yield* lists(theirs, [theirs.self, ours.self])
  })
)

live(
  "our joiner says that the original has banned it",
  Effect.gen(function*() {
    const theirs = yield* originalHost(1)
    const listen = yield* loopback
    // An original bans at the second wrong password at the earliest.
    for (const reason of ["WrongPassword", "WrongPassword", "Banned"]) {
      const error = yield* Effect.flip(ourJoiner(theirs.place, { secret: wrong, listen }))
      assert.strictEqual(error.reason._tag, reason)
    }
    assert.strictEqual((yield* Effect.flip(ourJoiner(theirs.place, { listen }))).reason._tag, "Banned")
    yield* ourJoiner(theirs.place)
  })
)

live(
  "our joiner and an original host keep one another for more than 10 seconds of heartbeats",
  Effect.gen(function*() {
    const theirs = yield* originalHost()
    const ours = yield* ourJoiner(theirs.place)
    // Ours gives up after 6 s without a beat.
    yield* Effect.timeoutOption(ours.left, "10.5 seconds")
    yield* lists(theirs, [theirs.self, ours.self])
    yield* knows(ours, [theirs.self])
  })
)

live(
  "our joiners learn from an original host who comes and leaves, and leaving does its lists no harm",
  Effect.gen(function*() {
    const theirs = yield* originalHost()
    const staying = yield* ourJoiner(theirs.place)
    const leaving = yield* mortal(ourJoiner(theirs.place))
    yield* knows(staying, [theirs.self, leaving.peer.self])
    yield* knows(leaving.peer, [theirs.self, staying.self])
    yield* leaving.end
    // It sees that with its next beat, and writes two lists before: had ours closed, it would not distribute again.
    const late = [yield* ourJoiner(theirs.place), yield* ourJoiner(theirs.place)].map(({ self }) => self)
    yield* lists(theirs, [theirs.self, staying.self, ...late])
    yield* knows(staying, [theirs.self, ...late])
  })
)

live("an original host, an original joiner and one of ours know one another", mixed)

live(
  "an original host takes twenty of ours in, one after the other, without one failure",
  Effect.gen(function*() {
    const theirs = yield* originalHost()
    const ours = yield* Effect.forEach(Array.from({ length: 20 }), () => ourJoiner(theirs.place))
    yield* lists(theirs, [theirs.self, ...ours.map(({ self }) => self)])
  })
)

live(
  "an original host notices that our joiner was killed",
  Effect.gen(function*() {
    const theirs = yield* originalHost()
    const ours = yield* Ours.start(["pyile", "join", theirs.place, "--password", "sesame ✓"])
    yield* ours.tells("Connected", { peer: theirs.place })
    yield* theirs.program.until("two members", () => theirs.listed().length === 2 ? true : undefined)
    yield* ours.kill
    yield* lists(theirs, [theirs.self])
  })
)

live(
  "our joiner notices that the original host was killed",
  Effect.gen(function*() {
    const theirs = yield* originalHost()
    const ours = yield* ourJoiner(theirs.place)
    const closed = yield* next(ours, "Closed")
    yield* theirs.program.kill
    const { reason } = yield* soon("leaving", Effect.flip(ours.left))
    // The system ends the connections of a killed program: with a FIN where it has read all, else with a reset.
    const why = reason._tag === "SocketError" ? SocketFailure.errno(reason) : reason._tag
    assert.include(["PeerClosed", "ECONNRESET"], why)
    assert.strictEqual((yield* closed).reason, why)
  })
)

live(
  "our joiner notices that the original host has left, whose connections stay open",
  Effect.gen(function*() {
    const theirs = yield* originalHost()
    const ours = yield* ourJoiner(theirs.place)
    yield* theirs.logs(/added dist address/)
    yield* theirs.leave
    assert.strictEqual((yield* soon("leaving", Effect.flip(ours.left))).reason._tag, "PeerUnresponsive")
  })
)
