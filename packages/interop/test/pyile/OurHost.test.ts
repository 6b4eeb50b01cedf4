/** A host of ours with original joiners. */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { loopback, mortal, next } from "../Events.ts"
import { live } from "../Live.ts"
import * as Ours from "../Ours.ts"
import { attempt, knows, lists, originalJoiner, originals, ourHost, ourJoiner, wrong } from "./Network.ts"

live(
  "our host takes an original in, and each knows the other",
  Effect.gen(function*() {
    const host = yield* ourHost()
    const joined = yield* next(host, "Joined")
    const theirs = yield* originalJoiner(host.place)
    assert.deepStrictEqual(yield* joined, { _tag: "Joined", peer: theirs.self })
    yield* lists(theirs, [host.self, theirs.self])
    yield* knows(host, [theirs.self])
  })
)

live(
  "our host refuses an original's wrong password, and takes the right one afterwards",
  Effect.gen(function*() {
    const host = yield* ourHost()
    const [program, ip] = [yield* originals, yield* loopback]
    const rejected = yield* next(host, "Rejected")
    const refused = yield* attempt(program, { alias: "first", ip, place: host.place, secret: wrong })
    assert.isFalse(refused.authenticated)
    assert.deepStrictEqual(yield* rejected, { _tag: "Rejected", host: ip, reason: "WrongPassword" })
    assert.isTrue((yield* attempt(program, { alias: "second", ip, place: host.place })).authenticated)
  })
)

live(
  "our host bans an original's address after as many wrong passwords as it allows, and no other",
  Effect.gen(function*() {
    const host = yield* ourHost({ attempts: 2 })
    const [program, ip] = [yield* originals, yield* loopback]
    const banned = yield* next(host, "Banned")
    for (const alias of ["first", "second"]) {
      assert.isFalse((yield* attempt(program, { alias, ip, place: host.place, secret: wrong })).authenticated)
    }
    assert.deepStrictEqual(yield* banned, { _tag: "Banned", host: ip })
    assert.isNull((yield* attempt(program, { alias: "third", ip, place: host.place })).authenticated)
    const elsewhere = yield* loopback
    assert.isTrue((yield* attempt(program, { alias: "fourth", ip: elsewhere, place: host.place })).authenticated)
  })
)

live(
  "our host tells a kicked original for how long it is barred, which that takes for a ban",
  Effect.gen(function*() {
    const host = yield* ourHost()
    const [program, ip] = [yield* originals, yield* loopback]
    const joined = yield* next(host, "Joined")
    assert.isTrue((yield* attempt(program, { alias: "first", ip, place: host.place })).authenticated)
    assert.isTrue(yield* host.kick((yield* joined).peer))
    assert.isNull((yield* attempt(program, { alias: "second", ip, place: host.place })).authenticated)
    assert.isTrue(yield* host.unban(ip))
    assert.isTrue((yield* attempt(program, { alias: "third", ip, place: host.place })).authenticated)
  })
)

live(
  "our host and an original keep one another for more than 10 seconds of heartbeats",
  Effect.gen(function*() {
    const host = yield* ourHost()
    const theirs = yield* originalJoiner(host.place)
    const left = yield* next(host, "Left")
    // Ours gives up after 4 s without an answer, the original after 6 s without a beat.
    assert.deepStrictEqual(yield* Effect.timeoutOption(left, "10.5 seconds"), Option.none())
    yield* knows(host, [theirs.self])
    assert.deepStrictEqual(theirs.program.told("left"), [])
    assert.deepStrictEqual(theirs.program.told("log", { level: "ERROR" }), [])
  })
)

live(
  "our host tells originals and ours of one another, as they come, leave and die",
  Effect.gen(function*() {
    const host = yield* ourHost()
    const [leaving, dying] = [yield* originalJoiner(host.place), yield* originalJoiner(host.place)]
    const ours = yield* ourJoiner(host.place)
    yield* knows(host, [leaving.self, dying.self, ours.self])
    yield* knows(ours, [host.self, leaving.self, dying.self])
    for (const theirs of [leaving, dying]) yield* lists(theirs, [host.self, leaving.self, dying.self, ours.self])

    yield* leaving.leave
    yield* knows(host, [dying.self, ours.self])
    yield* lists(dying, [host.self, dying.self, ours.self])
    yield* dying.program.kill
    yield* knows(host, [ours.self])
    yield* knows(ours, [host.self])
  })
)

live(
  "our host lets twenty originals in, one after the other, without one failure",
  Effect.gen(function*() {
    const host = yield* ourHost()
    const program = yield* originals
    const joined = yield* Effect.forEach(Array.from({ length: 20 }), (_, index) =>
      Effect.gen(function*() {
        const { authenticated, self } = yield* attempt(program, {
          alias: `joiner ${index}`,
          ip: yield* loopback,
          place: host.place
        })
        assert.isTrue(authenticated)
        return self
      }))
    yield* knows(host, joined)
  })
)

live(
  "an original notices that our host has left",
  Effect.gen(function*() {
    const { end, peer } = yield* mortal(ourHost())
    const theirs = yield* originalJoiner(peer.place)
    yield* lists(theirs, [peer.self, theirs.self])
    yield* end
    yield* theirs.gone
  })
)

live(
  "an original notices that our host was killed",
  Effect.gen(function*() {
    const host = yield* Ours.start(["pyile", "host", "--listen", `${yield* loopback}:0`, "--password", "sesame ✓"])
    const { address } = yield* host.tells("Listening")
    const theirs = yield* originalJoiner(String(address))
    yield* host.tells("Joined", { peer: theirs.self })
    yield* host.kill
    yield* theirs.gone
  })
)
