/** What a peer tells the world: its event stream. A subscriber that does not keep up loses the oldest ones. */
import { Events as Telling } from "@peerage/wire"
import type { PeerPyEvent } from "../PeerPyEvent.ts"

/** A peer's events. */
export type Events = Telling.Events<PeerPyEvent>

/** A peer's events, held for the scope's life; the stream ends with it. */
export const make = (buffer: number) => Telling.make<PeerPyEvent>({ buffer })
