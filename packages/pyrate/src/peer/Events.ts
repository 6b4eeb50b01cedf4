/** What a peer tells the world: its event stream. A subscriber that does not keep up loses the oldest ones. */
import { Events as Telling } from "@peerage/wire"
import type { PyrateEvent } from "../PyrateEvent.ts"

/** A peer's events. */
export type Events = Telling.Events<PyrateEvent>

/** A peer's events, held for the scope's life; the stream ends with it. */
export const make = (buffer: number) => Telling.make<PyrateEvent>({ buffer })
