/** Figures of several rounds in three numbers. */

/** NaN where there was nothing. */
export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** The middle value (of an even number of values, the mean of the two in the middle) and the ends. */
export const of = (values: ReadonlyArray<number>): Summary => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const [low = NaN, high = NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]]
  return { median: (low + high) / 2, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN }
}
