/** Ids in the order in which they came, each once. Immutable; an id leaves it from anywhere in logarithmic time. */
import { Iterable, Order } from "effect"
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

/** True when there are no ids. */
export const isEmpty = ({ ids }: IdQueue): boolean => ids.size === 0

/** True when the id is in the queue. */
export const has = ({ places }: IdQueue, id: PeerId.PeerId): boolean => places.has(id)

/** Adds an id at the end. One that is in the queue keeps its place. */
export const add = (queue: IdQueue, id: PeerId.PeerId): IdQueue => {
  if (has(queue, id)) return queue
  const { end, ids, places } = queue
  return { ids: SortedMap.set(ids, end, id), places: SortedMap.set(places, id, end), end: end + 1 }
}

/** Takes an id out. */
export const remove = (queue: IdQueue, id: PeerId.PeerId): IdQueue => {
  const place = queue.places.get(id)
  if (place === undefined) return queue
  const { end, ids, places } = queue
  return { ids: SortedMap.remove(ids, place), places: SortedMap.remove(places, id), end }
}

/** The first ids, at most so many. */
export const first = ({ ids }: IdQueue, most = Infinity): ReadonlyArray<PeerId.PeerId> =>
  Array.from(Iterable.take(ids.values(), most))
