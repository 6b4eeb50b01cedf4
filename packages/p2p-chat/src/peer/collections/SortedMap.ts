/**
 * Immutable maps in the order of their keys. A change makes another map, which shares all but one path with the old one;
 * many changes at once copy each node once.
 *
 * They are the B+ trees of `sorted-btree`: a look-up or a change takes time with the logarithm of the size, whatever keys
 * a stranger chooses. Effect's HashMap has a hash of 32 bits; ids that were chosen to collide make a list of it.
 */
import type { ISortedMapF } from "sorted-btree"
import { bulkLoad } from "sorted-btree/extended/bulkLoad.js"

/** Values by key. Has `size`, `get`, `has`, `keys`, `values` and `entries`, as a `Map` has; these change nothing. */
export type SortedMap<K, A> = ISortedMapF<K, A>

// The library's own default, the fastest for large maps.
const entriesPerNode = 32

/**
 * A map without entries. It is a tree made of no keys: the library's class is a CommonJS default export, which Node and
 * bundlers import in different ways.
 */
export const empty = <K, A>(order: (one: K, other: K) => number): SortedMap<K, A> =>
  bulkLoad<K, A>([], [], entriesPerNode, order)

/** The map in which the key has this value. */
export const set = <K, A>(map: SortedMap<K, A>, key: K, value: A): SortedMap<K, A> => map.with(key, value, true)

/** The map in which each of these keys has its value. */
export const setAll = <K, A>(map: SortedMap<K, A>, entries: Array<[K, A]>): SortedMap<K, A> =>
  map.withPairs(entries, true)

/** The map without these keys, which are in it and in ascending order. */
export const removeAll = <K, A>(map: SortedMap<K, A>, keys: Array<K>): SortedMap<K, A> => {
  const [least, greatest] = [keys.at(0), keys.at(-1)]
  if (least === undefined || greatest === undefined) return map
  // Mostly there are no others in between: whole nodes go.
  const without = map.withoutRange(least, greatest, true)
  return map.size - without.size === keys.length ? without : map.withoutKeys(keys)
}

/** The map without the key: the same map when it has none. */
export const remove = <K, A>(map: SortedMap<K, A>, key: K): SortedMap<K, A> => map.withoutRange(key, key, true, true)

/** The value of the least key. */
export const first = <K, A>(map: SortedMap<K, A>): A | undefined => {
  const [value] = map.values()
  return value
}
