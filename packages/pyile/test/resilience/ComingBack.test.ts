import { assert, describe, it } from "@effect/vitest"
import { JoinPeer } from "@peerage/pyile"
import { MemoryNetwork } from "@peerage/transport"
import { Duration, Effect, Fiber, Schedule } from "effect"
import { elapse, fateOf, join, joiner, peersOf, settle, simulated, visit, watch } from "../peer/Network.ts"
import { house, statuses, tries } from "./House.ts"

const annIp = "10.0.0.2"
const slow = Effect.provide(MemoryNetwork.layer({ link: { latency: "10 millis" } }))

describe("a joiner that lost its host", () => {
  it.effect("tries again after the schedule's first pause and not before", () =>
    Effect.gen(function*() {
      const before = yield* house()
      yield* join(annIp, { rejoin: Schedule.spaced("5 seconds") })
      yield* before.stop
      yield* house()
      yield* elapse(4999)
      assert.strictEqual((yield* tries(annIp)).length, 1)
      yield* elapse(1)
      assert.strictEqual((yield* tries(annIp)).length, 2)
    }).pipe(simulated))

  it.effect("pauses ever longer at a host that admits it and dismisses it at once", () =>
    Effect.gen(function*() {
      // No answer can be there within a millisecond.
      yield* house({ config: { heartbeatTimeout: Duration.millis(1) } })
      const joining = yield* Effect.forkScoped(joiner(annIp, { rejoin: JoinPeer.patiently }))
      for (let step = 0; step < 8; step++) yield* elapse("100 millis")
      const events = yield* watch(yield* Fiber.join(joining))
      for (let step = 0; step < 600; step++) yield* elapse("100 millis")
      const again = events.filter(({ _tag }) => _tag === "Connected").length
      assert.isAbove(again, 2)
      assert.isBelow(again, 15)
    }).pipe(slow))

  it.effect("begins its pauses anew after a stay, and not after an admission", () =>
    Effect.gen(function*() {
      const { hosting } = yield* house()
      const ann = yield* join(annIp, { rejoin: Schedule.exponential("1 second") })
      /** Thrown out, it comes back after so many seconds. */
      const pause = Effect.gen(function*() {
        const before = (yield* tries(annIp)).length
        yield* hosting.kick(ann.self)
        yield* hosting.unban(annIp)
        for (let seconds = 1; seconds < 20; seconds++) {
          yield* elapse("1 second")
          if ((yield* tries(annIp)).length > before) {
            yield* elapse("200 millis")
            return seconds
          }
        }
        return undefined
      })
      assert.deepStrictEqual([yield* pause, yield* pause, yield* pause], [1, 2, 4])
      yield* elapse("10 seconds")
      assert.deepStrictEqual([yield* pause, yield* pause], [1, 2])
    }).pipe(simulated))

  it.effect("has left at once, and never says that it reconnects, when it has no schedule", () =>
    Effect.gen(function*() {
      const before = yield* house()
      const ann = yield* join(annIp)
      const seen = yield* statuses(ann)
      yield* before.stop
      assert.deepStrictEqual(seen, ["Joined", "Left PeerClosed"])
      assert.strictEqual(yield* fateOf(ann), "PeerClosed")
    }).pipe(simulated))

  it.effect("has its host first among its peers when the host came back with another chat port", () =>
    Effect.gen(function*() {
      const before = yield* house({ chatPort: 50_000 })
      const ann = yield* join(annIp, { rejoin: Schedule.spaced("2 seconds") })
      const bob = yield* join("10.0.0.3", { rejoin: Schedule.spaced("1 second") })
      yield* elapse("1 second")
      assert.deepStrictEqual(yield* peersOf(ann), [before.hosting.self, bob.self])
      yield* before.stop
      const { hosting } = yield* house({ chatPort: 60_000 })
      for (let step = 0; step < 10; step++) yield* elapse("500 millis")
      assert.deepStrictEqual(yield* peersOf(ann), [hosting.self, bob.self])
      assert.deepStrictEqual(yield* peersOf(bob), [hosting.self, ann.self])
    }).pipe(simulated))

  it.effect("keeps why it left when it was banned meanwhile, whatever ends after that", () =>
    Effect.gen(function*() {
      const before = yield* house()
      const ann = yield* visit(annIp, { rejoin: Schedule.spaced("1 second") })
      yield* before.stop
      const { hosting } = yield* house()
      yield* hosting.ban(annIp)
      yield* elapse("1 second")
      assert.deepStrictEqual(ann.status.value, { _tag: "Left", reason: "Banned" })
      yield* ann.leave
      assert.deepStrictEqual(ann.status.value, { _tag: "Left", reason: "Banned" })
    }).pipe(simulated))
})

describe("a joiner that came back once", () => {
  it.effect("leaves as politely as before: auth connection first, nothing closed or begun again", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const before = yield* house()
      const ann = yield* visit(annIp, { rejoin: Schedule.spaced("1 second") })
      const events = yield* watch(ann)
      const seen = yield* statuses(ann)
      yield* before.stop
      const { hosting } = yield* house()
      yield* elapse("8 seconds")
      assert.deepStrictEqual(seen.splice(0), ["Joined", "Reconnecting PeerClosed", "Joined"])
      events.splice(0)
      const mark = (yield* network.trace).length
      yield* ann.leave
      yield* elapse("10 seconds")
      assert.deepStrictEqual([seen, events], [["Left Left"], []])
      const after = (yield* network.trace).slice(mark)
      assert.deepStrictEqual(after.filter(({ kind }) => kind === "SYN" || kind === "RST"), [])
      const own = after.filter(({ from, kind }) => kind === "FIN" && from.startsWith(`${annIp}:`))
      assert.deepStrictEqual(own.map(({ to }) => to.endsWith(":4702")), [true, false])
      yield* settle
      assert.deepStrictEqual(yield* peersOf(hosting), [])
    }).pipe(simulated))
})
