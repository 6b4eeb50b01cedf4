/**
 * A sequence chart of some hosts, with what they did and what went wrong between the arrows. Packets that come again and
 * again are drawn once, and then counted. Pure.
 */
import { Trace } from "@peerage/transport"
import { addressOf, nameOf } from "./Protocol.ts"
import type { Line } from "./Story.ts"
import { momentOf } from "./Words.ts"

const spacing = 52

/** Whether both ends of a packet are among these hosts. */
export const isBetween = (hosts: ReadonlyArray<string>) => ({ from, to }: Trace.Entry): boolean =>
  hosts.includes(nameOf(from)) && hosts.includes(nameOf(to))

const withoutPort = (address: string) => address.slice(0, address.lastIndexOf(":"))
const content = new TextDecoder()

/** What a packet is, without its ports and its moment. */
const kindOf = ({ bytes, fate, from, kind, to }: Trace.Entry): string =>
  [withoutPort(from), withoutPort(to), kind, fate, content.decode(bytes)].join(" ")

/** The rows of a chart, without its heading. */
const rowsOf = (entries: ReadonlyArray<Trace.Entry>, hosts: ReadonlyArray<string>) => {
  const [heading = "", ...rows] = Trace.chart(entries, { spacing, hosts: hosts.map(addressOf) }).split("\n")
  const named = heading.replace(
    /10\.0\.\d+\.\d+ */g,
    (address) => `host ${nameOf(address.trim())}`.padEnd(address.length)
  )
  return {
    heading: named.trimEnd(),
    rows: rows.map((row, index) => `${momentOf(entries[index]?.at ?? 0)} ${row.slice(10)}`)
  }
}

/** The chart. `hosts` are its lanes; lines about other hosts are left out. */
export const chart = (
  entries: ReadonlyArray<Trace.Entry>,
  lines: ReadonlyArray<Line>,
  hosts: ReadonlyArray<string>
): ReadonlyArray<string> => {
  const packets = entries.filter(isBetween(hosts))
  const { heading, rows } = rowsOf(packets, hosts)
  const told = lines.filter((line) => line.hosts.length === 0 || line.hosts.some((host) => hosts.includes(host)))
  const drawn: Array<string> = packets.length === 0 ? [] : [heading]
  const seen = new Set<string>()
  let again = { packets: 0, at: 0 }
  const count = () => {
    if (again.packets > 0) {
      drawn.push(`${" ".repeat(11)}⋮ ${again.packets} more of these, until ${momentOf(again.at).trim()}`)
    }
    again = { packets: 0, at: 0 }
  }
  let next = 0
  packets.forEach((packet, index) => {
    for (let line = told[next]; line !== undefined && line.at <= packet.at; line = told[++next]) {
      count()
      seen.clear()
      drawn.push(`${momentOf(line.at)}  ${line.text}`)
    }
    const kind = kindOf(packet)
    if (seen.has(kind)) return void (again = { packets: again.packets + 1, at: packet.at })
    count()
    seen.add(kind)
    drawn.push(rows[index] ?? "")
  })
  count()
  return [...drawn, ...told.slice(next).map(({ at, text }) => `${momentOf(at)}  ${text}`)]
}
