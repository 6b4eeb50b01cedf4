/**
 * Numbers as keys and in sets. Quirk: JavaScript's engine finds a number that is no small integer by a hash without a seed,
 * so a stranger can choose thousands that it finds only by trying one after the other, in time that grows with their
 * square. Python's hashes of numbers have no seed either, and its dicts look elsewhere after some tries.
 */
import type { PickleValue } from "./Value.ts"

/** What is wrong with a pickle that has them. */
export const crowded = "too many numbers as keys or in a set that are found only one after the other"

/** Classes of hashes; below so many numbers a crowd costs little. */
const classes = 4096
const few = 1024

/** How many numbers of one class are more than chance makes: its share four times, and some. */
const allowed = (size: number): number => 128 + 4 * size / classes

const view = new DataView(new ArrayBuffer(8))

/** The lowest bits of the engine's hash of 64 bits, in two halves. */
const hashOf = (value: number | bigint): number => {
  if (typeof value === "bigint") view.setBigUint64(0, BigInt.asUintN(64, value < 0n ? -value : value))
  else view.setFloat64(0, value)
  const key = { high: view.getUint32(0), low: view.getUint32(4) }
  // key * (2^18 - 1) - 1, and so on: each step as the engine takes it.
  let [high, low] = minus(shifted(key.high, key.low, 18), [key.high, key.low])
  ;[high, low] = minus([high, low], [0, 1])
  ;[high, low] = [high ^ (high >>> 31), low ^ ((high << 1) | (low >>> 31))]
  ;[high, low] = plus(plus([high, low], shifted(high, low, 2)), shifted(high, low, 4))
  ;[high, low] = [high ^ (high >>> 11), low ^ ((high << 21) | (low >>> 11))]
  ;[high, low] = plus([high, low], shifted(high, low, 6))
  return (low ^ ((high << 10) | (low >>> 22))) & (classes - 1)
}

type Halves = readonly [high: number, low: number]

const shifted = (high: number, low: number, by: number): Halves => [(high << by) | (low >>> (32 - by)), low << by]

const plus = ([high, low]: Halves, [otherHigh, otherLow]: Halves): Halves => {
  const sum = (low >>> 0) + (otherLow >>> 0)
  return [(high + otherHigh + (sum > 0xffffffff ? 1 : 0)) | 0, sum | 0]
}

const minus = ([high, low]: Halves, [otherHigh, otherLow]: Halves): Halves => {
  const difference = (low >>> 0) - (otherLow >>> 0)
  return [(high - otherHigh - (difference < 0 ? 1 : 0)) | 0, difference | 0]
}

const isHashed = (value: PickleValue): value is number | bigint =>
  typeof value === "bigint" || typeof value === "number" && (value | 0) !== value

/** The dicts and sets of one pickle that have many numbers, and how many of each class. */
export class Crowds {
  private readonly counts = new WeakMap<object, Uint32Array>()

  /** Notes that a dict or a set has one element more. False where too many of its numbers are found one after the other. */
  add(container: ReadonlyMap<PickleValue, unknown> | ReadonlySet<PickleValue>, value: PickleValue): boolean {
    if (container.size < few || !isHashed(value)) return true
    const counts = this.counts.get(container)
    if (counts !== undefined) return this.count(counts, value, container.size)
    const begun = new Uint32Array(classes)
    this.counts.set(container, begun)
    for (const key of container.keys()) {
      if (isHashed(key) && !this.count(begun, key, container.size)) return false
    }
    return true
  }

  private count(counts: Uint32Array, value: number | bigint, size: number): boolean {
    const at = hashOf(value)
    const count = (counts[at] ?? 0) + 1
    counts[at] = count
    return count <= allowed(size)
  }
}
