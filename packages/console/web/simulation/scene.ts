/**
 * What is to be painted at a moment: packets under way, those that die, arrivals and broadcasts. Pure.
 *
 * A packet that takes less time than the eye needs is shown for as long as that; in slow motion all take what they take.
 */
import type { Packet } from "../../src/api/Stage.ts"
import type { Point } from "./layout.ts"
import { lastUntil } from "./past.ts"

/** The colour of something: by what a packet is for, or that it died. */
export type Tone = Packet["kind"] | "dropped"

/** Something to be painted; `part` says how far it is, from 0 to 1. */
export type Mark =
  & { readonly tone: Tone; readonly part: number }
  & (
    | { readonly _tag: "Comet"; readonly from: Point; readonly to: Point; readonly size: number }
    /** An x where a packet died. */
    | { readonly _tag: "Cross"; readonly at: Point }
    /** A ring around a host that was told something. */
    | { readonly _tag: "Ring"; readonly at: Point }
    /** A broadcast, as it spreads. */
    | { readonly _tag: "Wave"; readonly at: Point }
  )

/** Which moment is looked at, and how. */
export interface View {
  readonly now: number
  /** Simulated time over real time. */
  readonly speed: number
  readonly places: ReadonlyMap<string, Point>
}

// Real milliseconds.
const shortest = 170
const crossed = 650
const ringing = 320
const waving = 520
// Before the sign that a cut link has in its middle.
const halfway = 0.42
// No packet that left earlier is painted, in simulated milliseconds.
const longest = 6000

const between = (from: Point, to: Point, part: number): Point => ({
  x: from.x + (to.x - from.x) * part,
  y: from.y + (to.y - from.y) * part
})

const sizes: { readonly [kind in Packet["kind"]]: number } = {
  message: 5,
  heartbeat: 3.2,
  open: 2.4,
  close: 2.4,
  reset: 3,
  datagram: 4
}

const sizeOf = ({ kind, length }: Packet): number =>
  kind === "message" ? Math.min(7.5, sizes.message + Math.log10(1 + length / 64)) : sizes[kind]

const dropped = (packet: Packet, from: Point, to: Point, { now, speed }: View): ReadonlyArray<Mark> => {
  // Who is down is not reached by what has arrived at its door: the packet under way was painted already.
  const way = packet.dropped === "down" ? 0 : shortest * speed
  const since = now - packet.at
  const at = between(from, to, packet.dropped === "down" ? 1 : halfway)
  if (since < way) {
    return [{ _tag: "Comet", tone: packet.kind, from, to: at, part: since / way, size: sizeOf(packet) }]
  }
  const part = (since - way) / (crossed * speed)
  return part < 1 ? [{ _tag: "Cross", tone: "dropped", at, part }] : []
}

const sent = (packet: Packet, from: Point, to: Point, { now, speed }: View): ReadonlyArray<Mark> => {
  const takes = Math.max((packet.arrives ?? packet.at) - packet.at, shortest * speed)
  const since = now - packet.at
  if (since < takes) {
    return [{ _tag: "Comet", tone: packet.kind, from, to, part: since / takes, size: sizeOf(packet) }]
  }
  const part = (since - takes) / (ringing * speed)
  return packet.kind === "message" && part < 1 ? [{ _tag: "Ring", tone: packet.kind, at: to, part }] : []
}

const marksOf = (packet: Packet, view: View): ReadonlyArray<Mark> => {
  const from = view.places.get(packet.from)
  if (from === undefined) return []
  if (packet.to === "all") {
    const part = (view.now - packet.at) / (waving * view.speed)
    return part < 1 ? [{ _tag: "Wave", tone: packet.kind, at: from, part }] : []
  }
  const to = view.places.get(packet.to)
  if (to === undefined) return []
  return packet.dropped === undefined ? sent(packet, from, to, view) : dropped(packet, from, to, view)
}

/** All that is to be painted, what left first at the back. Packets are in the order in which they left. */
export const sceneAt = (packets: ReadonlyArray<Packet>, view: View): ReadonlyArray<Mark> => {
  const marks: Array<Mark> = []
  const span = Math.max(longest, (shortest + crossed) * view.speed)
  const last = lastUntil(packets, view.now)
  for (let index = lastUntil(packets, view.now - span) + 1; index <= last; index++) {
    const packet = packets[index]
    if (packet !== undefined) marks.push(...marksOf(packet, view))
  }
  return marks
}
