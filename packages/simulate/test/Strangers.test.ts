/** Faults of hosts that there are not: told at once, all of them, before any of them is due. */
import { assert, describe, it } from "@effect/vitest"
import { Host, Scenario, Simulation } from "@peerage/simulate"
import { Misuse } from "@peerage/testing"
import { Clock, Effect, Layer } from "effect"
import { echo } from "./Kit.ts"

const hint = "Where hosts are made later, name all with the option hosts."

describe("a run whose faults name hosts that there are not", () => {
  it.effect("dies before time passes, with all that is wrong", () =>
    Effect.gen(function*() {
      let at = -1
      const program = Effect.gen(function*() {
        yield* Host.make("server", echo)
        yield* Host.make("client")
        yield* Effect.sleep(1)
        at = yield* Clock.currentTimeMillis
      })
      const run = program.pipe(Simulation.run({
        faults: [
          { at: "5 seconds", kill: "sever" },
          { at: "1 hour", cut: ["server", "client,clint"] },
          { at: "2 hours", pause: "all" }
        ],
        chaos: { kill: 1, hosts: ["server", "cleint"] }
      }))
      assert.strictEqual(
        yield* Misuse.sentence(run),
        [[`faults.0.kill`, "sever"], ["faults.1.cut", "clint"], ["chaos.hosts.1", "cleint"]].map(([option, name]) =>
          `The option ${option} of Simulation.run is "${name}". Give the name of a host: server, client.`
        ).join(" ") + ` ${hint}`
      )
      assert.strictEqual(at, -1)
    }))

  it.effect("waits for hosts whose programs take time to start", () =>
    Effect.gen(function*() {
      const slow = Layer.effectDiscard(Effect.sleep("1 minute"))
      const program = Effect.gen(function*() {
        yield* Host.make("one", slow)
        const two = yield* Host.make("two", slow)
        yield* Effect.sleep("1 minute")
        return yield* two.status
      })
      const status = yield* program.pipe(Simulation.run({ faults: [{ at: "150 seconds", kill: "two" }] }))
      assert.strictEqual(status, "Killed")
    }))

  it.effect("dies before anything runs where it was told which hosts there will be, and says all at once", () =>
    Effect.gen(function*() {
      let ran = false
      const program = Effect.sync(() => void (ran = true))
      const options = { hosts: ["1", "2"], faults: [{ at: -1, kill: "1-2,3" }], chaos: { cut: 1, hosts: ["4"] } }
      assert.deepStrictEqual((yield* Misuse.sentence(program.pipe(Simulation.run(options)))).match(/option \S+/g), [
        "option faults.0.at",
        "option faults.0.kill",
        "option chaos.hosts.0"
      ])
      assert.match(
        yield* Misuse.sentence(program.pipe(Simulation.check({ hosts: ["1"], faults: [{ at: 1, kill: "2" }] }))),
        /^The option faults.0.kill of Simulation.run is "2". Give the name of a host: 1\.$/
      )
      assert.isFalse(ran)
    }))

  it.effect("may name hosts that are made later, where it was told of them", () =>
    Effect.gen(function*() {
      const program = Effect.gen(function*() {
        yield* Host.make("first")
        yield* Effect.sleep("1 minute")
        const late = yield* Host.make("late")
        yield* Effect.sleep("1 minute")
        return yield* late.status
      })
      const faults = [{ at: "90 seconds", kill: "late" }] as const
      assert.strictEqual(yield* program.pipe(Simulation.run({ faults, hosts: ["first", "late"] })), "Killed")
      assert.include(yield* Misuse.sentence(program.pipe(Simulation.run({ faults }))), hint)
    }))
})

describe("faults that are played inside of a run", () => {
  it.effect("are refused at once, all that is wrong", () =>
    Effect.gen(function*() {
      const play = Scenario.play([{ at: 1000, kill: "1", loss: 0.5 }, { at: 2000, cut: ["1", "2"], latency: -1 }])
      assert.deepStrictEqual((yield* Misuse.sentence(play.pipe(Simulation.run()))).match(/option \S+/g), [
        "option faults.1.latency",
        "option faults.0.loss",
        "option faults.1.latency"
      ])
    }))
})
