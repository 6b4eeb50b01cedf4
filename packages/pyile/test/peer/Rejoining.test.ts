import { assert, describe } from "@effect/vitest"
import { AuthPeer, JoinPeer, type PyileError } from "@peerage/pyile"
import { Keyed, Known, Machines } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import type { Rejoining } from "@peerage/wire"
import { Duration, Effect, Fiber, Queue, Redacted, Schedule } from "effect"
import { inet } from "../exchange/Pair.ts"
import { annIp, bobIp, elapse, host, hostIp, join, on, password, simulation, stoppable, visit } from "./Network.ts"
import { fateOf, peersOf, statuses, triesOf } from "./Watching.ts"

const rejoin = Schedule.spaced("1 second")

/** What listens where the host was greets everybody as release 0.0.3. */
const old = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(hostIp).listen(inet(`${hostIp}:4702`))
  const greet = Effect.map(Queue.take(listener.accepted), (pipe) => pipe.write([new TextEncoder().encode("notbanned")]))
  yield* Effect.forkScoped(Effect.forever(greet))
})

describe("a joiner that has lost its host", () => {
  simulation("comes back under its old name to its host, now at another chat port, and chats", function*() {
    const before = yield* stoppable({ chatPort: 50_000 })
    const ann = yield* join(annIp, { rejoin: JoinPeer.patiently })
    const bob = yield* join(bobIp, { rejoin })
    const { self } = ann
    const seen = yield* statuses(ann)
    yield* elapse("1 second")
    assert.deepStrictEqual(yield* peersOf(ann), [before.hosting.self, bob.self])
    yield* before.stop
    yield* elapse("20 seconds")
    const { hosting } = yield* stoppable({ chatPort: 60_000 })
    yield* elapse("1 minute")
    assert.deepStrictEqual(seen, ["Joined", "Reconnecting PeerClosed", "Joined"])
    assert.deepStrictEqual([yield* peersOf(hosting), yield* peersOf(bob)], [[bob.self, self], [hosting.self, self]])
    assert.deepStrictEqual(yield* peersOf(ann), [hosting.self, bob.self])
    assert.strictEqual((yield* hosting.send(self, "again")).acknowledged.length, 1)
    const log = (yield* ann.history.entries()).map(({ level, text }) => `${level} ${text}`)
    assert.match(log.join(), /^INFO joined.*WARNING the session ended.*INFO could not join again.*INFO joined/)
  })

  simulation.each([
    { why: "a password that has become wrong", reason: "WrongPassword", meets: host({ password: Redacted.make("x") }) },
    { why: "a ban", reason: "Banned", meets: Effect.flatMap(host(), (hosting) => hosting.ban(annIp)) },
    { why: "an incompatible host", reason: "IncompatiblePeer", meets: old },
    { why: "the end of its schedule", reason: "Unreachable", meets: Effect.void, rejoin: Schedule.recurs(1) },
    { why: "the end of its session without a schedule", reason: "PeerClosed", meets: host(), rejoin: undefined }
  ])("leaves for good at $why, and keeps that reason", function*({ meets, reason, ...options }) {
    const before = yield* stoppable()
    const ann = yield* visit(annIp, { rejoin, ...options })
    const seen = yield* statuses(ann)
    yield* before.stop
    yield* meets
    yield* elapse("1 hour")
    const trying = reason === "PeerClosed" ? [] : ["Reconnecting PeerClosed"]
    assert.deepStrictEqual(seen, ["Joined", ...trying, `Left ${reason}`])
    yield* ann.leave
    assert.deepStrictEqual([yield* fateOf(ann), seen.at(-1)], [reason, `Left ${reason}`])
    assert.strictEqual(yield* triesOf(annIp), 1 + trying.length)
  })

  simulation.each(["WrongPassphrase", "NotMember", "Banned", "KeyMismatch"] as const)(
    "leaves for good when a secure transport refuses it with %s",
    function*(reason) {
      const keyed = Keyed.make()
      const gate = { judge: () => reason, guessed: () => {}, admitted: () => {} }
      const hosting = AuthPeer.make({ password, listen: `${hostIp}:4702` })
      const before = yield* Machines.inOwnScope(keyed.on({ ip: hostIp, key: Keyed.keyOf(1) }, hosting))
      const joining = JoinPeer.make({ host: `${hostIp}:4702`, password, rejoin })
      const ann = yield* Effect.forkScoped(keyed.on({ ip: annIp, key: Keyed.keyOf(2) }, joining))
      yield* elapse("1 second")
      const seen = yield* statuses(yield* Fiber.join(ann))
      yield* before.leave
      yield* keyed.on({ ip: hostIp, key: Keyed.keyOf(1), gate }, hosting)
      yield* elapse("1 hour")
      assert.deepStrictEqual(seen, ["Joined", "Reconnecting PeerClosed", `Left ${reason}`])
      assert.strictEqual(yield* triesOf(annIp), 2)
    }
  )

  simulation("comes back after a kick as soon as the bar is over, however patient its schedule is", function*() {
    const hosting = yield* host()
    const ann = yield* join(annIp, { rejoin: Schedule.recurs(5) })
    const seen = yield* statuses(ann)
    yield* hosting.kick(ann.self)
    yield* elapse("29 seconds")
    assert.deepStrictEqual([seen, yield* triesOf(annIp)], [["Joined", "Reconnecting PeerClosed"], 2])
    yield* elapse("2 seconds")
    assert.deepStrictEqual([seen.at(-1), yield* peersOf(hosting), yield* triesOf(annIp)], ["Joined", [ann.self], 3])
  })

  simulation("does not come back after a kick when it is banned meanwhile", function*() {
    const hosting = yield* host()
    const ann = yield* join(annIp, { rejoin })
    yield* hosting.kick(ann.self)
    yield* elapse("10 seconds")
    yield* hosting.ban(annIp)
    yield* elapse("1 minute")
    assert.deepStrictEqual([yield* fateOf(ann), yield* peersOf(hosting)], ["Banned", []])
  })

  simulation("says during each pause why and for how long", function*() {
    const before = yield* stoppable()
    const waits: Array<string> = []
    const waiting = ({ pause, reason }: Rejoining.Retry<PyileError.SessionFailure>) =>
      Effect.sync(() => void waits.push(`${reason._tag} ${Duration.toMillis(pause)}`))
    yield* join(annIp, { rejoin, waiting })
    yield* before.stop
    yield* elapse("1500 millis")
    assert.deepStrictEqual(waits, ["PeerClosed 1000", "Unreachable 1000"])
  })

  simulation("begins its pauses anew after a stay, and not after an admission", function*() {
    const hosting = yield* host()
    const ann = yield* join(annIp, { rejoin: Schedule.exponential("1 second") })
    /** Thrown out, it comes back after so many seconds. */
    const pause = Effect.gen(function*() {
      const before = yield* triesOf(annIp)
      yield* hosting.kick(ann.self)
      yield* hosting.unban(Known.nameOf(annIp))
      let seconds = 0
      for (; seconds < 20 && (yield* triesOf(annIp)) === before; seconds++) yield* elapse("1 second")
      yield* elapse("200 millis")
      return seconds
    })
    assert.deepStrictEqual([yield* pause, yield* pause, yield* pause], [1, 2, 4])
    yield* elapse("10 seconds")
    assert.deepStrictEqual([yield* pause, yield* pause], [1, 2])
  })
})

describe("a joiner whose host is not there yet", () => {
  const persistent = (options: Partial<JoinPeer.JoinPeerOptions> = {}) =>
    Effect.forkChild(on(annIp, JoinPeer.persistently({ host: `${hostIp}:4702`, password, rejoin, ...options })))

  simulation("joins when it comes, with a listener of its latest try only", function*() {
    const joining = yield* persistent({ chatPort: 50_000 })
    yield* elapse("10 seconds")
    const hosting = yield* host()
    yield* elapse("3 seconds")
    const ann = yield* Fiber.join(joining)
    assert.deepStrictEqual([ann.self.toString(), yield* peersOf(hosting)], ["10.0.0.2:50000", [ann.self]])
    assert.strictEqual((yield* hosting.send(ann.self, "welcome")).acknowledged.length, 1)
  })

  simulation("tries once where nothing says that it should try again", function*() {
    yield* host()
    const joining = yield* persistent({ host: `${hostIp}:4703`, rejoin: undefined })
    yield* elapse("10 seconds")
    assert.strictEqual((yield* Effect.flip(Fiber.join(joining))).reason._tag, "Unreachable")
    assert.strictEqual(yield* triesOf(annIp, 4703), 1)
  })

  simulation.each([
    { reason: "WrongPassword", options: { password: Redacted.make("x") } },
    { reason: "NotIpv4", options: { host: "nobody" } },
    { reason: "ListenFailed", options: { listen: "10.0.0.99" } },
    { reason: "Unreachable", options: { host: "10.0.0.7", rejoin: undefined } }
  ])("gives up at once for $reason", function*({ options, reason }) {
    yield* host()
    const joining = yield* persistent(options)
    yield* elapse("10 seconds")
    assert.strictEqual((yield* Effect.flip(Fiber.join(joining))).reason._tag, reason)
  })
})
