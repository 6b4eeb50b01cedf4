import { assert, describe, it } from "@effect/vitest"
import * as Contest from "../src/Contest.ts"
import type { Contender, Measurement } from "../src/Job.ts"
import { job } from "./Fixtures.ts"

const options = (rounds: number): Contest.Options => ({ rounds, scale: 1, progress: () => {} })

/** A contender that writes down what it is asked, and gives one measurement after the other. */
const fake = (
  name: string,
  log: Array<string>,
  measure: (round: number) => Measurement = () => ({ value: 1 })
): Contender => ({
  name,
  open: async (scale) => {
    log.push(`${name} opens at ${scale}`)
    let round = 0
    return {
      round: async () => {
        log.push(name)
        return measure(round++)
      },
      close: async () => void log.push(`${name} closes`)
    }
  }
})

const failing = (words: string) => (): never => {
  throw new Error(words)
}

/** What a run that must fail says. */
const failure = (running: Promise<unknown>) =>
  running.then(() => assert.fail("it did not fail"), (error: unknown) => error instanceof Error ? error.message : "")

describe("Contest", () => {
  it("has everybody go first in turn, and closes everybody", async () => {
    const log: Array<string> = []
    await Contest.run(job({ contenders: [fake("a", log), fake("b", log), fake("c", log)] }), options(2))
    const turns = log.filter((line) => line.length === 1).join("")
    assert.strictEqual(turns, "abc" + "bca" + "cab")
    assert.sameMembers(log.slice(-3), ["a closes", "b closes", "c closes"])
  })

  it("warms up for as many rounds as a job asks for, fewer for a quick look", async () => {
    const log: Array<string> = []
    const warm = job({ contenders: [fake("a", log)], warmUps: 10 })
    await Contest.run(warm, options(2))
    await Contest.run(warm, { ...options(2), scale: 0.1 })
    assert.strictEqual(log.filter((line) => line === "a").length, 10 + 2 + 1 + 2)
  })

  it("does not count the round to warm up", async () => {
    const ours = fake("ours", [], (round) => ({ value: round === 0 ? 1_000_000 : round * 10 }))
    const [result] = await Contest.run(job({ contenders: [ours] }), options(3))
    assert.deepStrictEqual(result?.value, { median: 20, min: 10, max: 30 })
  })

  it("takes the median of CPU and the most of memory", async () => {
    const ours = fake("ours", [], (round) => ({ value: 1, cpuMicros: [99, 1, 2, 9][round], peakBytes: round * 100 }))
    const [result, other] = await Contest.run(job({ contenders: [ours, fake("other", [])] }), options(3))
    assert.deepStrictEqual([result?.cpuMicros, result?.peakBytes], [2, 300])
    assert.deepStrictEqual([other?.cpuMicros, other?.peakBytes], [undefined, undefined])
  })

  it("hands the scale on, and tells where it is", async () => {
    const log: Array<string> = []
    const told: Array<string> = []
    const progress = (text: string) => void told.push(text)
    await Contest.run(job({ contenders: [fake("a", log)] }), { rounds: 1, scale: 0.5, progress })
    assert.strictEqual(log[0], "a opens at 0.5")
    assert.deepStrictEqual(told, ["job: warming up, a", "job: round 1 of 1, a"])
  })

  it("closes everybody when a round fails, and says why it did", async () => {
    const log: Array<string> = []
    const contenders = [fake("a", log), fake("b", log, failing("b is out of breath"))] as const
    assert.strictEqual(await failure(Contest.run(job({ contenders }), options(1))), "b is out of breath")
    assert.includeMembers(log, ["a closes", "b closes"])
  })

  it("closes who is open when another cannot be opened", async () => {
    const log: Array<string> = []
    const b: Contender = { name: "b", open: async () => failing("b does not start")() }
    assert.strictEqual(
      await failure(Contest.run(job({ contenders: [fake("a", log), b] }), options(1))),
      "b does not start"
    )
    assert.deepStrictEqual(log, ["a opens at 1", "a closes"])
  })

  it("tells why somebody is absent, does not open them, and runs the others", async () => {
    const log: Array<string> = []
    const absent = { ...fake("b", log), absent: () => Promise.resolve("b is not installed.") }
    const results = await Contest.run(job({ contenders: [fake("a", log), absent] }), options(1))
    assert.deepStrictEqual(results.map(({ absent, name }) => [name, absent]), [
      ["a", undefined],
      ["b", "b is not installed."]
    ])
    assert.deepStrictEqual(log, ["a opens at 1", "a", "a", "a closes"])
  })
})
