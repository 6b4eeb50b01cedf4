/**
 * What a Pyrate room reports: the library's events, the state of the registration, and answers to commands; and the
 * sentences about events. Bars show the progress of downloads. Pure.
 *
 *     14:03:59 + 10.0.0.2:5005 registered
 *     14:04:31 fetched song.txt, 3.0 MiB: shared/song.txt
 */
import { printable } from "@peerage/console/Printable"
import type { FileName, PyrateEvent } from "@peerage/pyrate"
import { Endpoint, type PeerAddress } from "@peerage/transport"
import type { Data } from "effect"
import { info, type Narrate, shownByCommand, silent, type Told, type View, warning } from "../room/Narrate.ts"
import { wording } from "../room/Reasons.ts"
import type { SharedAnswer } from "../room/SharedCommands.ts"
import { counted } from "../room/Style.ts"
import { size } from "./Transfer.ts"

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

/** A reason, which is the tag of an error, in words. */
export const inWords: (reason: string) => string = wording([
  ["Expired", "it was not heard of for too long"],
  ["NoSuchFile", "there is no such file"],
  ["NoConnectionBack", "it did not connect back"],
  ["MalformedRequest", "not a message of this protocol"],
  ["Unanswered", "it broke off before it answered, as an encrypted peer does to a plain one"],
  ["OtherProtocol", "it speaks another protocol"],
  ["Unsupported", "it seems to run the original, which does not survive the question"],
  ["FileTrouble", "the file cannot be read"],
  ["FileChanged", "the file changed while it was sent"]
])

/** Why an entry of the folder is not shared, behind its name. */
const leftOut = wording([
  ["Separator", "its name has a colon, a slash or a backslash"],
  ["Control", "its name has a character that cannot be seen"],
  ["Blank", "its name begins with a blank, or ends with a blank or a dot"],
  ["Device", "Windows keeps its name for a device"],
  ["TooLong", "its name has more than 255 bytes"],
  ["Encoding", "its name is not UTF-8"],
  ["Folder", "it is a folder"],
  ["Link", "it is a link"],
  ["Special", "it is no file"],
  ["Unreadable", "this program may not read it"]
])

/** What is done for a command, by its direction and kind. */
const work: ReadonlyMap<string, string> = new Map([
  ["Outbound BootstrapRegister", "register"],
  ["Outbound BootstrapUnregister", "unregister"],
  ["Outbound BootstrapRequestPeerList", "ask who is there"],
  ["Outbound BootstrapKeepAlive", "say that you are there"],
  ["Outbound DownloadRequest", "fetch a file"],
  ["Outbound ListRequest", "ask for its files"],
  ["Outbound SearchRequest", "search"],
  ["Relayed SearchRequest", "pass a search on"],
  ["Relayed SearchResponse", "answer a search"],
  ["Inbound DownloadRequest", "send a file"],
  ["Inbound ListRequest", "send the list of your files"],
  ["Inbound SearchRequest", "look whether you have a file"],
  ["Inbound SearchResponse", "take an answer to your search"]
])

/** A command that runs or waits, in words. */
export const workOf = (command: { readonly direction: string; readonly kind: string }): string => {
  const name = `${command.direction} ${command.kind}`
  return work.get(name) ?? name
}

/** Tells an event. */
export const narrate: Narrate<Event, View> = (event, { name, welcome }): Told | undefined => {
  switch (event._tag) {
    case "Listening":
      return { ...info(`Listening at ${event.address}.`), lines: welcome }
    case "Connected":
      return info(`Registered with the bootstrap at ${event.peer}.`, "good")
    case "Closed": {
      const then = Endpoint.finals.includes(event.reason) ? "Begin anew when that is settled." : "It is tried again."
      return warning(`The bootstrap at ${event.peer} cannot be reached: ${inWords(event.reason)}. ${then}`, "bad")
    }
    case "Joined":
      return info(`${name(event.peer)} registered`, "+")
    case "Left":
      return info(
        `${name(event.peer)} left${event.reason === "Unregistered" ? "" : `: ${inWords(event.reason)}`}`,
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
    case "Rejected":
      return warning(`did not do what ${printable(event.host)} asked: ${inWords(event.reason)}`)
    case "Peers":
    case "Progress":
      return silent
    default:
      return shownByCommand<Answer>(event)
  }
}
