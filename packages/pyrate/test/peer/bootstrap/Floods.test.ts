/** A bootstrap whose door is full of strangers: others are listed and answered. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { ask, bootstrap, bootstrapPort, dial, hub, simulated } from "../Network.ts"

const there = `${hub}:${bootstrapPort}`
const range = (count: number) => Array.from({ length: count }, (_, index) => index)

describe("a bootstrap with silent strangers at its door", () => {
  simulated.each([
    { what: "4 addresses with 64 connections each", addresses: range(256).map((index) => `10.3.${index % 4}.1`) },
    {
      what: "300 addresses with one each",
      addresses: range(300).map((index) => `10.${3 + (index % 2)}.${index >> 1}.1`)
    },
    { what: "one address with 700 connections", addresses: range(700).map(() => "10.3.0.1") }
  ])("serves everybody else at once: $what", function*({ addresses }) {
    const { listed } = yield* bootstrap()
    yield* Effect.forEach(addresses, (ip) => dial(ip, there), { concurrency: "unbounded" })
    for (const index of range(20)) {
      yield* ask(`10.2.${index}.1`, "0:5005")
      assert.include((yield* ask(`10.2.${index}.2`, "1:99")).text, `10.2.${index}.1,5005\n`)
    }
    assert.lengthOf(yield* listed, 20)
  })
})
