/** Moments of a simulation, as people read them, and the marks over its slider. Pure. */
import type { Note } from "../../src/api/Stage.ts"

/** A moment in seconds. */
export const seconds = (millis: number): string => `${(millis / 1000).toFixed(2)} s`

/** A mark over a slider. */
export interface Mark {
  readonly n: number
  /** From 0 to 1. */
  readonly part: number
  readonly kind: Note["kind"]
}

/** A mark for each fault, for what was put right, and for what was expected. */
export const marksOf = (notes: ReadonlyArray<Note>, from: number, to: number): ReadonlyArray<Mark> =>
  notes.filter(({ at, kind }) => kind !== "event" && at >= from && at <= to)
    .map(({ at, kind, n }) => ({ n, kind, part: (at - from) / Math.max(1, to - from) }))
