/** Limits of guesses, from one address, from all, and by members. */
import { assert, describe, it } from "@effect/vitest"
import { Gate } from "@peerage/secure"
import { Effect, Ref } from "effect"
import { TestClock } from "effect/testing"
import { seeded } from "./Peers.ts"

const key = (name: string) => seeded(name).identity.key
const stranger = (host: string, name = host) => ({ host, key: key(name), known: false })

const guess = (gate: Gate.Gate, host: string, times: number, name?: string) => {
  for (let time = 0; time < times; time++) gate.guessed(stranger(host, name))
}

describe("a gate", () => {
  it.effect("refuses an address for ten minutes after five wrong passphrases, and no other", () =>
    Effect.gen(function*() {
      const gate = yield* Gate.make()
      guess(gate, "10.0.0.1", 4)
      assert.strictEqual(gate.judge(stranger("10.0.0.1")), "Pass")
      guess(gate, "10.0.0.1", 1)
      assert.strictEqual(gate.judge(stranger("10.0.0.1", "another key")), "TooManyGuesses")
      assert.strictEqual(gate.judge(stranger("10.0.0.2")), "Pass")
      yield* TestClock.adjust("599 seconds")
      assert.strictEqual(gate.judge(stranger("10.0.0.1")), "TooManyGuesses")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(gate.judge(stranger("10.0.0.1")), "Pass")
    }))

  it.effect("asks Effects at once, and sees what they have changed", () =>
    Effect.gen(function*() {
      const guesses = yield* Ref.make(0)
      const gate = yield* Gate.fromEffects({
        judge: ({ known }) => Effect.map(Ref.get(guesses), (count) => count < 2 || known ? "Pass" : "Banned"),
        guessed: () => Ref.update(guesses, (count) => count + 1)
      })
      guess(gate, "10.0.0.1", 1)
      assert.strictEqual(gate.judge(stranger("10.0.0.1")), "Pass")
      guess(gate, "10.0.0.1", 1)
      assert.strictEqual(gate.judge(stranger("10.0.0.1")), "Banned")
      assert.strictEqual(gate.judge({ ...stranger("10.0.0.1"), known: true }), "Pass")
      gate.admitted(stranger("10.0.0.1"))
      assert.strictEqual(yield* Ref.get(guesses), 2)
    }))

  it.effect("takes a /64 of IPv6 for one address", () =>
    Effect.gen(function*() {
      const gate = yield* Gate.make()
      for (let host = 1; host <= 5; host++) guess(gate, `fd00:0:0:1::${host}`, 1)
      assert.strictEqual(gate.judge(stranger("fd00:0:0:1::99")), "TooManyGuesses")
      assert.strictEqual(gate.judge(stranger("fd00:0:0:2::1")), "Pass")
    }))

  it.effect("admits members behind an address that guesses, and lets a member guess no more than others", () =>
    Effect.gen(function*() {
      const gate = yield* Gate.make()
      const member = { ...stranger("10.0.0.1", "member"), known: true }
      guess(gate, "10.0.0.1", 5)
      assert.strictEqual(gate.judge(member), "Pass")
      guess(gate, "10.0.0.1", 5, "member")
      assert.strictEqual(gate.judge(member), "TooManyGuesses")
    }))

  it.effect("admits no stranger for the rest of a minute with sixty guesses, and members all the same", () =>
    Effect.gen(function*() {
      const gate = yield* Gate.make()
      for (let host = 0; host < 59; host++) guess(gate, `10.0.1.${host}`, 1)
      assert.strictEqual(gate.judge(stranger("10.0.0.1")), "Pass")
      yield* TestClock.adjust("30 seconds")
      guess(gate, "10.0.2.1", 1)
      assert.strictEqual(gate.judge(stranger("10.0.0.1")), "Busy")
      assert.strictEqual(gate.judge({ ...stranger("10.0.0.1"), known: true }), "Pass")
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(gate.judge(stranger("10.0.0.1")), "Pass")
    }))

  it.effect("takes other limits, and none that cannot be", () =>
    Effect.gen(function*() {
      const gate = yield* Gate.make({ attempts: 1, banFor: "1 second", attemptsPerMinute: 2 })
      guess(gate, "10.0.0.1", 1)
      assert.strictEqual(gate.judge(stranger("10.0.0.1")), "TooManyGuesses")
      guess(gate, "10.0.0.2", 1)
      assert.strictEqual(gate.judge(stranger("10.0.0.3")), "Busy")
      const exit = yield* Effect.exit(Gate.make({ attempts: 0 }))
      assert.include(`${exit}`, "attempts of Gate.make")
    }))
})
