/** What every room reports about its encryption, and the sentences about it. Pure. */
import { wording } from "@peerage/console/Reasons"
import type { Sessions } from "@peerage/secure"
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Data, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Tagged } from "../room/Command.ts"
import { info, type Told, type View, warning } from "../room/Narrate.ts"

/** What a room reports about its encryption. Keys are public; a passphrase is in none of it. */
export type SecureEvent = Data.TaggedEnum<{
  /**
   * There is an encrypted session with `peer`, whose key this is: it proved the passphrase, or its key is known. Only where
   * this end `initiated` it, `peer` is where the other listens.
   */
  Secured: {
    readonly peer: string
    readonly key: PeerKey
    readonly by: "Passphrase" | "Key"
    readonly initiated: boolean
  }
  /** There is no encrypted session with `peer`, whose key is known unless it went before that. */
  Refused: { readonly peer: string; readonly key?: PeerKey; readonly reason: string }
  /** `peer` has joined with the key of `other`, or with this peer's own: they refuse each other. */
  SameKey: { readonly peer: string; readonly other?: string; readonly key: PeerKey }
  /** How others join: it carries the key of this peer, which is the same after a restart where it is `kept`. */
  Invitation: {
    readonly invitation: string
    readonly key: PeerKey
    readonly fingerprint: string
    readonly kept: boolean
  }
  /** New peers need another passphrase from now on. */
  Rotated: {}
}>

const tags: ReadonlyArray<string> = ["Secured", "Refused", "SameKey", "Invitation", "Rotated"] satisfies ReadonlyArray<
  SecureEvent["_tag"]
>

/** Whether an event is one about encryption. No protocol has events of these names. */
export const isSecureEvent = (event: Tagged): event is SecureEvent => tags.includes(event._tag)

type LibraryEvent = Sessions.Sessions["Service"]["events"] extends Stream.Stream<infer Event> ? Event : never

/** An event of the library as rooms report it; none for the end of a session, which the log has where it is trouble. */
export const eventsOf = (event: LibraryEvent): ReadonlyArray<SecureEvent> => {
  const peer = NetAddress.formatInet(event.remote)
  switch (event._tag) {
    case "Admitted":
      return [{ _tag: "Secured", peer, key: event.key, by: event.by, initiated: event.initiated }]
    case "Refused":
      return [{ _tag: "Refused", peer, ...(event.key === undefined ? {} : { key: event.key }), reason: event.reason }]
    case "Ended":
      return []
  }
}

/** Reasons as either end sees them, and what helps. */
const inWords = wording([
  ["PlainPeer", "it speaks without encryption. It needs the invitation, or --secure"],
  // A plain dialer that waits for a word does so too.
  ["Truncated", "it hung up, as one does that expects another key, or no encryption"],
  ["NotMember", "only keys that are allowed come in"]
])

/** What telling needs to know. */
export interface Telling {
  readonly fingerprint: (key: PeerKey) => string
  /** Whether nobody was told of the event's key before. */
  readonly isNew: (event: SecureEvent) => boolean
  /** Whether a refusal is told to people, perhaps as the last of its kind. */
  readonly knock: (event: SecureEvent) => "Told" | "Last" | "Quiet"
  /** The address of a peer that was named without its key. */
  readonly unpinned: string | undefined
}

/** Tells an event; `undefined` for one that is only the answer to a command. */
export const narrate =
  ({ fingerprint, isNew, knock, unpinned }: Telling) => (event: SecureEvent, { style }: View): Told | undefined => {
    switch (event._tag) {
      case "Secured": {
        const told = info(`${event.peer} has the key ${fingerprint(event.key)}`)
        // Whoever knows the passphrase could listen there.
        const doubt = event.peer === unpinned && event.by === "Passphrase"
          ? ". No invitation said so: ask there whether it is the right one"
          : ""
        // A peer has one session for each address that it dials, and others later. One that dialed has no address that
        // anybody knows it by: what its protocol says of it has its key.
        return { ...told, lines: event.initiated && isNew(event) ? [style.dim(`${told.text}${doubt}`)] : [] }
      }
      case "Refused": {
        const shown = knock(event)
        const last = shown === "Last" ? ". More of this from there is shown only with --log-level INFO" : ""
        const other = event.reason === "KeyMismatch" && event.key !== undefined
          ? `, with the key ${fingerprint(event.key)}. Do not go on`
          : ""
        const told = warning(`no encrypted connection with ${event.peer}: ${inWords(event.reason)}${other}${last}`)
        return shown === "Quiet" ? { ...told, lines: [] } : told
      }
      case "SameKey":
        return warning(
          event.other === undefined
            ? `${event.peer} has your own key, so the two of you cannot talk. Start one of the two with another --identity`
            : `${event.peer} has the key of ${event.other}, so the two cannot talk to each other. Ask one of the two to `
              + "start with another --identity"
        )
      case "Invitation":
      case "Rotated":
        return undefined
    }
  }
