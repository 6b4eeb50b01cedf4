/**
 * What a Pyile room reports: the library's events and answers to commands, and the sentences about events. Pure.
 *
 *     14:03:59 bob 10.0.0.2:49152: hello
 *     14:04:10 bob 10.0.0.2:49152 to you: psst
 *     14:04:31 + 10.0.0.3:50001 joined
 */
import { printable, shown } from "@peerage/console/Printable"
import { inPyile } from "@peerage/console/Reasons"
import type { AdmissionState, History, PyileEvent } from "@peerage/pyile"
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Data } from "effect"
import type { WithTag } from "../room/Command.ts"
import { type Narrate, shownByCommand, silent, type Told, type View, viewOf } from "../room/Narrate.ts"
import type { Dated, SharedAnswer } from "../room/SharedCommands.ts"
import { dayAndTime, doubt, type Style } from "../room/Style.ts"
import type { Aliases } from "./Aliases.ts"

/** One message of a conversation. `sender` is `undefined` where `own` is true. */
export type Said = Dated<Omit<History.Entry, "at" | "order">>

/** Answers to commands; times are ISO 8601. */
export type Answer =
  | Data.TaggedEnum<{
    /** What was said in one conversation, oldest first, and which others there are. */
    History: { conversation: string; messages: ReadonlyArray<Said>; conversations: ReadonlyArray<string> }
    /** The bans in force. */
    Bans: {
      bans: ReadonlyArray<
        { readonly host: string; readonly reason: string; readonly until?: string; readonly key?: PeerKey }
      >
    }
    /** Addresses that gave wrong passwords or passphrases. */
    Limbo: { suspects: ReadonlyArray<{ readonly host: string; readonly failures: number }> }
    /** The passphrase that was made up is in a file, for this flag. */
    Kept: { path: string; flag: string }
  }>
  | SharedAnswer

/** Everything that a Pyile room reports. */
export type Event = PyileEvent.PyileEvent | Answer

/** What showing needs. */
export interface PyileView extends View {
  /** The peer's own address. Members know a host that listens at 0.0.0.0 by another address with the same port. */
  readonly self: string
  /** True when a session that ends is begun again. */
  readonly reconnects: boolean
  /** What is guessed at this host. */
  readonly secret: AdmissionState.Secret
  /** What people compare of a key. */
  readonly compared: (key: PeerKey) => string
}

/** What showing needs, with the alias of a peer before its address. */
export const pyileViewOf = (
  style: Style,
  { aliases, compared = (key) => key, ...view }:
    & Omit<PyileView, "style" | "name" | "compared">
    & { readonly aliases: Aliases; readonly compared?: PyileView["compared"] | undefined }
): PyileView => ({
  ...view,
  compared,
  style,
  name: (peer) => `${aliasIn(aliases.get(String(peer)), style)}${viewOf(style).name(peer)}`
})

const aliasIn = (alias: string | undefined, style: Style) =>
  alias === undefined || alias === "" ? "" : `${style.bold(printable(alias))} `

// The usual way to leave: the connection ends.
const why = (reason: string) => ["PeerClosed", "Left", "Unlisted"].includes(reason) ? "" : `: ${inPyile(reason)}`

/** Tells an event. The library keeps the log. */
export const narrate: Narrate<Event, PyileView> = (event, view): Told | undefined => {
  const { name, style } = view
  switch (event._tag) {
    case "Listening":
      return { text: "", lines: view.welcome }
    case "Connected":
      return { mark: "good", text: `You are in the network of ${event.peer}, as ${view.self}.` }
    case "Closed": {
      const next = view.reconnects ? " Trying to come back." : ""
      return { mark: "bad", text: `The session with ${event.peer} ended: ${inPyile(event.reason)}.${next}` }
    }
    case "Joined":
      return { mark: "+", text: `${name(event.peer)} joined` }
    case "Left":
      return { mark: "-", text: `${name(event.peer)} left${why(event.reason)}` }
    case "AliasSeen":
      return event.alias === ""
        ? silent
        : { text: style.dim(`${event.peer} calls itself ${printable(event.alias)}`) }
    case "Message":
      return { text: message(view, event) }
    case "Rejected":
      return { mark: "!", text: `turned ${event.host} away: ${inPyile(event.reason)}${remedy(event)}` }
    case "Banned":
      return { mark: "!", text: `${banned(event, view)} is banned ${until(event)}${ofKey(event)}` }
    case "Unbanned":
      return { text: `${banned(event, view)} may join again` }
    case "Peers":
      return silent
    default:
      return shownByCommand<Answer | WithTag<Event, "Sent">>(event)
  }
}

/** Whom a ban is for: an address, a prefix, or a key as people compare it. */
export const banned = (
  { host, key }: { readonly host: string; readonly key?: PeerKey },
  { compared }: Pick<PyileView, "compared">
): string => key === undefined ? host : `the key ${compared(key)}`

/** What a ban of a key cannot do. */
const ofKey = ({ key }: WithTag<Event, "Banned">): string =>
  key === undefined
    ? ""
    : ". That stops this key: without --identity a peer has another one at each start. /rotate changes the passphrase"

/** What helps somebody behind NAT. */
const remedy = ({ claimed, host }: WithTag<Event, "Rejected">): string =>
  claimed === undefined
    ? ""
    : `, ${printable(claimed)}. Behind NAT it can join with --advertise ${host}:PORT, or you host with --trust-claims`

/** How long a ban lasts. */
export const until = (ban: { readonly until?: string }): string =>
  ban.until === undefined ? "for ever" : `until ${dayAndTime(ban.until)}`

const everywhere = "0.0.0.0:"

const isSelf = (self: string, to: unknown): boolean =>
  to === self ||
  (self.startsWith(everywhere) && typeof to === "string" && to.endsWith(self.slice(everywhere.length - 1)))

const message = ({ self, style }: PyileView, event: PyileEvent.ReceivedMessage): string => {
  const to = event.to === "Broadcast" ? "" : isSelf(self, event.to) ? " to you" : ` to ${shown(event.to)}`
  const from = `${aliasIn(event.alias, style)}${style.named(event.from, printable(event.from))}`
  const mark = event.sender === "SharedAddress" ? `${style.dim("~")} ` : doubt(style, event.sender)
  return `${mark}${from}${style.bold(to)}: ${shown(event.data)}`
}
