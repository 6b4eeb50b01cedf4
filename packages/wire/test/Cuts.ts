/** The ways in which a network cuts bytes. */

/** The bytes cut before each of `cuts`, which may repeat and be beyond the end. */
export const cut = (whole: Uint8Array, cuts: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const borders = [0, ...cuts.map((at) => Math.min(at, whole.length)).sort((a, b) => a - b), whole.length]
  return borders.slice(1).map((to, index) => whole.subarray(borders[index], to))
}

/** Each byte alone. */
export const oneByOne = (whole: Uint8Array): ReadonlyArray<Uint8Array> =>
  cut(whole, Array.from(whole, (_, index) => index))
