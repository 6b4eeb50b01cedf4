/** How much a pickle may ask for. Bytes that come from a peer are small; what they ask to be built need not be. */

/** Bounds of reading one pickle. */
export interface Limits {
  /**
   * Levels of lists, tuples, dicts and sets inside each other; 1000 by default, twice what Python writes
   * (up to 3.11, by default). A larger value costs whoever walks through the value by recursion the stack.
   */
  readonly depth: number
  /**
   * Bytes of memory that the value may take, as estimated from its parts; 256 MiB by default, 1 GiB at most. The worst
   * pickles (nothing but empty dicts) reach it at 1 MB, a list of small integers at 11 MB, one long string at 128 MB.
   */
  readonly memory: number
  /**
   * Values, and things that are remembered to be used again: 2^20 of each by default. A larger value lets larger lists in,
   * and costs time: about half a second for so many, in slices.
   */
  readonly values: number
}

/** The default bounds. */
export const defaults: Limits = { depth: 1000, memory: 256 * 1024 * 1024, values: 1_048_576 }

/** With it no Map, Set or string grows beyond what the language can hold: 2^24 entries, 2^29 characters. */
export const maxMemory = 1024 * 1024 * 1024 - 1024

/** Bytes that the parts of a value take in memory, about, beside their contents. */
export const Cost = {
  /** A place on the stack, and later in what the value goes into. */
  place: 16,
  /** A place in the memo, a dict or a set. */
  entry: 64,
  number: 32,
  /** And two for each character. */
  string: 32,
  /** And one for each byte. */
  bytes: 256,
  list: 64,
  tuple: 96,
  /** A dict or a set of either kind. */
  table: 256
} as const
