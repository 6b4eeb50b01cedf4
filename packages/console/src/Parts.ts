/** The status and the lists of a panel, each of which a frame has whole or not at all. */
import { Effect } from "effect"
import { bounds, type Frame, type Graph, type Rows, type Transfer } from "./api/Frame.ts"
import type { Panel, Part } from "./Panel.ts"
import * as Shown from "./Shown.ts"

/** What a frame has as a whole. */
export type Lists = Pick<Frame, "status" | "members" | "tables" | "graph" | "transfers">

/** The status, which is looked at for every frame, or a list. */
export type Name = "status" | Part

/** A whole by its name, as a frame has it. */
export interface Source {
  readonly part: Name
  readonly read: Effect.Effect<Lists>
}

const bounded = <A>(items: ReadonlyArray<A>, show: (item: A) => A) => ({
  list: items.slice(0, bounds.rows).map(show),
  more: Math.max(0, items.length - bounds.rows)
})

const rowsOf = ({ list, more }: ReturnType<typeof bounded<Rows["rows"][number]>>): Rows => ({ rows: list, more })

const graphOf = ({ more, nodes }: Graph): Graph => {
  const { list, more: left } = bounded(nodes, Shown.node)
  return { nodes: list, more: more + left }
}

const transfersOf = (transfers: ReadonlyArray<Transfer>) => ({ transfers: bounded(transfers, Shown.transfer).list })

/** All that a panel has as a whole. */
export const sources = ({ graph, members, status, tables, transfers }: Panel): ReadonlyArray<Source> => [
  { part: "status", read: Effect.map(status, (now) => ({ status: Shown.status(now) })) },
  { part: "members", read: Effect.map(members, (all) => ({ members: bounded(all, Shown.member) })) },
  ...Object.entries(tables).map(([name, rows]): Source => ({
    part: `table:${name}`,
    read: Effect.map(rows, (all) => ({ tables: { [name]: rowsOf(bounded(all, Shown.row)) } }))
  })),
  ...(graph === undefined
    ? []
    : [{ part: "graph", read: Effect.map(graph, (graph) => ({ graph: graphOf(graph) })) } as const]),
  ...(transfers === undefined ? [] : [{ part: "transfers", read: Effect.map(transfers, transfersOf) } as const])
]

/** Both together. */
export const merge = (one: Lists, other: Lists): Lists => {
  const tables = { ...one.tables, ...other.tables }
  return { ...one, ...other, ...(Object.keys(tables).length === 0 ? {} : { tables }) }
}
