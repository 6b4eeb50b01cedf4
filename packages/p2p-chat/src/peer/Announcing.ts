/**
 * What each neighbour is to be told, as a pure function of the routes and of what it was told before. (P2P-CHAT.md,
 * sections 3.3 and 7.)
 *
 *     told     what was announced to a neighbour: everything that is not reached through itself (split horizon)
 */
import type { Join, Leave } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"
import * as PeerMap from "./PeerMap.ts"
import type { Neighbour, Table } from "./Routing.ts"

/** What a neighbour is to be told, and the table once it is. */
export interface Announcement {
  readonly table: Table
  readonly announcements: ReadonlyArray<Join | Leave>
  /** Ids that there was no room for before and may be now, as many as there is; they are to be announced again. */
  readonly again: ReadonlyArray<PeerId>
}

/**
 * What `to` has yet to be told about `ids`: nothing where it knows as much, and nothing new where it knows of `maxPeers`,
 * so that it takes nobody for a liar who only passes on what a liar said.
 */
export const announce = (table: Table, to: PeerId, ids: ReadonlyArray<PeerId>): Announcement => {
  const neighbour = table.neighbours.get(to)
  if (neighbour === undefined || ids.length === 0) return { table, announcements: [], again: [] }
  const { maxPeers } = table.limits
  const announcements: Array<Join | Leave> = []
  let { told, waiting } = neighbour
  for (const id of ids) {
    const hops = worthTelling(table, neighbour, to, id)
    const before = PeerMap.get(told, id)
    const crowded = hops !== undefined && before === undefined && told.size >= maxPeers
    waiting = crowded ? PeerMap.set(waiting, id, true) : PeerMap.remove(waiting, id)
    if (crowded) continue
    if (hops === undefined) {
      if (before === undefined) continue
      told = PeerMap.remove(told, id)
      announcements.push({ _tag: "Leave", id })
    } else if (before === undefined || (neighbour.ours && before !== hops)) {
      told = PeerMap.set(told, id, hops)
      announcements.push({ _tag: "Join", id, via: table.self, hops: neighbour.ours ? hops : 0 })
    }
  }
  const again = PeerMap.entries(waiting, maxPeers - told.size).map(([id]) => id)
  for (const id of again) waiting = PeerMap.remove(waiting, id)
  const neighbours = new Map(table.neighbours).set(to, { ...neighbour, told, waiting })
  return { table: { ...table, neighbours }, announcements, again }
}

/** How far away `id` is said to be to a neighbour; `undefined` where it is told nothing of it. */
const worthTelling = (table: Table, neighbour: Neighbour, to: PeerId, id: PeerId): number | undefined => {
  const route = PeerMap.get(table.routes, id)
  if (route === undefined || id === to || route.nextHop === to) return undefined
  // Quirk: an original that serves a peer itself loses it with a JOIN for it.
  if (!neighbour.ours && PeerMap.has(neighbour.heard, id)) return undefined
  return route.hops
}
