/** Rates over the last two minutes, from totals that come once a second. */
import { signal } from "@preact/signals"
import type { Meter } from "../../src/api/Frame.ts"

/** How far back a plot goes, in milliseconds. */
export const span = 120_000

/** A rate a second, at a moment. */
export interface Point {
  readonly at: number
  readonly rate: number
}

/** What a meter did of late. */
export interface Series {
  readonly label: string
  readonly unit: Meter["unit"]
  readonly total: number
  readonly at: number
  readonly points: ReadonlyArray<Point>
}

/** All meters, by name. */
export const series = signal<ReadonlyMap<string, Series>>(new Map())

const grow = (before: Series | undefined, at: number, { label, total, unit }: Meter): Series => {
  if (before === undefined) return { label, unit, total, at, points: [] }
  const passed = at - before.at
  // The first frame after a change of the conversation comes in the same second: its rate would be one of a blink.
  if (passed < 500) return before
  const point = { at, rate: Math.max(0, (total - before.total) * 1000 / passed) }
  return { label, unit, total, at, points: [...before.points.filter((old) => at - old.at < span), point] }
}

/** Takes totals. */
export const takeMeters = (at: number, meters: ReadonlyArray<Meter>): void => {
  series.value = new Map(meters.map((meter) => [meter.name, grow(series.peek().get(meter.name), at, meter)] as const))
}
