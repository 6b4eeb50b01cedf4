/** How events are reported to programs: as one JSON object a line. */
import { json } from "@peerage/console/Printable"
import { DateTime, Effect } from "effect"
import type { Tagged } from "./Command.ts"
import { write } from "./Screen.ts"

/** The line for programs: `{"event":"Joined","at":"2026-01-01T00:00:00.000Z","peer":"10.0.0.2:49152"}`. */
export const lineAt = (now: DateTime.DateTime) => {
  const at = DateTime.formatIso(now)
  return <Event extends Tagged>(event: Event): ReadonlyArray<string> => [
    json(Object.assign({ event: event._tag, at }, event, { _tag: undefined }))
  ]
}

/** The lines for programs, of events that happen now. */
export const lines = <Event extends Tagged>(events: ReadonlyArray<Event>): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(DateTime.now, (now) => events.flatMap(lineAt(now)))

/** Reports to programs, and waits until they read. */
export const programs = <Event extends Tagged>(events: ReadonlyArray<Event>): Effect.Effect<void> =>
  Effect.flatMap(lines(events), write)
