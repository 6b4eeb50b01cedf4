/**
 * A map that knows which key was set longest ago. Immutable: a change gives another map, in the same time however many
 * entries there are.
 */
import { HashMap, Option } from "effect"

/** A value, and the keys that were set just before and just after its own. */
interface Entry<K, V> {
  readonly value: V
  readonly older: K | undefined
  readonly newer: K | undefined
}

/** The map. */
export interface OldestFirst<K extends string, V> {
  readonly entries: HashMap.HashMap<K, Entry<K, V>>
  readonly oldest: K | undefined
  readonly newest: K | undefined
}

/** No entries. */
export const empty = <K extends string, V>(): OldestFirst<K, V> => ({
  entries: HashMap.empty(),
  oldest: undefined,
  newest: undefined
})

/** The number of entries. */
export const size = <K extends string, V>({ entries }: OldestFirst<K, V>): number => HashMap.size(entries)

const entryOf = <K extends string, V>({ entries }: OldestFirst<K, V>, key: K | undefined): Entry<K, V> | undefined =>
  key === undefined ? undefined : Option.getOrUndefined(HashMap.get(entries, key))

/** The value of a key. */
export const get = <K extends string, V>(map: OldestFirst<K, V>, key: K): V | undefined => entryOf(map, key)?.value

/** The value that was set longest ago. */
export const oldest = <K extends string, V>(map: OldestFirst<K, V>): V | undefined => entryOf(map, map.oldest)?.value

/** Sets a key, which is the newest then. */
export const set = <K extends string, V>(map: OldestFirst<K, V>, key: K, value: V): OldestFirst<K, V> => {
  const others = remove(map, key)
  return {
    entries: HashMap.set(change(others, others.newest, { newer: key }), key, {
      value,
      older: others.newest,
      newer: undefined
    }),
    oldest: others.oldest ?? key,
    newest: key
  }
}

/** Removes a key, if it is there. */
export const remove = <K extends string, V>(map: OldestFirst<K, V>, key: K | undefined): OldestFirst<K, V> => {
  const removed = entryOf(map, key)
  if (key === undefined || removed === undefined) return map
  const { newer, older } = removed
  const entries = HashMap.remove(change(map, older, { newer }), key)
  return {
    entries: change({ ...map, entries }, newer, { older }),
    oldest: older === undefined ? newer : map.oldest,
    newest: newer === undefined ? older : map.newest
  }
}

const change = <K extends string, V>(
  map: OldestFirst<K, V>,
  key: K | undefined,
  links: Partial<Entry<K, V>>
): OldestFirst<K, V>["entries"] =>
  key === undefined ? map.entries : HashMap.modify(map.entries, key, (entry) => ({ ...entry, ...links }))
