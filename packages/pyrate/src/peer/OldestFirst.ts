/**
 * A map that knows which key was set longest ago. Immutable: a change gives another map, in the same time however many
 * entries there are.
 */
import { HashMap, Option } from "effect"

/** The map. Each `set` takes a turn, of which the first and the next are counted; removed keys leave theirs unused. */
export interface OldestFirst<K extends string, V> {
  readonly entries: HashMap.HashMap<K, { readonly value: V; readonly turn: number }>
  readonly keys: HashMap.HashMap<number, K>
  readonly first: number
  readonly next: number
}

/** No entries. */
export const empty = <K extends string, V>(): OldestFirst<K, V> => ({
  entries: HashMap.empty(),
  keys: HashMap.empty(),
  first: 0,
  next: 0
})

/** The number of entries. */
export const size = <K extends string, V>({ entries }: OldestFirst<K, V>): number => HashMap.size(entries)

/** The value of a key. */
export const get = <K extends string, V>({ entries }: OldestFirst<K, V>, key: K): V | undefined =>
  Option.getOrUndefined(HashMap.get(entries, key))?.value

/** The key that was set longest ago, and its value. */
export const oldest = <K extends string, V>(map: OldestFirst<K, V>): readonly [K, V] | undefined => {
  const key = Option.getOrUndefined(HashMap.get(map.keys, map.first))
  const value = key === undefined ? undefined : get(map, key)
  return key === undefined || value === undefined ? undefined : [key, value]
}

/** Sets a key, which is the newest then. */
export const set = <K extends string, V>(map: OldestFirst<K, V>, key: K, value: V): OldestFirst<K, V> => {
  const { entries, first, keys, next: turn } = remove(map, key)
  return {
    entries: HashMap.set(entries, key, { value, turn }),
    keys: HashMap.set(keys, turn, key),
    first,
    next: turn + 1
  }
}

/** Removes a key, if it is there. */
export const remove = <K extends string, V>(map: OldestFirst<K, V>, key: K): OldestFirst<K, V> => {
  const removed = Option.getOrUndefined(HashMap.get(map.entries, key))
  if (removed === undefined) return map
  const keys = HashMap.remove(map.keys, removed.turn)
  let { first } = map
  // Passes each turn once in the life of the map.
  while (first < map.next && !HashMap.has(keys, first)) first++
  return { entries: HashMap.remove(map.entries, key), keys, first, next: map.next }
}
