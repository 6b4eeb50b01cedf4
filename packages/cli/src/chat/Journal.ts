/** The log of a chat room: what happens to the network, and not what is said in it. */
import * as Room from "../room/Journal.ts"
import type { Event } from "./Answer.ts"
import { type Happening, sentence } from "./Happening.ts"

/** Levels of the log. */
export type Level = Room.Level

/** The log of one room. */
export type Journal = Room.Journal<Event>

const levels: { readonly [tag in Happening["_tag"]]: Level } = {
  Listening: "INFO",
  Connected: "INFO",
  Closed: "WARNING",
  Joined: "INFO",
  Left: "INFO",
  Discarded: "WARNING",
  Rejected: "WARNING"
}

const happens = (event: Event): event is Happening => Object.hasOwn(levels, event._tag)

/** An empty log of `size` entries at most. */
export const make = (size?: number): Journal =>
  Room.make(
    (event) => happens(event) ? { level: levels[event._tag], text: sentence(event, String) } : undefined,
    size
  )
