/**
 * Who can be reached and how, as a pure function of events: neighbours come, announce and go, and the routes follow.
 * `Announcing` derives from the routes what each neighbour is told (docs/wire/p2p-chat.md, sections 3.3, 4 and 7).
 *
 * A route goes to the neighbour that announced the peer and to no other, so an announcement can attract messages to its
 * sender only. No announcement takes an id from a neighbour or from this peer. Each connection counts as a hop, and
 * `maxHops` ends what goes round in a circle.
 *
 * The cost of an event grows with the ids in it, not with the number of known peers.
 */
import { Array, Iterable, Order } from "effect"
import type { ChatConfig } from "../../ChatConfig.ts"
import type { Peer, Sender } from "../../ChatEvent.ts"
import type { Join, Leave } from "../../codec/Message.ts"
import * as PeerId from "../../codec/PeerId.ts"
import * as SortedMap from "../collections/SortedMap.ts"

/** The number of connections to a peer, by id. */
export type Distances = SortedMap.SortedMap<PeerId.PeerId, number>

/** A neighbour, and what was announced in both directions. */
export interface Neighbour {
  /** True for a peer with our extension: it counts hops and survives any announcement. */
  readonly extended: boolean
  /** True where it joined this peer, false where this peer joined it. */
  readonly joined: boolean
  /** What it announced. */
  readonly received: Distances
  /** What was announced to it. */
  readonly announced: Distances
  /** Ids that were not announced to it because `maxPeers` were. */
  readonly leftOut: SortedMap.SortedMap<PeerId.PeerId, true>
}

/** The way to a peer. */
export interface Route {
  readonly nextHop: PeerId.PeerId
  /** Connections to cross, 1 to a neighbour. With an original in between there may be more. */
  readonly hops: number
  /** Counts the peers that were ever found. Stays the same as long as the peer can be reached. */
  readonly serial: number
}

/** Bounds of a table. As many peers as one neighbour may announce are announced to it. */
export type Limits = Pick<ChatConfig, "maxHops" | "maxPeers">

/** Everything known about the network. */
export interface Table {
  readonly self: PeerId.PeerId
  readonly limits: Limits
  /** In the order in which they came. */
  readonly neighbours: ReadonlyMap<PeerId.PeerId, Neighbour>
  readonly routes: SortedMap.SortedMap<PeerId.PeerId, Route>
  /** The serial of the next route. */
  readonly serial: number
}

/** What happens to a table. */
export type Event =
  | {
    readonly _tag: "Attached"
    readonly neighbour: PeerId.PeerId
    readonly extended: boolean
    readonly joined: boolean
  }
  | { readonly _tag: "Detached"; readonly neighbour: PeerId.PeerId }
  | {
    readonly _tag: "Received"
    readonly neighbour: PeerId.PeerId
    readonly announcements: ReadonlyArray<Join | Leave>
  }

/** The table after an event, and what follows from it. */
export interface Step {
  readonly table: Table
  readonly joined: ReadonlyArray<PeerId.PeerId>
  readonly left: ReadonlyArray<PeerId.PeerId>
  /**
   * Ids that the neighbours may have to be told about; see `Announcing`. Perhaps twice: in a Set, ids that a stranger has
   * chosen would be found only one after the other.
   */
  readonly affected: ReadonlyArray<PeerId.PeerId>
  /** True when the neighbour announced more than `maxPeers`. The excess is ignored. */
  readonly overflowed: boolean
}

/** The table of a peer that knows no other. */
export const empty = (self: PeerId.PeerId, limits: Limits): Table => ({
  self,
  limits,
  neighbours: new Map(),
  routes: SortedMap.empty(PeerId.order),
  serial: 0
})

/** All peers that can be reached, in the order in which they were found. Takes time with their number. */
export const peers = (table: Table): ReadonlyArray<Peer> =>
  Array.sortWith(table.routes.entries(), ([, { serial }]) => serial, Order.Number)
    .map(([id, { hops, nextHop }]) => ({ id, hops, nextHop }))

/** True for ids that a new neighbour cannot have. */
export const isTaken = (table: Table, id: PeerId.PeerId): boolean => id === table.self || table.routes.has(id)

/**
 * True when another extended neighbour announces this one too. A network is a tree, so a second way to a neighbour means
 * that a circle was closed.
 */
export const isInCircle = (table: Table, neighbour: PeerId.PeerId): boolean =>
  // What a neighbour announces of itself is ignored on receipt.
  Iterable.some(table.neighbours.values(), ({ extended, received }) => extended && received.has(neighbour))

/** How far a message that came over the neighbour `via` can be from `from`, as it claims. */
export const judge = (table: Table, via: PeerId.PeerId, from: PeerId.PeerId): Sender => {
  if (from === via) return "Verified"
  const nextHop = from === table.self ? table.self : table.routes.get(from)?.nextHop
  // Originals know, and so announce, only some of the peers behind them.
  return nextHop === undefined || nextHop === via ? "Relayed" : "Mismatch"
}

/** Applies an event. */
export const step = (table: Table, event: Event): Step => {
  const neighbours = new Map(table.neighbours)
  const before = neighbours.get(event.neighbour)
  switch (event._tag) {
    case "Attached":
      neighbours.set(event.neighbour, newNeighbour(event))
      return reroute(table, neighbours, [event.neighbour])
    case "Detached": {
      neighbours.delete(event.neighbour)
      if (before?.joined === true) forgetClaims(neighbours, event.neighbour)
      const behind = before === undefined ? [] : receivedFrom(table, before)
      return reroute(table, neighbours, [event.neighbour, ...behind])
    }
    case "Received": {
      if (before === undefined) return reroute(table, neighbours, [])
      const { neighbour, overflowed } = receive(table, before, event)
      neighbours.set(event.neighbour, neighbour)
      const affected = event.announcements.map(({ id }) => id)
      return { ...reroute(table, neighbours, affected), overflowed }
    }
  }
}

/**
 * Forgets what joiners have said of another joiner, that has left. A peer joins one other, so that no joiner can have led to
 * another one: it claimed an id that was connected here. (The peer that this one joined may lead to a joiner, in a circle.)
 */
const forgetClaims = (neighbours: Map<PeerId.PeerId, Neighbour>, left: PeerId.PeerId): void => {
  for (const [id, other] of neighbours) {
    if (!other.joined || !other.received.has(left)) continue
    neighbours.set(id, { ...other, received: SortedMap.remove(other.received, left) })
  }
}

const newNeighbour = ({ extended, joined }: Pick<Neighbour, "extended" | "joined">): Neighbour => ({
  extended,
  joined,
  received: SortedMap.empty(PeerId.order),
  announced: SortedMap.empty(PeerId.order),
  leftOut: SortedMap.empty(PeerId.order)
})

/** The peers that a neighbour has announced, in the order in which they were found. */
const receivedFrom = ({ routes }: Table, { received }: Neighbour): ReadonlyArray<PeerId.PeerId> =>
  Array.sortWith(received.keys(), (id) => routes.get(id)?.serial ?? 0, Order.Number)

// An original mostly announces its own neighbours, and never says how far away they are.
const unknownHops = 1

/** Records what a neighbour announced. */
const receive = (
  { limits, neighbours, self }: Table,
  before: Neighbour,
  { announcements, neighbour: from }: Extract<Event, { readonly _tag: "Received" }>
) => {
  let { announced, received } = before
  let overflowed = false
  for (const announcement of announcements) {
    const { id } = announcement
    // Quirk: an original has one entry for an id, which any announcement of its own overwrites or deletes, and it drops
    // the connection on a LEAVE for an id without an entry. So what was announced to it before no longer counts. Nor
    // does it for one of ours that says LEAVE of a peer that is connected here: it came here before that one knew.
    if (!before.extended || (announcement._tag === "Leave" && neighbours.has(id))) {
      announced = SortedMap.remove(announced, id)
    }
    // Quirk: id 0 stays in an original's table for ever; a route to it ends there.
    if (id === self || id === from || id === 0n) continue
    const hops = announcement._tag === "Join" ? Math.max(announcement.hops, unknownHops) : Infinity
    if (hops >= limits.maxHops) received = SortedMap.remove(received, id)
    else if (received.size < limits.maxPeers || received.has(id)) {
      received = SortedMap.set(received, id, hops)
    } else overflowed = true
  }
  return { neighbour: { ...before, announced, received }, overflowed }
}

/** Finds the routes to the affected ids again. */
const reroute = (
  before: Table,
  neighbours: ReadonlyMap<PeerId.PeerId, Neighbour>,
  affected: ReadonlyArray<PeerId.PeerId>
): Step => {
  const table = { ...before, neighbours }
  let { routes, serial } = before
  const joined: Array<PeerId.PeerId> = []
  const left: Array<PeerId.PeerId> = []
  for (const id of affected) {
    const current = routes.get(id)
    const best = choose(table, id, current)
    if (current?.nextHop === best?.nextHop && current?.hops === best?.hops) continue
    if (best === undefined) {
      routes = SortedMap.remove(routes, id)
      left.push(id)
      continue
    }
    routes = SortedMap.set(routes, id, { ...best, serial: current?.serial ?? serial++ })
    if (current === undefined) joined.push(id)
  }
  return { table: { ...table, routes, serial }, joined, left, affected, overflowed: false }
}

/**
 * The route to a peer: the current one as long as it does not get longer, else the shortest. A tree has one way to each
 * peer; a shorter one beside it is a lie, or an original's outdated entry.
 */
const choose = (
  { limits, neighbours }: Table,
  id: PeerId.PeerId,
  current: Route | undefined
): Omit<Route, "serial"> | undefined => {
  if (neighbours.has(id)) return { nextHop: id, hops: 1 }
  let best: Omit<Route, "serial"> | undefined
  for (const [nextHop, { received }] of neighbours) {
    const hops = (received.get(id) ?? Infinity) + 1
    if (hops > limits.maxHops) continue
    if (nextHop === current?.nextHop && hops <= current.hops) return { nextHop, hops }
    if (best === undefined || hops < best.hops || (hops === best.hops && nextHop === current?.nextHop)) {
      best = { nextHop, hops }
    }
  }
  return best
}
