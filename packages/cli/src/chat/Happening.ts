/** What happens at a peer, as sentences: the same for the screen and for the log. Pure. */
import type { ChatEvent, PeerId } from "@peerage/p2p-chat"
import { printable } from "../Printable.ts"
import { wording } from "../room/Reasons.ts"

const inWords = wording([
  ["DuplicateId", "its id is in use"],
  ["InvalidId", "it has an id that no peer may have"],
  ["AlreadyReachable", "it is in this network already"],
  ["SlowReader", "it did not read what it was sent"],
  ["Expired", "nobody could be found to take them in time"],
  ["BufferFull", "there was no more room"]
])

/** How an id is shown: as it is, or in a colour. */
export type Name = (id: PeerId.PeerId) => string

/** The events that are about the network and not what is said in it. */
export type Happening = Extract<
  ChatEvent.ChatEvent,
  { readonly _tag: "Listening" | "Connected" | "Closed" | "Joined" | "Left" | "Discarded" | "Rejected" }
>

// A connection that just ends is how neighbours leave, and being withdrawn by one of them how everybody else does.
const why = (reason: string) => ["PeerClosed", "Left", "Withdrawn"].includes(reason) ? "" : `: ${inWords(reason)}`

/** The sentence about an event. */
export const sentence = (event: Happening, name: Name): string => {
  switch (event._tag) {
    case "Listening":
      return `Listening at ${event.address}.`
    case "Connected":
      return `You are in the network through ${name(event.peer)} at ${event.address}.`
    case "Closed":
      return `The connection to ${name(event.peer)} at ${event.address} ended${why(event.reason)}.`
    case "Joined":
      return `${name(event.peer)} joined`
    case "Left":
      return `${name(event.peer)} left${why(event.reason)}`
    case "Discarded":
      return `${counted(event.messages)} for ${name(event.to)} ${event.messages === 1 ? "was" : "were"} given up: ${
        inWords(event.reason)
      }`
    case "Rejected":
      return `turned ${printable(event.host)} away: ${inWords(event.reason)}`
  }
}

/** `1 message`, `2 messages`. */
export const counted = (messages: number): string => `${messages} ${messages === 1 ? "message" : "messages"}`
