/** What happens at a bootstrap and at a peer, as sentences: the same for the screen and for the log. Pure. */
import { wording } from "../before/Reasons.ts"
import { printable } from "../Printable.ts"
import type { Tagged } from "./Answer.ts"
import { size } from "./Size.ts"

/** The library's reasons, which are tags of errors, in words for the middle of a sentence. */
const inWords: (reason: string) => string = wording([
  ["Expired", "it was not heard of for too long"],
  ["NoSuchFile", "there is no such file"],
  ["MalformedRequest", "not a message of this protocol"],
  ["FileTrouble", "the file cannot be read"]
])

/** The events that are for the log too. */
export type Happening = Tagged<
  "Listening" | "Connected" | "Closed" | "Joined" | "Left" | "Shared" | "Hit" | "Saved" | "Served" | "Rejected"
>

/** How a peer is shown: as it is, or in a colour. */
export type Name = (peer: string) => string

/** `1 file`, `2 files`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`

/** The sentence about an event. */
export const sentence = (event: Happening, name: Name): string => {
  switch (event._tag) {
    case "Listening":
      return `Listening at ${event.address}.`
    case "Connected":
      return `Registered with the bootstrap at ${event.peer}.`
    case "Closed":
      return `The bootstrap at ${event.peer} cannot be reached: ${inWords(event.reason)}. It is tried again.`
    case "Joined":
      return `${name(event.peer)} registered`
    case "Left":
      return `${name(event.peer)} left${event.reason === "Unregistered" ? "" : `: ${inWords(event.reason)}`}`
    case "Shared":
      return `Sharing ${counted(event.files.length, "file")} now.`
    case "Hit":
      return `${name(event.peer)} has ${printable(event.name)}`
    case "Saved":
      return `fetched ${printable(event.name)}, ${size(event.bytes)}: ${printable(event.path)}`
    case "Served":
      return `${printable(event.to)} fetched ${printable(event.name)}, ${size(event.bytes)}`
    case "Rejected":
      return `did not do what ${printable(event.host)} asked: ${inWords(event.reason)}`
  }
}
