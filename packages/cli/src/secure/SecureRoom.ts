/** What a room has more where its connections are encrypted: events, commands, and a mark in the prompt. */
import * as Journal from "@peerage/console/Journal"
import * as PeerKey from "@peerage/transport/PeerKey"
import { Effect, Predicate } from "effect"
import type { Tagged } from "../room/Command.ts"
import { withMore } from "../room/CommandTable.ts"
import { plainView, type Told, type View } from "../room/Narrate.ts"
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

/** The keys that a list of peers shows. */
const keysIn = (event: Tagged): ReadonlyArray<PeerKey.PeerKey> =>
  Predicate.hasProperty(event, "keys") && Predicate.isObject(event.keys)
    ? Object.values(event.keys).flatMap((known) =>
      Predicate.hasProperty(known, "key") && Predicate.isString(known.key) ? PeerKey.parse(known.key) ?? [] : []
    )
    : []

/** Which keys people were shown, and whose key a peer has that comes. */
const acquaintance = <Event extends Tagged>(
  keyOf: ((event: Event) => Effect.Effect<PeerKey.PeerKey | undefined>) | undefined,
  secured: Secured
) => {
  const told = new Map<PeerKey.PeerKey, Tagged>()
  const brought = new WeakMap<Tagged, PeerKey.PeerKey>()
  const listed = new Set<PeerKey.PeerKey>()
  const learn = (key: PeerKey.PeerKey, event: Tagged) => {
    if (!told.has(key) && told.size < mostKeys) told.set(key, event)
  }
  return {
    learn,
    // The list of a protocol has shown a key already; but it vouches for nobody who was named without one.
    isNew: (event: SecureEvent) =>
      event._tag === "Secured" && told.get(event.key) === event
      && (event.peer === secured.named || !listed.has(event.key)),
    /** Notes the keys that an event shows or brings. */
    meet: (event: Event) =>
      Effect.map(keyOf?.(event) ?? Effect.undefined, (key) => {
        for (const known of keysIn(event).slice(0, mostKeys - listed.size)) listed.add(known)
        if (key === undefined) return
        learn(key, event)
        brought.set(event, key)
      }),
    /** An event with the key that it brings. */
    named: (event: Tagged, told: Told | undefined): Told | undefined => {
      const key = brought.get(event)
      return key === undefined || told === undefined
        ? told
        : { ...told, text: `${told.text}, with the key ${secured.fingerprint(key)}` }
    }
  }
}

/** The parts of a room whose connections are encrypted. */
export const secure = <Room, V extends View, Event extends Tagged, E, Over>(
  parts: Parts<Room, V, Event, E, Over>,
  secured: Secured
): Parts<Room, V, Event | SecureEvent, E, Over> => {
  const { events, keyOf, note, opening, reached, room, screen, table, view } = parts
  const { isNew, learn, meet, named } = acquaintance(keyOf, secured)
  const [count, lately] = [counting(), new WeakMap<SecureEvent, ReturnType<ReturnType<typeof counting>>>()]
  const tell = narrate({ ...secured, isNew, knock: (event) => lately.get(event) ?? "Told" })
  const log = (event: SecureEvent) => {
    if (event._tag === "Secured" && event.initiated) learn(event.key, event)
    if (event._tag === "Refused") lately.set(event, count(event))
    const { level, text = "" } = tell(event, plainView) ?? {}
    return level === undefined ? Effect.void : Journal.copy({ level, text })
  }
  return {
    ...parts,
    keyOf: undefined,
    room,
    view,
    table: withMore<Room, V, Event, SecureEvent>(table, secureCommands({ secured, screen, reached })),
    narrate: (event, view) => isSecureEvent(event) ? tell(event, view) : named(event, parts.narrate(event, view)),
    note: (event, asked) =>
      isSecureEvent(event)
        ? log(event)
        : Effect.andThen(meet(event), note(event, asked)),
    events: [...events, secured.events],
    // The welcome tells people.
    opening: reached === undefined || screen.kind !== "Json"
      ? opening
      : Effect.map(opening, (events) => [...events, invitationOf(secured, reached)])
  }
}
