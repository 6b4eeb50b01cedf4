/**
 * What a Pyrate room reports: the library's events, the state of the registration, and answers to commands; and the
 * sentences about events. Bars show the progress of downloads. Pure.
 *
 *     14:03:59 + 10.0.0.2:5005 registered
 *     14:04:31 fetched song.txt, 3.0 MiB: shared/song.txt
 */
import type { FileName, PyrateEvent } from "@peerage/pyrate"
import type { PeerAddress } from "@peerage/transport"
import { printable } from "../Printable.ts"
import { type Narrate, shownByCommand, silent, type Told, type View } from "../room/Narrate.ts"
import { wording } from "../room/Reasons.ts"
import type { SharedAnswer } from "../room/SharedCommands.ts"
import { counted } from "../room/Style.ts"
import { size } from "./Transfer.ts"

/** The registration of a peer. */
type Registration =
  /** Registered with the bootstrap at that address, again after it could not be reached. */
  | { readonly _tag: "Connected"; readonly peer: string }
  /** The bootstrap cannot be reached; the peer tries again. */
  | { readonly _tag: "Closed"; readonly peer: string; readonly reason: string }

/** Answers to commands. */
export type Answer =
  /** The files of a peer. */
  | {
    readonly _tag: "Files"
    readonly peer: PeerAddress.PeerAddress
    readonly files: ReadonlyArray<FileName.FileName>
  }
  /** A search is over: who has the file. */
  | {
    readonly _tag: "Searched"
    readonly name: FileName.FileName
    readonly peers: ReadonlyArray<PeerAddress.PeerAddress>
  }
  /** What this peer does and what waits, in the order of its arrival. */
  | {
    readonly _tag: "Commands"
    readonly commands: ReadonlyArray<{ readonly direction: string; readonly kind: string; readonly peer: string }>
  }
  /** This peer leaves when so many downloads and searches are done. */
  | { readonly _tag: "Leaving"; readonly waitsFor: number }
  | SharedAnswer

/** Everything that a Pyrate room reports. */
export type Event = PyrateEvent.PyrateEvent | Registration | Answer

const inWords = wording([
  ["Expired", "it was not heard of for too long"],
  ["NoSuchFile", "there is no such file"],
  ["MalformedRequest", "not a message of this protocol"],
  ["FileTrouble", "the file cannot be read"]
])

/** Tells an event. */
export const narrate: Narrate<Event, View> = (event, { name, welcome }): Told | undefined => {
  switch (event._tag) {
    case "Listening":
      return { level: "INFO", text: `Listening at ${event.address}.`, lines: welcome }
    case "Connected":
      return { level: "INFO", mark: "good", text: `Registered with the bootstrap at ${event.peer}.` }
    case "Closed": {
      const text = `The bootstrap at ${event.peer} cannot be reached: ${inWords(event.reason)}. It is tried again.`
      return { level: "WARNING", mark: "bad", text }
    }
    case "Joined":
      return { level: "INFO", mark: "+", text: `${name(event.peer)} registered` }
    case "Left": {
      const why = event.reason === "Unregistered" ? "" : `: ${inWords(event.reason)}`
      return { level: "INFO", mark: "-", text: `${name(event.peer)} left${why}` }
    }
    case "Shared":
      return { level: "INFO", text: `Sharing ${counted(event.files.length, "file")} now.` }
    case "Hit":
      return { level: "INFO", text: `${name(event.peer)} has ${printable(event.name)}` }
    case "Saved": {
      const text = `fetched ${printable(event.name)}, ${size(event.bytes)}: ${printable(event.path)}`
      return { level: "INFO", mark: "good", text }
    }
    case "Served": {
      const text = `${printable(event.to)} fetched ${printable(event.name)}, ${size(event.bytes)}`
      return { level: "INFO", text }
    }
    case "Rejected": {
      const text = `did not do what ${printable(event.host)} asked: ${inWords(event.reason)}`
      return { level: "WARNING", mark: "!", text }
    }
    case "Peers":
    case "Progress":
      return silent
    default:
      return shownByCommand<Answer>(event)
  }
}
