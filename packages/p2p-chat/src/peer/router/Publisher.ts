/**
 * What a peer has to publish: its events at once, in their order, and who can be reached as a list.
 *
 * A list takes time with its length. So after each list comes a pause, the longer the longer the list, and a neighbour
 * whose peers come and go without end costs a small part of the time. The first change is published at once, the last one
 * always.
 */
import { Chunk } from "effect"
import type { ChatEvent } from "../../ChatEvent.ts"

// A list of 10,000 takes some milliseconds and is made every 100 at most; one below 100 has no pause.
const peersPerMillisecond = 100

/** What is not published yet. */
export interface Publisher {
  readonly events: Chunk.Chunk<ChatEvent>
  /** True when the published list is outdated. */
  readonly changed: boolean
  /** The end of the pause after the latest list, in milliseconds; -Infinity when there was none. */
  readonly pausedUntil: number
}

/** Nothing is to be published. */
export const empty: Publisher = { events: Chunk.empty(), changed: false, pausedUntil: -Infinity }

/** Adds events. */
export const add = (publisher: Publisher, events: ReadonlyArray<ChatEvent>): Publisher => ({
  ...publisher,
  events: Chunk.appendAll(publisher.events, Chunk.fromArrayUnsafe(events))
})

/** Takes all events. */
export const take = (publisher: Publisher): readonly [ReadonlyArray<ChatEvent>, Publisher] => [
  Chunk.toReadonlyArray(publisher.events),
  { ...publisher, events: Chunk.empty() }
]

/** When the list that waits for the end of a pause is to be published, in milliseconds; Infinity when none waits. */
export const due = ({ changed, pausedUntil }: Publisher): number =>
  changed && pausedUntil !== -Infinity ? pausedUntil : Infinity

/** True when the list is to be published now. */
export const isListDue = ({ changed, pausedUntil }: Publisher, at: number): boolean => changed && at >= pausedUntil

/** Begins the pause after a list of so many peers. */
export const pause = (publisher: Publisher, peers: number, at: number): Publisher => {
  const pause = Math.floor(peers / peersPerMillisecond)
  return { ...publisher, changed: false, pausedUntil: pause === 0 ? -Infinity : at + pause }
}
