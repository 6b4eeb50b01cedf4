/**
 * Who can be reached and how, as a pure function of what happened: neighbours come and go and announce, routes follow,
 * and from the routes what each neighbour is to be told. (P2P-CHAT.md, sections 3.3, 4 and 7.)
 *
 *     heard    what a neighbour announced; a route is the shortest way among all that is heard, and stays while it may
 *     told     what was announced to a neighbour: everything that is not reached through itself (split horizon)
 *
 * The next hop is always the neighbour something was heard from, so no announcement can lead anywhere but to its sender.
 * A neighbour cannot take an id away from the peer itself or from another neighbour, be it that one's own or one that is
 * reached through it. Each hop counts, and `maxHops` ends what goes round in a circle.
 */
import type { Sender } from "../ChatEvent.ts"
import type { Join, Leave } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"

/** A neighbour: what it announced and what it was told, each with the hops said. */
export interface Neighbour {
  /** Whether it is one of ours, which counts hops and survives any announcement. */
  readonly ours: boolean
  readonly heard: ReadonlyMap<PeerId, number>
  readonly told: ReadonlyMap<PeerId, number>
}

/** The way to a peer. */
export interface Route {
  readonly nextHop: PeerId
  /** Connections to cross, 1 to a neighbour. At least so many where an original is among those between. */
  readonly hops: number
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
  /** In the order in which peers came to be known. */
  readonly routes: ReadonlyMap<PeerId, Route>
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
  /** Ids that the neighbours may have to be told about; see `announce`. */
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
  routes: new Map()
})

/** True for ids that a newcomer cannot have. */
export const isTaken = (table: Table, id: PeerId): boolean => id === table.self || table.routes.has(id)

/** True when another neighbour of ours announces this one too. A tree has no second way to anybody: it is a circle. */
export const isEncircled = (table: Table, neighbour: PeerId): boolean => {
  // What a neighbour says of itself is not heard.
  for (const { heard, ours } of table.neighbours.values()) if (ours && heard.has(neighbour)) return true
  return false
}

/** What can be said of a message that claims to be `from` and came over the neighbour `via`. */
export const judge = (table: Table, via: PeerId, from: PeerId): Sender => {
  if (from === via) return "Verified"
  const nextHop = from === table.self ? table.self : table.routes.get(from)?.nextHop
  // Originals know, and so announce, only some of those behind them.
  return nextHop === undefined || nextHop === via ? "Relayed" : "Mismatch"
}

/** Applies what happened. */
export const step = (table: Table, event: Event): Step => {
  const neighbours = new Map(table.neighbours)
  const before = neighbours.get(event.neighbour)
  switch (event._tag) {
    case "Attached":
      neighbours.set(event.neighbour, { ours: event.ours, heard: new Map(), told: new Map() })
      return reroute(table, neighbours, new Set([event.neighbour]))
    case "Detached":
      neighbours.delete(event.neighbour)
      return reroute(table, neighbours, new Set([event.neighbour, ...(before?.heard.keys() ?? [])]))
    case "Heard": {
      if (before === undefined) return reroute(table, neighbours, new Set())
      const { neighbour, overflowed } = listen(table, before, event)
      neighbours.set(event.neighbour, neighbour)
      const touched = new Set(event.announcements.map(({ id }) => id))
      return { ...reroute(table, neighbours, touched), overflowed }
    }
  }
}

// An original announces mostly its own neighbours, and never says how far away they are.
const unsaid = 1

/** Takes in what a neighbour announced. */
const listen = (
  { limits, self }: Table,
  { heard: before, ours, told: toldBefore }: Neighbour,
  { announcements, neighbour: from }: Extract<Event, { readonly _tag: "Heard" }>
) => {
  const heard = new Map(before)
  const told = new Map(toldBefore)
  let overflowed = false
  for (const announcement of announcements) {
    const { id } = announcement
    // Quirk: an original has one entry for an id, which any announcement of its own overwrites or deletes, and it dies
    // of a LEAVE for an id that it has no entry for. So what it was told before no longer counts.
    if (!ours) told.delete(id)
    // Quirk: id 0 stays in an original's table for ever; a route to it ends there.
    if (id === self || id === from || id === 0n) continue
    const hops = announcement._tag === "Join" ? Math.max(announcement.hops, unsaid) : Infinity
    if (hops >= limits.maxHops) heard.delete(id)
    else if (heard.size < limits.maxPeers || heard.has(id)) heard.set(id, hops)
    else overflowed = true
  }
  return { neighbour: { ours, heard, told }, overflowed }
}

/** Finds the routes to `touched` anew. */
const reroute = (
  table: Table,
  neighbours: ReadonlyMap<PeerId, Neighbour>,
  touched: ReadonlySet<PeerId>
): Step => {
  const routes = new Map(table.routes)
  const joined: Array<PeerId> = []
  const left: Array<PeerId> = []
  let changed = false
  for (const id of touched) {
    const before = routes.get(id)
    const after = choose(neighbours, id, before, table.limits.maxHops)
    if (before?.nextHop === after?.nextHop && before?.hops === after?.hops) continue
    changed = true
    if (after === undefined) {
      routes.delete(id)
      left.push(id)
      continue
    }
    routes.set(id, after)
    if (before === undefined) joined.push(id)
  }
  return { table: { ...table, neighbours, routes }, joined, left, touched, changed, overflowed: false }
}

/**
 * The way to a peer: the one it has as long as that gets no longer, else the shortest. A tree has one way to each, so
 * that a shorter one beside it is a lie, or an original's memory of somebody who has moved since.
 */
const choose = (
  neighbours: ReadonlyMap<PeerId, Neighbour>,
  id: PeerId,
  current: Route | undefined,
  maxHops: number
): Route | undefined => {
  if (neighbours.has(id)) return { nextHop: id, hops: 1 }
  let best: Route | undefined
  for (const [nextHop, { heard }] of neighbours) {
    const hops = (heard.get(id) ?? Infinity) + 1
    if (hops > maxHops) continue
    if (nextHop === current?.nextHop && hops <= current.hops) return { nextHop, hops }
    if (best === undefined || hops < best.hops || (hops === best.hops && nextHop === current?.nextHop)) {
      best = { nextHop, hops }
    }
  }
  return best
}

/** What a neighbour is to be told, and the table once it is. */
export interface Announcement {
  readonly table: Table
  readonly announcements: ReadonlyArray<Join | Leave>
  /** True when the neighbour knew of `maxPeers` and now knows of fewer: any id may be one it was not told of. */
  readonly hasRoom: boolean
}

/**
 * What `to` has yet to be told about `ids`: nothing where it knows as much, and nothing new where it knows of `maxPeers`,
 * so that it takes nobody for a liar who only passes on what a liar said.
 */
export const announce = (table: Table, to: PeerId, ids: ReadonlyArray<PeerId>): Announcement => {
  const neighbour = table.neighbours.get(to)
  if (neighbour === undefined || ids.length === 0) return { table, announcements: [], hasRoom: false }
  const told = new Map(neighbour.told)
  const announcements: Array<Join | Leave> = []
  for (const id of ids) {
    const hops = worthTelling(table, neighbour, to, id)
    const before = told.get(id)
    if (hops === undefined) {
      if (told.delete(id)) announcements.push({ _tag: "Leave", id })
    } else if (before === undefined ? told.size < table.limits.maxPeers : neighbour.ours && before !== hops) {
      told.set(id, hops)
      announcements.push({ _tag: "Join", id, via: table.self, hops: neighbour.ours ? hops : 0 })
    }
  }
  const hasRoom = told.size < table.limits.maxPeers && neighbour.told.size >= table.limits.maxPeers
  if (announcements.length === 0) return { table, announcements, hasRoom }
  const neighbours = new Map(table.neighbours).set(to, { ...neighbour, told })
  return { table: { ...table, neighbours }, announcements, hasRoom }
}

/** How far away `id` is said to be to a neighbour; `undefined` where it is told nothing of it. */
const worthTelling = (table: Table, neighbour: Neighbour, to: PeerId, id: PeerId): number | undefined => {
  const route = table.routes.get(id)
  if (route === undefined || id === to || route.nextHop === to) return undefined
  // Quirk: an original that serves a peer itself loses it with a JOIN for it.
  if (!neighbour.ours && neighbour.heard.has(id)) return undefined
  return route.hops
}
