import { assert, describe, it } from "@effect/vitest"
import * as Anew from "../src/Anew.ts"
import type { Contender } from "../src/Job.ts"

/** A contender that writes down what it is asked. Its process of this number measures that number, plus the round's. */
const fake = (log: Array<string>): Contender => {
  let process = 0
  return {
    name: "ours",
    open: (scale) => {
      const own = 100 * process++
      let round = 0
      log.push(`opens at ${scale}`)
      return Promise.resolve({
        round: () => {
          log.push("plays")
          const value = own + round++
          return Promise.resolve({ value, cpuMicros: 2 * value, peakBytes: value })
        },
        close: async () => void log.push("closes")
      })
    }
  }
}

const options: Anew.Options = { processes: 2, warmUps: 1, rounds: 2 }

describe("a contender whose rounds have processes of their own", () => {
  it("starts and ends them in each round, and gives the mean of what did not warm up", async () => {
    const log: Array<string> = []
    const ready = await Anew.contender(fake(log), options).open(1)
    assert.deepStrictEqual(log, [])
    // Rounds 1 and 2 of process 0, and 101 and 102 of process 1.
    assert.deepStrictEqual(await ready.round(), { value: 51.5, cpuMicros: 103, peakBytes: 102 })
    const one = ["opens at 1", "plays", "plays", "plays", "closes"]
    assert.deepStrictEqual(log, [...one, ...one])
    assert.strictEqual((await ready.round()).value, 251.5)
  })

  it("starts fewer for a quick look", async () => {
    const log: Array<string> = []
    await (await Anew.contender(fake(log), options).open(0.1)).round()
    assert.deepStrictEqual(log, ["opens at 0.1", "plays", "plays", "closes"])
  })

  it("ends a process that fails", async () => {
    const log: Array<string> = []
    const failing: Contender = {
      name: "ours",
      open: () =>
        Promise.resolve({
          round: () => Promise.reject(new Error("broken")),
          close: async () => void log.push("closes")
        })
    }
    const playing = (await Anew.contender(failing, options).open(1)).round()
    assert.strictEqual(await playing.then(() => "played", (error: Error) => error.message), "broken")
    assert.deepStrictEqual(log, ["closes"])
  })
})
