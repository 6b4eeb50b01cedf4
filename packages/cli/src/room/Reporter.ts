/** How events are reported to programs: as one JSON object a line. */
import { DateTime, Effect } from "effect"
import { json } from "../Printable.ts"
import type { Tagged } from "./Command.ts"
import { write } from "./Screen.ts"

/** Reports to programs: `{"event":"Joined","at":"2026-01-01T00:00:00.000Z","peer":"10.0.0.2:49152"}`. */
export const programs = <Event extends Tagged>(events: ReadonlyArray<Event>): Effect.Effect<void> =>
  Effect.flatMap(DateTime.now, (now) => {
    const at = DateTime.formatIso(now)
    return write(events.map((event) => json(Object.assign({ event: event._tag, at }, event, { _tag: undefined }))))
  })
