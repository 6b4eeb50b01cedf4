/**
 * Numbers that JavaScript's engine finds in a Map or a Set only by trying one after the other, as a stranger can choose them:
 * its hash of 64 bits has no seed, and each of its steps can be undone.
 */
const mask = (1n << 64n) - 1n

/** The number with which an odd one gives 1, by Newton's method. */
const inverse = (odd: bigint): bigint => {
  let found = 1n
  for (let bits = 1; bits < 64; bits *= 2) found = found * (2n - odd * found) & mask
  return found
}

const unshifted = (hash: bigint, by: bigint): bigint => {
  let found = hash
  for (let done = by; done < 64n; done += by) found = hash ^ (found >> by)
  return found & mask
}

const unhashed = (hash: bigint): bigint => {
  let key = unshifted(hash, 22n) * inverse(65n) & mask
  key = unshifted(key, 11n) * inverse(21n) & mask
  return (unshifted(key, 31n) + 1n) * inverse((1n << 18n) - 1n) & mask
}

// Above the 30 bits that the engine uses, the hash may be anything.
const used = 30n

/** So many integers of 64 bits. */
export const integers = (count: number): ReadonlyArray<bigint> =>
  Array.from({ length: count }, (_, at) => unhashed(BigInt(at + 1) * 0x9e3779b1n % (1n << 34n) << used))

const view = new DataView(new ArrayBuffer(8))

/** So many numbers with fractions. */
export const fractions = (count: number): ReadonlyArray<number> =>
  integers(2 * count).map((bits) => {
    view.setBigUint64(0, bits)
    return view.getFloat64(0)
  }).filter((number) => Number.isFinite(number) && !Number.isInteger(number)).slice(0, count)
