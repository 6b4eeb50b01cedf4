/** The log of a Pyrate room: who came and went, what was found, fetched and served, and what was refused. */
import * as Room from "../before/Journal.ts"
import type { Event } from "./Answer.ts"
import { type Happening, sentence } from "./Happening.ts"

/** The log of one room. */
export type Journal = Room.Journal<Event>

const levels: { readonly [tag in Happening["_tag"]]: Room.Level } = {
  Listening: "INFO",
  Connected: "INFO",
  Closed: "WARNING",
  Joined: "INFO",
  Left: "INFO",
  Shared: "INFO",
  Hit: "INFO",
  Saved: "INFO",
  Served: "INFO",
  Rejected: "WARNING"
}

const happens = (event: Event): event is Happening => Object.hasOwn(levels, event._tag)

/** An empty log of `size` entries at most. */
export const make = (size?: number): Journal =>
  Room.make(
    (event) => happens(event) ? { level: levels[event._tag], text: sentence(event, String) } : undefined,
    size
  )
