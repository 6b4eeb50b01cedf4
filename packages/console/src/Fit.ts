/**
 * A frame within its bytes. Nearly all are, and are left as they are. Of one that is not, lists get half, messages a quarter,
 * and lines and events an eighth each: what is left out are the last rows, and the oldest messages, lines and events. Pure.
 */
import { Record } from "effect"
import { bounds, type Frame } from "./api/Frame.ts"
import * as Cut from "./Cut.ts"

// For the status, the meters and the names of the fields.
const reserve = 16_384
const whole = bounds.frame - reserve

const listing = <A>(items: ReadonlyArray<A>, bytes: number) => {
  const kept = Cut.fitting(items, bytes, "first")
  return { kept, left: items.length - kept.length }
}

const shrink = (frame: Frame): Frame => {
  const { graph, members, tables = {}, transfers } = frame
  const lists = [members, graph, transfers].filter((list) => list !== undefined).length + Object.keys(tables).length
  const each = Math.floor(whole / 2 / Math.max(1, lists))
  const people = listing(members?.list ?? [], each)
  const nodes = listing(graph?.nodes ?? [], each)
  const rows = Record.map(tables, ({ more, rows }) => {
    const { kept, left } = listing(rows, each)
    return { rows: kept, more: more + left }
  })
  return {
    ...frame,
    ...(members === undefined ? {} : { members: { list: people.kept, more: members.more + people.left } }),
    ...(graph === undefined ? {} : { graph: { nodes: nodes.kept, more: graph.more + nodes.left } }),
    ...(transfers === undefined ? {} : { transfers: listing(transfers, each).kept }),
    ...(frame.tables === undefined ? {} : { tables: rows }),
    said: Cut.fitting(frame.said, whole / 4, "last"),
    lines: Cut.fitting(frame.lines, whole / 8, "last"),
    happenings: Cut.fitting(frame.happenings, whole / 8, "last")
  }
}

/** The frame, with less in it where it is too long. */
export const fit = (frame: Frame): Frame => {
  const text = JSON.stringify(frame)
  return 3 * text.length <= bounds.frame || Cut.bytesOf(frame) <= bounds.frame ? frame : shrink(frame)
}
