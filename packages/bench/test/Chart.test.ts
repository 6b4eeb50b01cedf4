import { assert, describe, it } from "@effect/vitest"
import * as Chart from "../src/Chart.ts"
import type { Entry } from "../src/Record.ts"
import { entry, performance } from "./Fixtures.ts"

const middle = 690

const draw = (...jobs: ReadonlyArray<Entry>) => Chart.svg(performance(jobs))

const compared = (comparison: Partial<Entry["comparisons"][number]>, more: Partial<Entry> = {}) =>
  draw(entry("job", { comparisons: [{ against: "plain", of: "value", ratio: 1, ...comparison }], ...more }))

/** Beginning and length of each bar. */
const bars = (svg: string) =>
  [...svg.matchAll(/<rect x="([\d.]+)" y="\d+" width="([\d.]+)" height="14"/g)].map(([, x, width]) => ({
    x: Number(x),
    width: Number(width)
  }))

/** Places of the black ticks. */
const ticks = (svg: string) => [...svg.matchAll(/<line x1="([\d.]+)"[^>]*stroke="#222"/g)].map(([, x]) => Number(x))

/** Names of elements that are open at the end, or end without a beginning. */
const unbalanced = (svg: string) => {
  const open: Array<string> = []
  for (const [, closing, name = "", alone] of svg.matchAll(/<(\/?)(\w+)(?:\s+[\w-]+="[^"<>]*")*\s*(\/?)>/g)) {
    if (closing === "/") { if (open.pop() !== name) open.push(`/${name}`) }
    else if (alone !== "/") open.push(name)
  }
  return open
}

describe("Chart", () => {
  it("is well formed: each element ends, and nothing else looks like one", () => {
    const svg = draw(entry("one"), entry("<two> & three", { comparisons: [] }), entry("four"))
    assert.deepStrictEqual(unbalanced(svg), [])
    assert.notMatch(svg.replace(/<\/?\w+(?:\s+[\w-]+="[^"<>]*")*\s*\/?>/g, ""), /[<>]|&(?!#\d+;)/)
    assert.isTrue(svg.startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""))
  })

  it("writes names with what means something in XML as text", () => {
    const svg = compared({ against: "a < b & c > d" })
    assert.include(svg, "job / a &#60; b &#38; c &#62; d")
    assert.deepStrictEqual(unbalanced(svg), [])
  })

  it("draws a bar to the right where ours is better", () => {
    const [bar] = bars(compared({ ratio: 4 }))
    assert.deepStrictEqual(bar, { x: middle, width: 130 })
  })

  it("draws a bar to the left where ours is worse", () => {
    const [bar] = bars(compared({ ratio: 0.25 }))
    assert.deepStrictEqual(bar, { x: middle - 130, width: 130 })
  })

  it("turns a ratio round where less is better, and of CPU always", () => {
    assert.deepStrictEqual(bars(compared({ ratio: 0.25 }, { better: "less" })), [{ x: middle, width: 130 }])
    assert.deepStrictEqual(bars(compared({ ratio: 0.25, of: "cpu" })), [{ x: middle, width: 130 }])
    assert.include(compared({ of: "cpu" }), "job (CPU) / plain")
  })

  it("ends bars at sixteen and still tells the number", () => {
    const svg = compared({ ratio: 1000 })
    assert.deepStrictEqual(bars(svg), [{ x: middle, width: 260 }])
    assert.include(svg, ">1.00e+3</text>")
  })

  it("marks what must be reached with a tick, and only that", () => {
    assert.deepStrictEqual(ticks(compared({ target: 4, reached: false })), [middle + 130])
    assert.deepStrictEqual(ticks(compared({ target: 4, reached: true }, { better: "less" })), [middle - 130])
    assert.deepStrictEqual(ticks(compared({})), [])
  })

  it("shows by its colour whether that is reached", () => {
    const colour = (reached?: boolean) =>
      /height="14" fill="(#\w+)"/.exec(compared(reached === undefined ? {} : { target: 1, reached }))?.[1]
    assert.strictEqual(new Set([colour(true), colour(false), colour()]).size, 3)
  })
})
