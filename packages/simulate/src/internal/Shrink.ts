/** Finds few faults that still make a run fail. */
import { Effect } from "effect"

/**
 * Leaves out as much of a list as it can while `fails` is true for the rest: first all of it, then halves, then less, at
 * last one by one. Asks at most `tries` times.
 */
export const shrink = Effect.fnUntraced(function*<A, E, R>(
  all: ReadonlyArray<A>,
  fails: (some: ReadonlyArray<A>) => Effect.Effect<boolean, E, R>,
  tries: number
) {
  let kept = all
  let left = tries
  let size = all.length
  while (size > 0 && left > 0) {
    const before = kept.length
    for (let start = 0; start < kept.length && left > 0; left--) {
      const fewer = [...kept.slice(0, start), ...kept.slice(start + size)]
      if (yield* fails(fewer)) kept = fewer
      else start += size
    }
    // What was needed beside something else may not be when that is gone.
    if (size > 1) size = Math.ceil(size / 2)
    else if (kept.length === before) return kept
  }
  return kept
})
