/** The table of one peer, in the words of the rules: who comes, says what and goes, and what each is told. */
import * as Routing from "../../../src/peer/routing/Routing.ts"
import { id } from "../Network.ts"
import { join as announcement, leave } from "../Raw.ts"
import { Ours, type Said } from "./World.ts"

/** What is said of a peer `hops` connections away. */
export const join = (number: number, hops = 1, via = 999) => announcement(number, via, hops)
export { leave }

/** The table of peer 1, with neighbours that are one of ours unless they are among the originals. */
export const peer = (neighbours: ReadonlyArray<number>, originals: ReadonlyArray<number> = [], limits = {}) => {
  const one = new Ours(id(1), { maxHops: 256, maxPeers: 1000, ...limits })
  for (const number of neighbours) one.attach(id(number), "Joiner", !originals.includes(number))
  return {
    attach: (neighbour: number, extended = true) => one.attach(id(neighbour), "Joiner", extended),
    /** Joins a peer. */
    enter: (neighbour: number) => one.attach(id(neighbour), "Server", true),
    detach: (neighbour: number) => one.detach(id(neighbour)),
    hear: (neighbour: number, ...said: Said) => one.hear(id(neighbour), said),
    /** What a neighbour is told, each time only what it was not told before. */
    told: (to: number) =>
      one.speak(id(to)).map((it) => it._tag === "Join" ? `JOIN ${it.id} ${it.hops} via ${it.via}` : `LEAVE ${it.id}`),
    /** How many there are that a neighbour is to be told of once there is room. */
    waiting: (to: number) => one.table.neighbours.get(id(to))?.leftOut.size ?? 0,
    table: () => Routing.peers(one.table).map(({ hops, id, nextHop }) => `${id}: ${hops} via ${nextHop}`),
    judge: (via: number, from: number) => Routing.judge(one.table, id(via), id(from)),
    isTaken: (number: number) => one.isTaken(id(number)),
    isInCircle: (number: number) => Routing.isInCircle(one.table, id(number))
  }
}
