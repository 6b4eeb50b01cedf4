/**
 * Large integers as keys and in sets. Quirk: JavaScript's engines find an integer in a Map or a Set by its lowest 64 bits,
 * so thousands that differ only above them take time that grows with their square. Python finds them by all their bits.
 */

/** Integers with the same lowest 64 bits that one pickle may use so. Chance makes no two; bit masks make a few hundred. */
export const maxAlike = 512

/** The large integers that a pickle has used so far, each once. */
export class Digits {
  private readonly byLowest = new Map<bigint, Set<bigint>>()

  /** Remembers an integer. False where there are too many like it. */
  add(value: bigint): boolean {
    const size = value < 0n ? -value : value
    const lowest = BigInt.asUintN(64, size)
    // Of these no two have the same bits, but for the sign.
    if (lowest === size) return true
    const alike = this.byLowest.get(lowest) ?? new Set()
    this.byLowest.set(lowest, alike.add(value))
    return alike.size <= maxAlike
  }
}
