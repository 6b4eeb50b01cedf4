/** What a room has more where its connections are encrypted: events, commands, and a mark in the prompt. */
import * as Journal from "@peerage/console/Journal"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Effect } from "effect"
import type { Tagged } from "../room/Command.ts"
import { withMore } from "../room/CommandTable.ts"
import { plainView, type View } from "../room/Narrate.ts"
import type { Parts } from "../room/Room.ts"
import type { Secured } from "./Encryption.ts"
import { invitationOf, secureCommands } from "./SecureCommands.ts"
import { isSecureEvent, narrate, type SecureEvent } from "./SecureNarrate.ts"

// Strangers with the passphrase have as many keys as they like.
const mostKeys = 1000

// Anybody who finds the port can knock, many times a second. Not of all reasons together: a knock must not hide another.
const mostKnocks = 5
const mostKnockers = 1000

/** Counts refusals by address and reason, and says what becomes of each: told, told as the last one, or not told. */
const counting = () => {
  const knocks = new Map<string, number>()
  return ({ peer, reason }: { readonly peer: string; readonly reason: string }): "Told" | "Last" | "Quiet" => {
    const knocker = `${peer.slice(0, peer.lastIndexOf(":"))} ${reason}`
    const before = knocks.get(knocker)
    if (before === undefined && knocks.size >= mostKnockers) return "Quiet"
    const count = (before ?? 0) + 1
    knocks.set(knocker, count)
    return count < mostKnocks ? "Told" : count === mostKnocks ? "Last" : "Quiet"
  }
}

/** The parts of a room whose connections are encrypted. */
export const secure = <Room, V extends View, Event extends Tagged, E, Over>(
  parts: Parts<Room, V, Event, E, Over>,
  secured: Secured
): Parts<Room, V, Event | SecureEvent, E, Over> => {
  const { events, note, opening, reached, room, screen, table, view } = parts
  const told = new Map<PeerKey, SecureEvent>()
  const [count, lately] = [counting(), new WeakMap<SecureEvent, ReturnType<ReturnType<typeof counting>>>()]
  const isNew = (event: SecureEvent) => event._tag === "Secured" && told.get(event.key) === event
  const tell = narrate({ ...secured, isNew, knock: (event) => lately.get(event) ?? "Told" })
  const log = (event: SecureEvent) => {
    if (event._tag === "Secured" && !told.has(event.key) && told.size < mostKeys) told.set(event.key, event)
    if (event._tag === "Refused") lately.set(event, count(event))
    const { level, text = "" } = tell(event, plainView) ?? {}
    return level === undefined ? Effect.void : Journal.copy({ level, text })
  }
  return {
    ...parts,
    room,
    view,
    table: withMore<Room, V, Event, SecureEvent>(table, secureCommands({ secured, screen, reached })),
    narrate: (event, view) => isSecureEvent(event) ? tell(event, view) : parts.narrate(event, view),
    note: (event, asked) => isSecureEvent(event) ? log(event) : note(event, asked),
    events: [...events, secured.events],
    // The welcome tells people.
    opening: reached === undefined || screen.kind !== "Json"
      ? opening
      : Effect.map(opening, (events) => [...events, invitationOf(secured, reached)])
  }
}
