/**
 * What each neighbour is to be told, as a pure function of the routes and of what was announced to it before
 * (docs/wire/p2p-chat.md, sections 3.3 and 7). A neighbour gets announcements of all peers that are not reached through it
 * (split horizon).
 */
import { Iterable } from "effect"
import type { Join, Leave } from "../../codec/Message.ts"
import type { PeerId } from "../../codec/PeerId.ts"
import * as SortedMap from "../collections/SortedMap.ts"
import type { Table } from "./Routing.ts"

/** What to send to a neighbour, and the table once it is sent. */
export interface Announcement {
  readonly table: Table
  readonly announcements: ReadonlyArray<Join | Leave>
  /** Ids that were left out for lack of room and have room now; announce them again. */
  readonly again: ReadonlyArray<PeerId>
}

/**
 * What `to` has to be told about `ids`: nothing that it was told before, and no more than `maxPeers` peers, so that a
 * peer which passes a liar's announcements on is not taken for the liar.
 */
export const announce = (table: Table, to: PeerId, ids: ReadonlyArray<PeerId>): Announcement => {
  const neighbour = table.neighbours.get(to)
  if (neighbour === undefined || ids.length === 0) return { table, announcements: [], again: [] }
  const { maxPeers } = table.limits
  const announcements: Array<Join | Leave> = []
  let { announced, leftOut } = neighbour
  for (const id of ids) {
    const hops = visibleHops(table, to, id)
    const before = announced.get(id)
    const isLeftOut = hops !== undefined && before === undefined && announced.size >= maxPeers
    leftOut = isLeftOut ? SortedMap.set(leftOut, id, true) : SortedMap.remove(leftOut, id)
    if (isLeftOut) continue
    if (hops === undefined) {
      if (before === undefined) continue
      announced = SortedMap.remove(announced, id)
      announcements.push({ _tag: "Leave", id })
    } else if (before === undefined || (neighbour.extended && before !== hops)) {
      announced = SortedMap.set(announced, id, hops)
      announcements.push({ _tag: "Join", id, via: table.self, hops: neighbour.extended ? hops : 0 })
    }
  }
  const again = Array.from(Iterable.take(leftOut.keys(), maxPeers - announced.size))
  for (const id of again) leftOut = SortedMap.remove(leftOut, id)
  const neighbours = new Map(table.neighbours).set(to, { ...neighbour, announced, leftOut })
  return { table: { ...table, neighbours }, announcements, again }
}

/** The distance of `id` as announced to a neighbour; `undefined` when it is not announced there. */
const visibleHops = ({ neighbours, routes }: Table, to: PeerId, id: PeerId): number | undefined => {
  const [neighbour, route] = [neighbours.get(to), routes.get(id)]
  if (neighbour === undefined || route === undefined || id === to || route.nextHop === to) return undefined
  // Quirk: an original that serves a peer itself loses that peer on a JOIN for it.
  if (!neighbour.extended && neighbour.received.has(id)) return undefined
  return route.hops
}
