/** How a simulated network was at a moment, from what a page has been told. Pure, but for the histories that it keeps. */
import type { Cuts, Host, Packet } from "../../src/api/Stage.ts"
import { byName } from "./layout.ts"

/** Changes of one thing, oldest first. */
export type Changes<A extends { readonly at: number }> = ReadonlyArray<A>

/** The last index whose moment is not after another; -1 when all are. */
export const lastUntil = (items: ReadonlyArray<{ readonly at: number }>, moment: number): number => {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((items[middle]?.at ?? 0) > moment) high = middle
    else low = middle + 1
  }
  return low - 1
}

/** How something was at a moment; as it was first, before that. */
export const asOf = <A extends { readonly at: number }>(changes: Changes<A>, moment: number): A | undefined =>
  changes[Math.max(0, lastUntil(changes, moment))]

/** Hosts as they were at a moment, in the order of their names. */
export const hostsAt = (histories: ReadonlyMap<string, Changes<Host>>, moment: number): ReadonlyArray<Host> =>
  [...histories.values()].flatMap((changes) => asOf(changes, moment) ?? []).sort((one, other) =>
    byName(one.name, other.name)
  )

/** Between which two hosts a line goes, whichever way. */
export const pair = (a: string, b: string): string => byName(a, b) <= 0 ? `${a} ${b}` : `${b} ${a}`

/** A line between two hosts. */
export interface Wire {
  readonly key: string
  readonly a: string
  readonly b: string
  /** 0 for a while ago, up to 4 for just now. */
  readonly level: 0 | 1 | 2 | 3 | 4
  /** Whether nothing arrives, and from whom, where it is one way only. */
  readonly cut: "no" | "both" | { readonly from: string }
}

/** Whether two hosts have a connection, by the last packet that says so, from which moment on. */
export type Talks = Map<string, Array<{ readonly at: number; readonly open: boolean }>>

/** Notes what packets say of connections: all open one, or go over one, but those that end it. */
export const noteTalks = (talks: Talks, packets: ReadonlyArray<Packet>): void => {
  for (const { at, dropped, from, kind, to } of packets) {
    if (dropped !== undefined || kind === "datagram") continue
    const key = pair(from, to)
    const known = talks.get(key) ?? []
    const open = kind !== "close" && kind !== "reset"
    if (known.at(-1)?.open !== open) known.push({ at, open })
    talks.set(key, known)
  }
}

const areOpen = (talks: Talks, moment: number): ReadonlyArray<string> =>
  [...talks].flatMap(([key, changes]) => changes[lastUntil(changes, moment)]?.open === true ? [key] : [])

// After so long without traffic a link is drawn no more, unless a connection is open; in simulated milliseconds.
const remembered = 8000
const levels = [0, 1, 2, 3, 4] as const

const levelOf = (age: number): Wire["level"] => levels[4 - Math.min(4, Math.floor(age / remembered * 5))] ?? 0

const cutOf = (directions: ReadonlyArray<{ readonly from: string }>): Wire["cut"] => {
  const [first] = directions
  if (first === undefined) return "no"
  return directions.length > 1 ? "both" : { from: first.from }
}

/** What links follow from. */
export interface Traffic {
  readonly packets: ReadonlyArray<Packet>
  readonly talks: Talks
}

/** The links with traffic of late or an open connection, and those that are cut. */
export const wiresAt = (
  { packets, talks }: Traffic,
  cuts: Cuts["pairs"],
  moment: number
): ReadonlyArray<Wire> => {
  const ages = new Map<string, number>()
  for (let index = lastUntil(packets, moment); index >= 0; index--) {
    const packet = packets[index]
    if (packet === undefined || packet.at < moment - remembered) break
    const key = pair(packet.from, packet.to)
    if (packet.to !== "all" && packet.dropped === undefined && !ages.has(key)) ages.set(key, moment - packet.at)
  }
  const directions = new Map<string, ReadonlyArray<{ readonly from: string }>>()
  for (const cut of cuts) {
    const key = pair(cut.from, cut.to)
    directions.set(key, [...directions.get(key) ?? [], cut])
  }
  return [...new Set([...ages.keys(), ...directions.keys(), ...areOpen(talks, moment)])].sort().map((key) => {
    const [a = "", b = ""] = key.split(" ")
    return { key, a, b, level: levelOf(ages.get(key) ?? remembered), cut: cutOf(directions.get(key) ?? []) }
  })
}
