/**
 * Who can be reached and how, as a pure function of what happened: neighbours come and go and announce, and routes
 * follow. What each neighbour is to be told comes from the routes in `Announcing`. (P2P-CHAT.md, sections 3.3, 4 and 7.)
 *
 *     heard    what a neighbour announced; a route is the shortest way among all that is heard, and stays while it may
 *
 * The next hop is always the neighbour something was heard from, so no announcement can lead anywhere but to its sender.
 * A neighbour cannot take an id away from the peer itself or from another neighbour, be it that one's own or one that is
 * reached through it. Each hop counts, and `maxHops` ends what goes round in a circle.
 *
 * What happens costs as much as is said of it, however many peers are known.
 */
import type { Peer, Sender } from "../ChatEvent.ts"
import type { Join, Leave } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"
import * as PeerMap from "./PeerMap.ts"

/** A neighbour: what it announced and what it was told, each with the hops said. */
export interface Neighbour {
  /** Whether it is one of ours, which counts hops and survives any announcement. */
  readonly ours: boolean
  readonly heard: PeerMap.PeerMap<number>
  readonly told: PeerMap.PeerMap<number>
  /** Ids that it may have to be told about once there is room among those told. */
  readonly waiting: PeerMap.PeerMap<true>
}

/** The way to a peer. */
export interface Route {
  readonly nextHop: PeerId
  /** Connections to cross, 1 to a neighbour. At least so many where an original is among those between. */
  readonly hops: number
  /** Its number among all ways that were ever found; it stays the same while there is one. */
  readonly serial: number
}

/** Bounds of a table. */
export interface Limits {
  /** A route longer than this is none. */
  readonly maxHops: number
  /** Peers that one neighbour may announce, and so those that it is told of. */
  readonly maxPeers: number
}

/** Everything known about the network. */
export interface Table {
  readonly self: PeerId
  readonly limits: Limits
  readonly neighbours: ReadonlyMap<PeerId, Neighbour>
  readonly routes: PeerMap.PeerMap<Route>
  /** The serial of the next route. */
  readonly serial: number
}

/** What happens to a table. */
export type Event =
  | { readonly _tag: "Attached"; readonly neighbour: PeerId; readonly ours: boolean }
  | { readonly _tag: "Detached"; readonly neighbour: PeerId }
  | { readonly _tag: "Heard"; readonly neighbour: PeerId; readonly announcements: ReadonlyArray<Join | Leave> }

/** What became of a table. */
export interface Step {
  readonly table: Table
  readonly joined: ReadonlyArray<PeerId>
  readonly left: ReadonlyArray<PeerId>
  /** Ids that the neighbours may have to be told about; see `Announcing`. */
  readonly touched: ReadonlySet<PeerId>
  /** True when any route changed. */
  readonly changed: boolean
  /** True when the neighbour announced more than `maxPeers`; what was beyond is not taken in. */
  readonly overflowed: boolean
}

/** A table of a peer that knows nobody yet. */
export const empty = (self: PeerId, limits: Limits): Table => ({
  self,
  limits,
  neighbours: new Map(),
  routes: PeerMap.empty,
  serial: 0
})

/** Who can be reached, in the order in which they came to be known. Takes time with their number. */
export const peers = (table: Table): ReadonlyArray<Peer> =>
  PeerMap.entries(table.routes)
    .toSorted(([, one], [, other]) => one.serial - other.serial)
    .map(([id, { hops, nextHop }]) => ({ id, hops, nextHop }))

/** True for ids that a newcomer cannot have. */
export const isTaken = (table: Table, id: PeerId): boolean => id === table.self || PeerMap.has(table.routes, id)

/** True when another neighbour of ours announces this one too. A tree has no second way to anybody: it is a circle. */
export const isEncircled = (table: Table, neighbour: PeerId): boolean => {
  // What a neighbour says of itself is not heard.
  for (const { heard, ours } of table.neighbours.values()) if (ours && PeerMap.has(heard, neighbour)) return true
  return false
}

/** What can be said of a message that claims to be `from` and came over the neighbour `via`. */
export const judge = (table: Table, via: PeerId, from: PeerId): Sender => {
  if (from === via) return "Verified"
  const nextHop = from === table.self ? table.self : PeerMap.get(table.routes, from)?.nextHop
  // Originals know, and so announce, only some of those behind them.
  return nextHop === undefined || nextHop === via ? "Relayed" : "Mismatch"
}

/** Applies what happened. */
export const step = (table: Table, event: Event): Step => {
  const neighbours = new Map(table.neighbours)
  const before = neighbours.get(event.neighbour)
  switch (event._tag) {
    case "Attached":
      neighbours.set(event.neighbour, stranger(event.ours))
      return reroute(table, neighbours, new Set([event.neighbour]))
    case "Detached":
      neighbours.delete(event.neighbour)
      return reroute(
        table,
        neighbours,
        new Set([event.neighbour, ...before === undefined ? [] : behind(table, before)])
      )
    case "Heard": {
      if (before === undefined) return reroute(table, neighbours, new Set())
      const { neighbour, overflowed } = listen(table, before, event)
      neighbours.set(event.neighbour, neighbour)
      const touched = new Set(event.announcements.map(({ id }) => id))
      return { ...reroute(table, neighbours, touched), overflowed }
    }
  }
}

const stranger = (ours: boolean): Neighbour => ({
  ours,
  heard: PeerMap.empty,
  told: PeerMap.empty,
  waiting: PeerMap.empty
})

/** Whom a neighbour has announced, in the order in which they came to be known. */
const behind = ({ routes }: Table, { heard }: Neighbour): ReadonlyArray<PeerId> =>
  PeerMap.entries(heard)
    .map(([id]) => ({ id, serial: PeerMap.get(routes, id)?.serial ?? 0 }))
    .toSorted((one, other) => one.serial - other.serial)
    .map(({ id }) => id)

// An original announces mostly its own neighbours, and never says how far away they are.
const unsaid = 1

/** Takes in what a neighbour announced. */
const listen = (
  { limits, self }: Table,
  before: Neighbour,
  { announcements, neighbour: from }: Extract<Event, { readonly _tag: "Heard" }>
) => {
  let { heard, told } = before
  let overflowed = false
  for (const announcement of announcements) {
    const { id } = announcement
    // Quirk: an original has one entry for an id, which any announcement of its own overwrites or deletes, and it dies
    // of a LEAVE for an id that it has no entry for. So what it was told before no longer counts.
    if (!before.ours) told = PeerMap.remove(told, id)
    // Quirk: id 0 stays in an original's table for ever; a route to it ends there.
    if (id === self || id === from || id === 0n) continue
    const hops = announcement._tag === "Join" ? Math.max(announcement.hops, unsaid) : Infinity
    if (hops >= limits.maxHops) heard = PeerMap.remove(heard, id)
    else if (heard.size < limits.maxPeers || PeerMap.has(heard, id)) heard = PeerMap.set(heard, id, hops)
    else overflowed = true
  }
  return { neighbour: { ...before, heard, told }, overflowed }
}

/** Finds the routes to `touched` anew. */
const reroute = (
  table: Table,
  neighbours: ReadonlyMap<PeerId, Neighbour>,
  touched: ReadonlySet<PeerId>
): Step => {
  let { routes, serial } = table
  const joined: Array<PeerId> = []
  const left: Array<PeerId> = []
  let changed = false
  for (const id of touched) {
    const before = PeerMap.get(routes, id)
    const after = choose(neighbours, id, before, table.limits.maxHops)
    if (before?.nextHop === after?.nextHop && before?.hops === after?.hops) continue
    changed = true
    if (after === undefined) {
      routes = PeerMap.remove(routes, id)
      left.push(id)
      continue
    }
    routes = PeerMap.set(routes, id, { ...after, serial: before?.serial ?? serial++ })
    if (before === undefined) joined.push(id)
  }
  return { table: { ...table, neighbours, routes, serial }, joined, left, touched, changed, overflowed: false }
}

type Way = Pick<Route, "nextHop" | "hops">

/**
 * The way to a peer: the one it has as long as that gets no longer, else the shortest. A tree has one way to each, so
 * that a shorter one beside it is a lie, or an original's memory of somebody who has moved since.
 */
const choose = (
  neighbours: ReadonlyMap<PeerId, Neighbour>,
  id: PeerId,
  current: Route | undefined,
  maxHops: number
): Way | undefined => {
  if (neighbours.has(id)) return { nextHop: id, hops: 1 }
  let best: Way | undefined
  for (const [nextHop, { heard }] of neighbours) {
    const hops = (PeerMap.get(heard, id) ?? Infinity) + 1
    if (hops > maxHops) continue
    if (nextHop === current?.nextHop && hops <= current.hops) return { nextHop, hops }
    if (best === undefined || hops < best.hops || (hops === best.hops && nextHop === current?.nextHop)) {
      best = { nextHop, hops }
    }
  }
  return best
}
