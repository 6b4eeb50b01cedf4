import { assert, describe } from "@effect/vitest"
import { JoinPeer } from "@peerage/pyile"
import { Known } from "@peerage/testing"
import { Effect, Fiber } from "effect"
import type { Nat } from "./Nat.ts"
import { behind } from "./Nat.ts"
import { bobIp, elapse, host, hostIp, join, joiner, pair, password, simulation } from "./Network.ts"
import { peersOf, watch } from "./Watching.ts"

const nat = { inside: "192.168.1.5", outside: "10.0.0.2" }

/** Joins from behind NAT. */
const joinBehind = Effect.fnUntraced(
  function*(options: Partial<JoinPeer.JoinPeerOptions> = {}, around: Nat = nat) {
    const making = JoinPeer.make({ host: `${hostIp}:4702`, password, chatPort: 50_000, ...options })
    const joining = yield* Effect.forkChild(behind(around, making))
    yield* elapse("1 second")
    return yield* Fiber.join(joining)
  }
)

describe("a joiner behind NAT", () => {
  simulation("is turned away when it claims its inner address, and both ends are told both addresses", function*() {
    const hosting = yield* host()
    const events = yield* watch(hosting)
    const { reason } = yield* Effect.flip(joinBehind())
    assert.deepInclude(reason, { _tag: "ForeignAddress", claimed: "192.168.1.5:50000", remote: "10.0.0.2" })
    assert.match(reason.message, /192\.168\.1\.5:50000.*10\.0\.0\.2.*--advertise 10\.0\.0\.2.*--trust-claims/)
    const turnedAway = { _tag: "Rejected", host: "10.0.0.2", reason: "ForeignAddress", claimed: "192.168.1.5:50000" }
    assert.deepStrictEqual<unknown>(events, [{ ...turnedAway, ...Known.keyOf("10.0.0.2") }])
    const [entry] = (yield* hosting.history.entries()).slice(-1)
    assert.match(`${entry?.level} ${entry?.text}`, /^WARNING 10\.0\.0\.2 did not join: .*192\.168\.1\.5:50000/)
  })

  simulation("joins as the outer address that it advertises, and chats both ways", function*() {
    const hosting = yield* host()
    const bob = yield* join(bobIp)
    const ann = yield* joinBehind({ advertise: "10.0.0.2" })
    yield* elapse("1 second")
    assert.strictEqual<string>(ann.self, "10.0.0.2:50000")
    assert.deepStrictEqual([yield* peersOf(ann), yield* peersOf(hosting)], [[hosting.self, bob.self], [
      bob.self,
      ann.self
    ]])
    const [atHost, atBob] = [yield* watch(hosting), yield* watch(bob)]
    assert.deepStrictEqual((yield* hosting.broadcast("hello")).acknowledged, [bob.self, ann.self])
    assert.deepStrictEqual((yield* ann.broadcast("hi")).acknowledged, [hosting.self, bob.self])
    for (const events of [atHost, atBob]) {
      const said = events.flatMap((event) => event._tag === "Message" && event.data === "hi" ? [event] : [])
      assert.deepStrictEqual(said.map(({ from, sender }) => [from, sender]), [[ann.self, "Verified"]])
    }
  })

  simulation("advertises another port than it listens at, which is forwarded", function*() {
    const hosting = yield* host()
    const ann = yield* joinBehind({ advertise: "10.0.0.2:60000" }, { ...nat, forwarded: [[60_000, 50_000]] })
    assert.strictEqual<string>(ann.self, "10.0.0.2:60000")
    assert.deepStrictEqual((yield* hosting.send(ann.self, "hello")).acknowledged, [ann.self])
  })

  simulation.each(["::1", "example.org", "10.0.0.2:0", "0.0.0.0"])("cannot advertise %s", function*(advertise) {
    yield* host()
    assert.strictEqual((yield* Effect.flip(joinBehind({ advertise }))).reason._tag, "NotIpv4")
  })

  simulation("is known by its claim to a host that trusts claims, which reads what it says", function*() {
    const hosting = yield* host({ trustClaims: true })
    const ann = yield* joinBehind()
    assert.deepStrictEqual((yield* peersOf(hosting)).join(), "192.168.1.5:50000")
    const events = yield* watch(hosting)
    assert.deepStrictEqual((yield* ann.broadcast("hi")).acknowledged, [hosting.self])
    assert.deepInclude(events.find(({ _tag }) => _tag === "Message"), { from: ann.self, sender: "Verified" })
    const bob = yield* joinBehind({ chatPort: 50_001 }, { ...nat, inside: "192.168.1.6" })
    yield* bob.send(hosting.self, "me too")
    assert.deepInclude(events.at(-1), { from: bob.self, sender: Known.hasKeys ? "Verified" : "SharedAddress" })
  })
})

describe("a joiner that finds the network full", () => {
  simulation("is told so", function*() {
    yield* pair({ config: { maxMembers: 1 } })
    const joining = yield* Effect.forkChild(Effect.flip(joiner(bobIp)))
    yield* elapse("1 second")
    const { reason } = yield* Fiber.join(joining)
    assert.deepInclude(reason, { _tag: "TooMany", of: "members", limit: 1 })
  })
})
