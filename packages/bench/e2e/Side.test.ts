import { assert, describe, it } from "@effect/vitest"
import { fileURLToPath } from "node:url"
import type { Facts } from "../src/Facts.ts"
import * as Side from "../src/Side.ts"

const program = fileURLToPath(new URL("fixtures/failing.ts", import.meta.url))

/** What a promise that must reject says. */
const failure = (promise: Promise<unknown>) =>
  promise.then(() => assert.fail("it did not fail"), (error: unknown) => error instanceof Error ? error.message : "")

/** Asks a program of its own for a round, and what it says then. */
const round = async (facts: Facts) => {
  const side = await Side.open(program)
  const said = await failure(side.round(facts))
  await side.close()
  return said
}

describe("Side", () => {
  it("tells what the program has ready, and its answer with what that cost", async () => {
    const side = await Side.open(program)
    assert.deepStrictEqual(side.ready, { port: 7 })
    const first = await side.round({ a: 2, b: 3 })
    const second = await side.round({ a: 20, b: 30 })
    await side.close()
    assert.deepStrictEqual([first.facts, second.facts], [{ sum: 5 }, { sum: 50 }])
    assert.isAtLeast(first.cpuMicros, 0)
    assert.isAbove(first.peakBytes, 0)
  })

  it("tells in the program's own words why it does not start", async () => {
    assert.match(await failure(Side.open(program, { start: 1 })), /failing\.ts: Error: there is no port left/)
  })

  it("tells in the program's own words why a round fails", async () => {
    assert.match(await round({ fail: 1 }), /failing\.ts: Error: the other side hung up/)
  })

  it("says so when the program ends in the middle of a round", async () => {
    assert.match(await round({ end: 1 }), /failing\.ts ended in the middle$/)
  })
})
