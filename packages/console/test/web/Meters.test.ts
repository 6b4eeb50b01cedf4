/** Totals that come once a second become rates over two minutes. */
import { assert, beforeEach, it } from "@effect/vitest"
import { series, takeMeters } from "../../web/state/meters.ts"

const meter = (total: number) => [{ name: "received", label: "Received", unit: "bytes" as const, total }]
const points = () => series.value.get("received")?.points.map(({ rate }) => rate)

beforeEach(() => {
  series.value = new Map()
})

it("has no rate after the first total", () => {
  takeMeters(0, meter(5000))
  assert.deepStrictEqual(points(), [])
})

it("tells what came in a second, whatever passed between two totals", () => {
  takeMeters(0, meter(5000))
  takeMeters(1000, meter(5300))
  takeMeters(3000, meter(5500))
  assert.deepStrictEqual(points(), [300, 100])
})

it("takes no rate of a blink: another conversation was opened in the same second", () => {
  takeMeters(0, meter(0))
  takeMeters(20, meter(900))
  takeMeters(1000, meter(1000))
  assert.deepStrictEqual(points(), [1000])
})

it("forgets what is older than two minutes", () => {
  for (let second = 0; second <= 300; second++) takeMeters(second * 1000, meter(second * 10))
  assert.strictEqual(points()?.length, 120)
})

it("shows no negative rate when a total began anew", () => {
  takeMeters(0, meter(5000))
  takeMeters(1000, meter(10))
  assert.deepStrictEqual(points(), [0])
})
