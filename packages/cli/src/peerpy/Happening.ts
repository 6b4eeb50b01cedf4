/** What happens at a peer, as sentences: the same for the screen and for the log. Pure. */
import { wording } from "../before/Reasons.ts"
import { printable } from "../Printable.ts"
import type { Tagged } from "./Answer.ts"

/** The library's reasons, which are tags of errors, in words for the middle of a sentence. */
export const inWords: (reason: string) => string = wording([
  ["Denied", "it was not wanted"],
  ["Closed", "closed here"],
  ["StrictViolation", "it sent another kind of data"],
  ["UnreadableValue", "it sent what cannot be read"],
  ["UnsendableValue", "its connection carries another kind of data"],
  ["WrongSize", "the frames of its stream have another size"],
  ["WrongLength", "a payload broke off"],
  ["PayloadTooLarge", "more than is held in memory"],
  ["MalformedHeader", "not a message of this protocol"],
  ["SlowReader", "it did not read what it was sent"]
])

/** The events that are about connections and not what is said over them. */
export type Happening = Tagged<
  "Listening" | "Offer" | "Connected" | "Closed" | "Rejected" | "Withdrawn" | "Dropped" | "Stopped"
>

/** How a peer is shown: as it is, or in a colour. */
export type Name = (peer: string) => string

/** `json`, `bytes stream`, `raw, not strict`. */
export const kindOf = (
  { stream, strict, type }: { readonly type: string; readonly strict: boolean; readonly stream: boolean }
): string => `${type}${stream ? " stream" : ""}${strict ? "" : ", not strict"}`

const hostOf = (address: string) => address.slice(0, address.lastIndexOf(":"))

/** Where a peer comes from, if it is another machine than it says. */
export const elsewhere = ({ peer, remote }: { readonly peer: string; readonly remote: string }): string =>
  hostOf(peer) === hostOf(remote) ? "" : `, and comes from ${remote}`

// A connection that just ends is how peers close one.
const why = (reason: string) => ["PeerClosed", "Closed"].includes(reason) ? "" : `: ${inWords(reason)}`

/** The sentence about an event. */
export const sentence = (event: Happening, name: Name): string => {
  switch (event._tag) {
    case "Listening":
      return `Listening at ${event.address}.`
    case "Offer":
      return `${name(event.peer)} wants a connection (${kindOf(event)})${elsewhere(event)}`
    case "Connected":
      return `${event.initiated ? "connected to " : ""}${name(event.peer)}${event.initiated ? "" : " connected"} (${
        kindOf(event)
      })`
    case "Closed":
      return `the connection with ${name(event.peer)} ended${why(event.reason)}`
    case "Rejected":
      return `turned ${printable(event.host)} away: ${inWords(event.reason)}`
    case "Withdrawn":
      return `${name(event.peer)} did not wait for an answer`
    case "Dropped":
      return `${event.size} bytes from ${name(event.peer)} were passed over: ${inWords(event.reason)}`
    case "Stopped":
      return "No more connections are taken."
  }
}
