/** Ids in the order in which they came, each once. Immutable; an id leaves it from anywhere in logarithmic time. */
import { Order } from "effect"
import * as PeerId from "../../codec/PeerId.ts"
import * as SortedMap from "./SortedMap.ts"

/** A queue of ids. */
export interface IdQueue {
  readonly ids: SortedMap.SortedMap<number, PeerId.PeerId>
  /** The place of each id. */
  readonly places: SortedMap.SortedMap<PeerId.PeerId, number>
  /** The place of the next id. */
  readonly end: number
}

/** A queue without ids. */
export const empty: IdQueue = { ids: SortedMap.empty(Order.Number), places: SortedMap.empty(PeerId.order), end: 0 }

/** The number of ids. */
export const size = ({ ids }: IdQueue): number => SortedMap.size(ids)

/** True when the id is in the queue. */
export const has = ({ places }: IdQueue, id: PeerId.PeerId): boolean => SortedMap.has(places, id)

/** Adds an id at the end. One that is in the queue keeps its place. */
export const add = (queue: IdQueue, id: PeerId.PeerId): IdQueue => {
  if (has(queue, id)) return queue
  const { end, ids, places } = queue
  return { ids: SortedMap.set(ids, end, id), places: SortedMap.set(places, id, end), end: end + 1 }
}

/** Adds ids at the end, in their order. */
export const addAll = (queue: IdQueue, ids: Iterable<PeerId.PeerId>): IdQueue => {
  let all = queue
  for (const id of ids) all = add(all, id)
  return all
}

/** Takes an id out. */
export const remove = (queue: IdQueue, id: PeerId.PeerId): IdQueue => {
  const place = SortedMap.get(queue.places, id)
  if (place === undefined) return queue
  const { end, ids, places } = queue
  return { ids: SortedMap.remove(ids, place), places: SortedMap.remove(places, id), end }
}

/** Takes ids from the front, at most so many. */
export const take = (queue: IdQueue, most: number): readonly [ReadonlyArray<PeerId.PeerId>, IdQueue] => {
  if (size(queue) === 0) return [[], queue]
  const taken: Array<PeerId.PeerId> = []
  let rest = queue
  for (const [, id] of SortedMap.entries(queue.ids)) {
    if (taken.length >= most) break
    taken.push(id)
    rest = remove(rest, id)
  }
  return [taken, rest]
}
