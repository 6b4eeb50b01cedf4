/**
 * How often a property is tried, and with which seed. `npm test` tries a few values, the same ones each time, so that a
 * change is red or green for everybody. `npm run soak` tries ten times as many with a new seed, which it prints:
 * `PEERAGE_SEED=... npm run soak` tries those again.
 */
import type { Arbitrary } from "effect"

/** The seed of this run. */
export const seed: string = process.env["PEERAGE_SEED"] ?? "peerage"

/** How many times more than the few of `npm test` this run tries. */
const factor = Number(process.env["PEERAGE_RUNS"] ?? "1")

/** The last argument of `it.effect.prop`: `runs` tries in `npm test`, 25 without it. The seed is that of the run. */
export const tries = (
  runs: number,
  options?: Pick<Arbitrary.CheckOptions, "size" | "maxShrinks" | "maxDiscards">
): { readonly arbitrary: Arbitrary.CheckOptions } => ({ arbitrary: { ...options, runs: runs * factor } })

/** FNV-1a, so that seeds of different runs have nothing in common. */
const hash = (text: string): number => {
  let state = 0x811c9dc5
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  return state >>> 0
}

/** Whole numbers from 0 to 2 ** 32 - 1, for tests that are seeded with a number: `count` of them in `npm test`. */
export const seeds = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count * factor }, (_, index) => hash(`${seed} ${index}`))
