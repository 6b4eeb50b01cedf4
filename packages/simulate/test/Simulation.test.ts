/** Time in the hand: what a run promises of it, and what becomes of programs that do not end. */
import { assert, describe, it } from "@effect/vitest"
import { Host, Simulation } from "@peerage/simulate"
import { Misuse } from "@peerage/testing"
import * as Transport from "@peerage/transport/Simulation"
import { Clock, Effect, Schedule } from "effect"
import { echo, pair, say, simulation } from "./Kit.ts"

const { sentence } = Misuse

describe("a simulation", () => {
  it.live("takes no time, however long it is, and succeeds as the program does", () =>
    Effect.gen(function*() {
      const result = yield* Effect.sleep("40 minutes").pipe(Effect.as(7), Simulation.run())
      assert.strictEqual(result, 7)
      assert.strictEqual(yield* Effect.flip(Simulation.run()(Effect.fail("why"))), "why")
    }))

  simulation("waits for settled promises before it lets time pass", function*() {
    const slow = Effect.promise(() => Promise.resolve(1).then((one) => one + 1).then((two) => two + 1))
    const host = yield* Host.make("host")
    assert.strictEqual(yield* host.run(Effect.timeout(slow, "1 milli")), 3)
  })

  simulation("lets the helpers of the transport's own simulations work inside of it", function*() {
    const { client, connection } = yield* pair
    yield* Transport.elapse("1 minute")
    assert.strictEqual(yield* Transport.during("1 second", client.run(say(connection, "hello"))), "hello")
    assert.strictEqual(yield* Clock.currentTimeMillis, 61_020)
  })

  it.effect("gives the hosts that are left the time that their finalizers take", () =>
    Effect.gen(function*() {
      let closedAt = 0
      const leaving = Effect.addFinalizer(() =>
        Effect.sleep("2 minutes").pipe(
          Effect.andThen(Clock.currentTimeMillis),
          Effect.map((now) => void (closedAt = now))
        )
      )
      yield* Effect.flatMap(Host.make("host"), (host) => host.run(leaving)).pipe(Simulation.run())
      assert.strictEqual(closedAt, 120_000)
    }))

  it.effect("leaves at once the hosts that are paused", () =>
    Effect.flatMap(Host.make("host", Effect.never), (host) => host.pause).pipe(Simulation.run()))

  it.effect("names the hosts that do not end", () =>
    Effect.gen(function*() {
      const beating = Effect.forkScoped(Effect.repeat(Effect.void, Schedule.spaced("1 second")))
      const stuck = Effect.gen(function*() {
        yield* Host.make("quick", echo)
        for (const name of ["slow", "slower"]) {
          const host = yield* Host.make(name)
          yield* host.run(Effect.addFinalizer(() => Effect.never))
        }
        yield* Host.make("beating", beating)
      })
      assert.strictEqual(
        yield* sentence(stuck.pipe(Simulation.run({ closeWithin: "20 seconds" }))),
        "These hosts have not stopped: slow, slower, and nothing can happen any more: everybody waits for somebody " +
          "else. Look at who should have acted, or wait with a timeout."
      )
    }))

  it.effect("names a host that lets no time pass", () =>
    Effect.gen(function*() {
      const spinning = Effect.andThen(Host.make("busy", Effect.forever(Effect.yieldNow)), Effect.sleep(1))
      assert.match(
        yield* sentence(spinning.pipe(Simulation.run())),
        /^No time passes any more: busy goes on without waiting for anything, at 0 ms. Let its loop sleep/
      )
    }))

  it.effect("names a program that does not end", () =>
    Effect.gen(function*() {
      const beating = Effect.repeat(Effect.void, Schedule.spaced("1 second"))
      assert.match(
        yield* sentence(beating.pipe(Simulation.run({ within: "1 minute" }))),
        /^The program has not ended after 1m of simulated time. Give it more time/
      )
      assert.match(
        yield* sentence(Effect.never.pipe(Simulation.run())),
        /^The program has not ended, and nothing can happen any more: everybody waits/
      )
    }))

  it.effect("is misused with options that cannot be, all of which are named", () =>
    Effect.gen(function*() {
      const options = {
        seed: NaN,
        within: NaN,
        closeWithin: 0,
        link: { latency: -1, loss: 2, bandwidth: NaN },
        faults: [{ at: 1, kill: "a", loss: 1 }],
        chaos: { kill: -1, lasting: 0 }
      }
      const misused = Simulation.run(options)(Effect.void)
      assert.deepStrictEqual((yield* sentence(misused)).match(/The option .*? is /g), [
        "The option seed of Simulation.run is ",
        "The option within of Simulation.run is ",
        "The option closeWithin of Simulation.run is ",
        "The option link.latency of Simulation.run is ",
        "The option link.bandwidth of Simulation.run is ",
        "The option link.loss of Simulation.run is ",
        "The option chaos.kill of Simulation.run is ",
        "The option chaos.lasting of Simulation.run is ",
        "The option faults.0.loss of Simulation.run is "
      ])
    }))
})
