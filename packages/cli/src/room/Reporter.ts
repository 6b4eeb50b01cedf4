/** How events are reported: to people as lines, to programs as one JSON object a line. */
import { Clock, DateTime, Effect } from "effect"
import { json } from "../Printable.ts"
import type { Tagged } from "./Command.ts"
import { type Screen, write } from "./Screen.ts"
import { timeOfDay } from "./Style.ts"

/** Reports events, in their order. `asked`: they are the answer to a command. */
export type Reporter<Event> = (events: ReadonlyArray<Event>, asked: boolean) => Effect.Effect<void>

/** Lines for people. `clock` is the time of day, `14:03:59`. */
export type Render<Event> = (event: Event, clock: string, asked: boolean) => ReadonlyArray<string>

/** Reports to people. */
export const people =
  <Event>(screen: Pick<Screen, "write">, render: Render<Event>): Reporter<Event> => (events, asked) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const clock = timeOfDay(now)
      return screen.write(events.flatMap((event) => render(event, clock, asked)))
    })

/** Reports to programs: `{"event":"Joined","at":"2026-01-01T00:00:00.000Z","peer":"10.0.0.2:49152"}`. */
export const programs = <Event extends Tagged>(events: ReadonlyArray<Event>): Effect.Effect<void> =>
  Effect.flatMap(DateTime.now, (now) => {
    const at = DateTime.formatIso(now)
    return write(events.map((event) => json(Object.assign({ event: event._tag, at }, event, { _tag: undefined }))))
  })
