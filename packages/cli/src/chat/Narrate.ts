/** What a chat room reports: the library's events and its own, and the sentences about them. Pure. */
import type { Message } from "@peerage/console/ChatTalk"
import { printable } from "@peerage/console/Printable"
import { inChat } from "@peerage/console/Reasons"
import type { ChatEvent, PeerId } from "@peerage/p2p-chat"
import type { Data } from "effect"
import type { WithTag } from "../room/Command.ts"
import { info, type Narrate, shownByCommand, silent, type Told, type View, warning } from "../room/Narrate.ts"
import type { Dated, History, SharedAnswer } from "../room/SharedCommands.ts"
import { counted, doubt } from "../room/Style.ts"

/** Answers to commands; in JSON, ids are strings. */
export type Answer =
  | Data.TaggedEnum<{
    /** How each peer that can be reached is reached. */
    Table: { rows: ReadonlyArray<ChatEvent.Peer> }
    /** How many messages are kept for each peer that cannot be reached. */
    Buffer: { rows: ReadonlyArray<ChatEvent.Kept> }
  }>
  | History<PeerId.PeerId, Dated<Message>>
  | SharedAnswer

/** Everything that a chat room reports. `Self` is the peer's own id, reported once at the beginning. */
export type Event = ChatEvent.ChatEvent | Data.TaggedEnum<{ Self: { id: PeerId.PeerId } }> | Answer

// The usual way to leave: a neighbour ends its connection, any other peer is withdrawn by a neighbour.
const why = (reason: string) => ["PeerClosed", "Left", "Withdrawn"].includes(reason) ? "" : `: ${inChat(reason)}`

/** Tells an event. */
export const narrate: Narrate<Event, View> = (event, view): Told | undefined => {
  const { name, style, welcome } = view
  switch (event._tag) {
    case "Listening":
      return { ...info(`Listening at ${event.address}.`), lines: welcome }
    case "Connected":
      return info(`You are in the network through ${event.peer} at ${event.address}.`, "good")
    case "Closed": {
      const text = `The connection to ${event.peer} at ${event.address} ended${why(event.reason)}.`
      return { ...warning(text), lines: [style.yellow(`${text} Trying to come back.`)] }
    }
    case "Joined":
      return info(`${name(event.peer)} joined`, "+")
    case "Left":
      return info(`${name(event.peer)} left${why(event.reason)}`, "-")
    case "Discarded": {
      const were = `${counted(event.messages, "message")} for ${event.to} ${event.messages === 1 ? "was" : "were"}`
      return warning(`${were} given up: ${inChat(event.reason)}`)
    }
    case "Rejected":
      return warning(`turned ${printable(event.host)} away: ${inChat(event.reason)}`)
    case "Message":
      return { text: said({ ...event, own: false }, view) }
    case "Peers":
    case "Self":
      return silent
    default:
      return shownByCommand<Answer | WithTag<Event, "Sent">>(event)
  }
}

/** Who said what, in one line; to whom, where it was this peer. */
export const said = ({ data, from, own, sender, to }: Message, { name, style }: View): string =>
  `${doubt(style, sender)}${own ? `${style.bold("you")} to ${name(to)}` : name(from)}: ${printable(data)}`
