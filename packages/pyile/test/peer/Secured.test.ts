/** Whole networks over the secure transport: bans by key, a passphrase that changes, and guesses that are counted. */
import { assert, describe } from "@effect/vitest"
import type { JoinPeer, PeerAddress, PyileEvent } from "@peerage/pyile"
import * as PeerAddresses from "@peerage/transport/PeerAddress"
import { Link } from "@peerage/wire"
import { Effect, Fiber, Redacted, Result, Stream } from "effect"
import { format } from "../../src/codec/Frame.ts"
import { Chat as ChatMessage } from "../../src/codec/Message.ts"
import { elapse, simulation } from "./Network.ts"
import * as Secured from "./SecuredNetwork.ts"
import { fateOf, peersOf, watch } from "./Watching.ts"

const guest = (number: number): Secured.Somebody => ({ name: `guest ${number}`, ip: `10.0.1.${number}` })

const says = (events: ReadonlyArray<PyileEvent.PyileEvent>) =>
  events.flatMap((event) => event._tag === "Message" ? [event.sender] : event._tag === "Rejected" ? [event.reason] : [])

/** A message of a peer that is no member any more, with the list that it has kept. */
const bytesFrom = (self: PeerAddress.PeerAddress) => {
  const from = { host: PeerAddresses.host(self), port: PeerAddresses.port(self) }
  return Result.getOrThrow(Link.encode(format, ChatMessage, { data: "hi", alias: "x", to: "Broadcast", from }))
}

describe("a network over the secure transport", () => {
  simulation.each([
    { how: "ban", size: 100 },
    { how: "kick", size: 20 }
  ])("of $size members has none that takes anything of a key 2 seconds after a $how", function*({ how, size }) {
    const { hosting } = yield* Secured.host()
    const joining = yield* Effect.forEach(
      Array.from({ length: size }, (_, index) => guest(index + 1)),
      (who) => Effect.forkScoped(Secured.joiner(who))
    )
    yield* elapse("30 seconds")
    const [bad, ...good] = yield* Effect.forEach(joining, Fiber.join)
    assert.isDefined(bad)
    if (bad === undefined) return
    const stale = yield* peersOf(bad.peer)
    assert.strictEqual(stale.length, size)
    const members = good.map(({ peer }) => peer)
    const events = yield* Effect.forEach(members, watch)
    yield* how === "ban" ? hosting.ban(bad.key) : hosting.kick(bad.peer.self)
    yield* elapse("2 seconds")
    for (const peers of yield* Effect.forEach(members, peersOf)) assert.notInclude(peers, bad.peer.self)
    for (const received of events) received.length = 0
    for (const to of stale) {
      const request = bad.transport.request(PeerAddresses.toInet(to), bytesFrom(bad.peer.self))
      yield* Effect.forkScoped(Effect.result(request))
    }
    yield* elapse("5 seconds")
    assert.deepStrictEqual(events.map(says), members.map(() => ["NotAMember"]))
    assert.include(["PeerClosed", "SocketError"], yield* fateOf(bad.peer))
    const { acknowledged, failed } = yield* said(members[0])
    assert.deepStrictEqual([acknowledged.length, failed], [size - 1, []])
  })
})

/** What becomes of something that a member says to all. */
const said = Effect.fnUntraced(function*(peer: JoinPeer.JoinPeerService | undefined) {
  if (peer === undefined) return yield* Effect.die("nobody")
  const saying = yield* Effect.forkScoped(peer.broadcast("hello"))
  yield* elapse("5 seconds")
  return yield* Fiber.join(saying)
})

describe("a host whose passphrase changes", () => {
  simulation("keeps its members, takes newcomers by the new one only, and all of them reach each other", function*() {
    const { admission, hosting, sessions } = yield* Secured.host()
    const ann = yield* Secured.join(guest(1))
    const bob = yield* Secured.join(guest(2))
    const rose = Redacted.make("rose")
    yield* sessions.rotate(rose, [ann.key, bob.key])
    yield* admission.rotate(rose)
    assert.strictEqual(yield* Secured.refusal(guest(3)), "WrongPassphrase")
    const cid = yield* Secured.join({ ...guest(4), passphrase: rose })
    yield* elapse("5 minutes")
    const peers = [ann, bob, cid].map(({ peer }) => peer)
    assert.deepStrictEqual(yield* Effect.forEach(peers, fateOf), ["stays", "stays", "stays"])
    assert.deepStrictEqual(yield* peersOf(hosting), peers.map(({ self }) => self))
    for (const peer of peers) {
      const others = [hosting.self, ...peers.filter((other) => other !== peer).map(({ self }) => self)]
      assert.deepStrictEqual((yield* said(peer)).acknowledged, others)
    }
  })
})

describe("a host whose passphrase is guessed over the secure transport", () => {
  simulation("judges the allowed number of guesses at once, and lets members come meanwhile", function*() {
    const { hosting, sessions } = yield* Secured.host()
    const refused: Array<string> = []
    yield* Effect.forkScoped(
      Stream.runForEach(
        sessions.events,
        (event) => Effect.sync(() => event._tag === "Refused" ? refused.push(event.reason) : undefined)
      ),
      { startImmediately: true }
    )
    const wrong = Redacted.make("rose")
    for (let number = 0; number < 60; number++) {
      const guesser = { name: `guesser ${number}`, ip: "10.0.0.66", passphrase: wrong }
      yield* Effect.forkScoped(Effect.ignore(Effect.scoped(Secured.joiner(guesser))))
    }
    const ann = yield* Secured.join(guest(1))
    yield* elapse("30 seconds")
    const judged = refused.filter((reason) => reason === "WrongPassphrase")
    assert.deepStrictEqual([judged.length, refused.length > 50], [5, true])
    assert.deepStrictEqual(yield* peersOf(hosting), [ann.peer.self])
    const [ban] = yield* hosting.bans
    assert.strictEqual(ban?.reason, "5 wrong passphrases")
    assert.strictEqual(yield* Secured.refusal({ name: "late", ip: "10.0.0.66" }), "TooManyGuesses")
  })
})
