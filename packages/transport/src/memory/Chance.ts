/**
 * Chance from a seed and a name. Each link and each connection has its own, so that what happens on one does not change
 * what happens on another: a further host leaves the others' runs as they are. A generator is one number, as there may be
 * a million links.
 */

// FNV-1a, so that names that are alike have nothing in common.
const hash = (text: string): number => {
  let state = 0x811c9dc5
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  return state >>> 0
}

/** A generator of random numbers (mulberry32). */
export class Chance {
  private state: number

  constructor(seed: number | string, name: string) {
    this.state = hash(`${JSON.stringify(seed)} ${name}`)
  }

  /** The next number, from 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
