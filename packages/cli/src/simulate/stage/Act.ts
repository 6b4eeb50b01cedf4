/** What a page is told next, from where it was. Pure, but for looking at the recording. */
import type { Acts } from "@peerage/console"
import type { Recording } from "./Recording.ts"

/** How far a page has been told, by the serials of a recording. */
export interface Place {
  readonly recording: Recording
  readonly packets: number
  readonly notes: number
  readonly hosts: number
  readonly cuts: number
  readonly links: number
  /** Packets before this one are told whatever their number: they were there when the page came. */
  readonly catchesUp: number
  /** True when there was more than an act may hold. */
  readonly isBehind: boolean
  readonly time: Time
}

/** How time is. */
export type Time = Pick<Acts.Act, "now" | "end" | "seed" | "speed" | "paused" | "replaying">

// About 150 KB; a page that comes late is told the rest in further acts, at once.
const mostPackets = 1000
const mostNotes = 200
// Names of hosts that are known by hosts, in one act.
const mostNames = 15_000

const isSame = (one: Time, other: Time): boolean =>
  one.now === other.now && one.paused === other.paused && one.speed === other.speed && one.end === other.end &&
  one.replaying === other.replaying

/** As many changes as an act has room for. */
const fitting = (changes: ReadonlyArray<Acts.Host>): ReadonlyArray<Acts.Host> => {
  let names = 0
  const end = changes.findIndex(({ knows }) => (names += knows.length + 1) > mostNames)
  // One that is too large by itself is told alone.
  return end < 0 ? changes : changes.slice(0, Math.max(1, end))
}

/** True while there is more to be told. */
const hasMore = ({ cuts, hosts, links, notes, packets, recording }: Place): boolean =>
  packets < recording.packets.next || notes < recording.notes.next || hosts < recording.hosts.next ||
  cuts < recording.cuts.next || links < recording.links.next

const tell = (from: Place, time: Time, first: boolean): readonly [Acts.Act, Place] => {
  const { recording } = from
  const { packets } = recording
  // Of a page that was there all the time only the latest packets are of interest.
  const oldest = from.packets < from.catchesUp ? packets.first : Math.max(packets.first, packets.next - mostPackets)
  const start = Math.max(from.packets, oldest)
  const told = packets.from(start, mostPackets)
  const notes = recording.notes.from(from.notes, mostNotes)
  const firstNote = Math.max(from.notes, recording.notes.first)
  const { before } = recording
  const hosts = fitting(recording.hosts.from(from.hosts, Infinity))
  const cuts = recording.cuts.from(from.cuts, Infinity)
  const links = recording.links.from(from.links, Infinity)
  const act: Acts.Act = {
    ...time,
    first,
    hosts: first || from.hosts < recording.hosts.first ? [...before.hosts, ...hosts] : hosts,
    cuts: first || from.cuts < recording.cuts.first ? [...before.cuts, ...cuts] : cuts,
    links: first || from.links < recording.links.first ? [...before.links, ...links] : links,
    packets: told.map((entry, index) => recording.packetOf(entry, start + index)),
    skipped: start - from.packets,
    notes: notes.map((note, index) => ({ n: firstNote + index, ...note }))
  }
  const place: Place = {
    ...from,
    time,
    isBehind: false,
    packets: start + told.length,
    notes: firstNote + notes.length,
    hosts: Math.max(from.hosts, recording.hosts.first) + hosts.length,
    cuts: Math.max(from.cuts, recording.cuts.first) + cuts.length,
    links: Math.max(from.links, recording.links.first) + links.length
  }
  return [act, { ...place, isBehind: hasMore(place) }]
}

/** The first act of a recording. */
export const begin = (recording: Recording, time: Time): readonly [Acts.Act, Place] => {
  const { cuts, hosts, links, notes, packets } = recording
  const place = {
    recording,
    time,
    packets: packets.first,
    notes: notes.first,
    hosts: hosts.first,
    cuts: cuts.first,
    links: links.first,
    catchesUp: packets.next,
    isBehind: false
  }
  return tell(place, time, true)
}

/** What has happened since; `undefined` when nothing has. */
export const proceed = (place: Place, time: Time): readonly [Acts.Act, Place] | undefined =>
  isSame(place.time, time) && !hasMore(place) ? undefined : tell(place, time, false)
