/**
 * The state of a peer as plain data. `Text` and `Neighbours` have its changes, pure functions that give the next state. At
 * the end of a change, `conclude` gives what follows from it.
 */
import type { Latch } from "effect"
import type { ChatConfig } from "../../ChatConfig.ts"
import type { ChatEvent } from "../../ChatEvent.ts"
import * as PeerId from "../../codec/PeerId.ts"
import * as SortedMap from "../collections/SortedMap.ts"
import * as Routing from "../routing/Routing.ts"
import * as Store from "../store/Store.ts"
import type { Neighbour } from "./Neighbour.ts"
import * as Publisher from "./Publisher.ts"
import * as SendQueue from "./SendQueue.ts"

/** Everything that outlives a connection. */
export interface RouterState {
  readonly config: ChatConfig
  readonly table: Routing.Table
  readonly neighbours: SortedMap.SortedMap<PeerId.PeerId, Neighbour>
  readonly store: Store.Store
  readonly publisher: Publisher.Publisher
  /** Opened when something becomes due before `until`, in milliseconds. */
  readonly timer: { readonly earlier: Latch.Latch; readonly until: number } | undefined
  /** Latches to open at the end of the change. */
  readonly opened: ReadonlyArray<Latch.Latch>
  /** True when this peer leaves. Then the end of its connections is no news. */
  readonly closed: boolean
}

/** The state of a peer without neighbours. */
export const empty = (self: PeerId.PeerId, config: ChatConfig): RouterState => ({
  config,
  table: Routing.empty(self, config),
  neighbours: SortedMap.empty(PeerId.order),
  store: Store.empty(config),
  publisher: Publisher.empty,
  timer: undefined,
  opened: [],
  closed: false
})

/** The neighbour through which a peer is reached. */
export const nextHop = ({ neighbours, table }: RouterState, id: PeerId.PeerId): Neighbour | undefined => {
  const route = SortedMap.get(table.routes, id)
  return route === undefined ? undefined : SortedMap.get(neighbours, route.nextHop)
}

/** The number of neighbours that joined this peer. */
export const joiners = ({ neighbours }: RouterState): number => {
  let count = 0
  for (const [, { role }] of SortedMap.entries(neighbours)) if (role._tag === "Joiner") count++
  return count
}

/** Adds events to publish. */
export const publish = (state: RouterState, events: ReadonlyArray<ChatEvent>): RouterState =>
  events.length === 0 ? state : { ...state, publisher: Publisher.add(state.publisher, events) }

/** Opens latches at the end of the change. */
export const open = (state: RouterState, latches: ReadonlyArray<Latch.Latch>): RouterState =>
  latches.length === 0 ? state : { ...state, opened: [...state.opened, ...latches] }

/** Changes a neighbour. Wakes its sender when something is in the queue now, and those that wait when there is room. */
export const withNeighbour = (state: RouterState, neighbour: Neighbour): RouterState => {
  const { blocked, filled, id, queue } = neighbour
  const before = SortedMap.get(state.neighbours, id)?.queue ?? SendQueue.empty
  const isRoomy = blocked.length > 0 && !SendQueue.isFull(queue, state.config)
  const neighbours = SortedMap.set(state.neighbours, id, isRoomy ? { ...neighbour, blocked: [] } : neighbour)
  const next = open({ ...state, neighbours }, isRoomy ? blocked : [])
  return SendQueue.isEmpty(before) && !SendQueue.isEmpty(queue) ? open(next, [filled]) : next
}

/** When something becomes due, in milliseconds: a stored message is too old, or the pause before a list ends. */
const due = ({ publisher, store }: RouterState): number => Math.min(Store.earliest(store), Publisher.due(publisher))

/** Gives when something becomes due as things are now. When it is earlier after all, `earlier` is opened. */
export const watch = (state: RouterState, earlier: Latch.Latch): readonly [number, RouterState] => {
  const until = due(state)
  return [until, { ...state, timer: { earlier, until } }]
}

/** What follows from a change. */
export interface Follows {
  /** Latches to open. */
  readonly opened: ReadonlyArray<Latch.Latch>
  /** True when there are events to publish, or a list of peers. */
  readonly publishes: boolean
}

/** Ends a change. */
export const conclude = (state: RouterState): readonly [Follows, RouterState] => {
  const { opened, publisher, timer } = state
  const publishes = publisher.changed || publisher.events.length > 0
  if (timer !== undefined && due(state) < timer.until) {
    return [{ opened: [...opened, timer.earlier], publishes }, { ...state, opened: [], timer: undefined }]
  }
  return [{ opened, publishes }, opened.length === 0 ? state : { ...state, opened: [] }]
}
