/** How events are told: to people as lines, to programs as one JSON object a line. */
import { Clock, DateTime, Effect } from "effect"
import { json } from "../Printable.ts"
import { type Screen, write } from "./Screen.ts"

/** Whatever has a tag, and fields. */
export interface Tagged {
  readonly _tag: string
}

/** Tells events, in their order. `asked`: they are the answer to a command. */
export type Teller<Event> = (events: ReadonlyArray<Event>, asked: boolean) => Effect.Effect<void>

/** Lines for people. `clock` is the time of day, `14:03:59`. */
export type Render<Event> = (event: Event, clock: string, asked: boolean) => ReadonlyArray<string>

const two = (value: number) => String(value).padStart(2, "0")

/** The time of day here, `14:03:59`, of milliseconds since 1970. */
export const timeOfDay = (millis: number): string => {
  const { hour, minute, second } = DateTime.toParts(
    DateTime.setZone(DateTime.makeUnsafe(millis), DateTime.zoneMakeLocal())
  )
  return `${two(hour)}:${two(minute)}:${two(second)}`
}

/** Tells people. */
export const people = <Event>(screen: Screen, render: Render<Event>): Teller<Event> => (events, asked) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const clock = timeOfDay(now)
    return screen.write(events.flatMap((event) => render(event, clock, asked)))
  })

/** Tells programs what `encode` makes of an event, for those with fields that JSON cannot carry as they are. */
export const encoded = <Event extends Tagged>(encode: (event: Event) => unknown): Teller<Event> => (events) =>
  Effect.flatMap(DateTime.now, (now) => {
    const at = DateTime.formatIso(now)
    return write(
      events.map((event) => json(Object.assign({ event: event._tag, at }, encode(event), { _tag: undefined })))
    )
  })

/** Tells programs: `{"event":"Joined","at":"2026-01-01T00:00:00.000Z","peer":"10.0.0.2:49152"}`. */
export const programs = <Event extends Tagged>(): Teller<Event> => encoded((event) => event)
