/** Where the nodes of a graph stand: on rings by their hops, in sectors by their next hop. A function of the ids alone. */
import type { Graph } from "../src/api/Frame.ts"

/** A node of a graph. */
export type Node = Graph["nodes"][number]

/** Where a node stands: the middle is 0, 0 and the last ring has the radius 1. */
export interface Place {
  readonly node: Node
  readonly x: number
  readonly y: number
  /** The neighbour over which it is reached, or the middle for a neighbour; nothing for the middle itself. */
  readonly from: { readonly x: number; readonly y: number } | undefined
}

const byId = (one: Node, other: Node): number => one.id < other.id ? -1 : one.id > other.id ? 1 : 0

const at = (radius: number, angle: number) => ({ x: radius * Math.sin(angle), y: -radius * Math.cos(angle) })

/** The nodes of one sector: a neighbour in its middle, what it leads to evenly over its width. */
const sector = (neighbour: Node, beyond: ReadonlyArray<Node>, start: number, size: number, rings: number) => {
  const middle = at(1 / rings, start + size / 2)
  const hops = [...Map.groupBy(beyond, (node) => node.hops)]
  return [
    { node: neighbour, ...middle, from: { x: 0, y: 0 } },
    ...hops.flatMap(([ring, nodes]) =>
      nodes.map((node, index) => ({
        node,
        ...at(ring / rings, start + size * (index + 0.5) / nodes.length),
        from: middle
      }))
    )
  ]
}

/** Places all nodes. A node whose next hop is not among the nodes stands in a sector of its own. */
export const place = (nodes: ReadonlyArray<Node>): ReadonlyArray<Place> => {
  const sorted = nodes.filter(({ hops }) => hops > 0).toSorted(byId)
  const rings = Math.max(1, ...sorted.map(({ hops }) => hops))
  const heads = new Set(sorted.filter(({ hops }) => hops === 1).map(({ id }) => id))
  const leads = (node: Node) => node.hops > 1 && node.via !== undefined && heads.has(node.via)
  const beyond = Map.groupBy(sorted.filter(leads), ({ via }) => via ?? "")
  const sectors = sorted.filter((node) => !leads(node)).map((node) => ({ node, beyond: beyond.get(node.id) ?? [] }))
  const weight = ({ beyond }: (typeof sectors)[number]) =>
    Math.max(1, ...[...Map.groupBy(beyond, ({ hops }) => hops)].map(([hops, nodes]) => nodes.length / hops))
  const all = sectors.reduce((sum, one) => sum + weight(one), 0)
  let start = 0
  const places = sectors.flatMap((one) => {
    const size = 2 * Math.PI * weight(one) / all
    start += size
    return sector(one.node, one.beyond, start - size, size, rings)
  })
  const self = nodes.filter(({ hops }) => hops === 0).map((node) => ({ node, x: 0, y: 0, from: undefined }))
  return [...self, ...places]
}
