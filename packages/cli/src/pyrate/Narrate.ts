/**
 * What a Pyrate room reports: the library's events, the state of the registration, and answers to commands; and the
 * sentences about events. Bars show the progress of files. Pure.
 *
 *     14:03:59 + 10.0.0.2:5005 registered
 *     14:04:31 fetched song.txt, 3.0 MiB: shared/song.txt
 */
import { printable } from "@peerage/console/Printable"
import { inPyrate, leftOut } from "@peerage/console/Reasons"
import { size } from "@peerage/console/Transfer"
import type { FileName, PyrateEvent } from "@peerage/pyrate"
import { Endpoint, type PeerAddress } from "@peerage/transport"
import type { Data } from "effect"
import { info, type Narrate, shownByCommand, silent, type Told, type View, warning } from "../room/Narrate.ts"
import type { SharedAnswer } from "../room/SharedCommands.ts"
import { counted } from "../room/Style.ts"

/** The registration of a peer. */
type Registration = Data.TaggedEnum<{
  /** Registered with the bootstrap at that address, again after it could not be reached. */
  Connected: { peer: string }
  /** The bootstrap cannot be reached; the peer tries again. */
  Closed: { peer: string; reason: string }
}>

/** Answers to commands. */
export type Answer =
  | Data.TaggedEnum<{
    /** The files of a peer. */
    Files: { peer: PeerAddress.PeerAddress; files: ReadonlyArray<FileName.FileName> }
    /** A search is over: who has the file. */
    Searched: { name: FileName.FileName; peers: ReadonlyArray<PeerAddress.PeerAddress> }
    /** What this peer does and what waits, in the order of its arrival. */
    Commands: { commands: ReadonlyArray<{ readonly direction: string; readonly kind: string; readonly peer: string }> }
    /** This peer leaves when so many downloads and searches are done. */
    Leaving: { waitsFor: number }
  }>
  | SharedAnswer

/** Everything that a Pyrate room reports. */
export type Event = PyrateEvent.PyrateEvent | Registration | Answer

/** Tells an event. */
export const narrate: Narrate<Event, View> = (event, { name, welcome }): Told | undefined => {
  switch (event._tag) {
    case "Listening":
      return { ...info(`Listening at ${event.address}.`), lines: welcome }
    case "Connected":
      return info(`Registered with the bootstrap at ${event.peer}.`, "good")
    case "Closed": {
      const then = Endpoint.finals.includes(event.reason) ? "Begin anew when that is settled." : "It is tried again."
      return warning(`The bootstrap at ${event.peer} cannot be reached: ${inPyrate(event.reason)}. ${then}`, "bad")
    }
    case "Joined":
      return info(`${name(event.peer)} registered`, "+")
    case "Left":
      return info(
        `${name(event.peer)} left${event.reason === "Unregistered" ? "" : `: ${inPyrate(event.reason)}`}`,
        "-"
      )
    case "Shared":
      return info(
        event.files.length === 0
          ? "Sharing 0 files now: the folder is empty. A disk that is mounted there again is shared by itself."
          : `Sharing ${counted(event.files.length, "file")} now.`
      )
    case "DirectoryLost": {
      const text = `Sharing nothing: ${printable(event.directory)} cannot be read: ${printable(event.problem)}. ` +
        "Put it back or allow it to be read, and it is shared again by itself; /rescan looks at once."
      return warning(text, "bad")
    }
    case "LeftOut":
      // There may be thousands. The welcome says how many there are.
      return { ...info(`${printable(event.name)} is not shared: ${leftOut(event.reason)}`), lines: [] }
    case "Hit":
      return info(`${name(event.peer)} has ${printable(event.name)}`)
    case "Saved":
      return info(`fetched ${printable(event.name)}, ${size(event.bytes)}: ${printable(event.path)}`, "good")
    case "Served":
      return info(`${printable(event.to)} fetched ${printable(event.name)}, ${size(event.bytes)}`)
    case "BrokenOff":
      return info(
        `${printable(event.peer)} got ${size(event.bytes)} of ${size(event.total)} of ${
          printable(event.name)
        }, and no more`
      )
    case "Rejected":
      return warning(`did not do what ${printable(event.host)} asked: ${inPyrate(event.reason)}`)
    case "Peers":
    case "Progress":
    case "Serving":
      return silent
    default:
      return shownByCommand<Answer>(event)
  }
}
