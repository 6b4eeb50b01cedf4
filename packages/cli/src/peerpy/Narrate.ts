/**
 * What a PeerPy room reports: the library's events, with values as JSON, its own, and answers to commands; and the
 * sentences about them. Pure.
 *
 *     14:03:59 10.0.0.2:20000: hello
 *     14:04:31 + 10.0.0.3:20000 connected (json)
 */
import { asJson, type Message } from "@peerage/console/PeerPyTalk"
import { printable } from "@peerage/console/Printable"
import { inPeerPy } from "@peerage/console/Reasons"
import type { DataType, PeerPyEvent } from "@peerage/peerpy"
import type { PeerAddress } from "@peerage/transport"
import type { Data, Schema } from "effect"
import { info, type Narrate, shownByCommand, type Told, type View, warning } from "../room/Narrate.ts"
import type { Dated, History, SharedAnswer } from "../room/SharedCommands.ts"
import type { KeysOf } from "../secure/Keys.ts"
import { textOf } from "./Text.ts"

type Address = PeerAddress.PeerAddress

/** Events of the room itself. */
type RoomEvent = Data.TaggedEnum<{
  /** A value arrived; see `Plain` for how it is JSON. */
  Data: { peer: Address; type: DataType.DataType; data: Schema.Json }
  /** An offer that waited for a decision was withdrawn. */
  Withdrawn: { peer: Address; remote: string }
  /** A payload of so many bytes was skipped. */
  Dropped: { peer: Address; size: number; reason: string }
}>

/** Answers to commands. */
export type Answer =
  | Data.TaggedEnum<{
    /** To whom a value went; nothing acknowledges its arrival. */
    Sent: {
      to: "Broadcast" | ReadonlyArray<Address>
      data: Schema.Json
      written: ReadonlyArray<Address>
      failed: ReadonlyArray<{ readonly peer: Address; readonly reason: string }>
    }
    /** The connections, and the offers that wait for a decision. */
    Peers: {
      peers: ReadonlyArray<PeerPyEvent.Offer & { readonly initiated: boolean }>
      offers: ReadonlyArray<PeerPyEvent.Offer>
      keys?: KeysOf
    }
    /** A peer is on this network. */
    Found: { peer: Address }
    /** The discovery is over. */
    Discovered: { found: number }
    /** Whether discovery finds this peer. */
    Visibility: { invisible: boolean }
  }>
  | History<Address, Dated<Message>>
  | SharedAnswer

/** Everything that a PeerPy room reports. */
export type Event = Exclude<PeerPyEvent.PeerPyEvent, { readonly _tag: "Data" }> | RoomEvent | Answer

/** An event of the library as the room reports it. */
export const eventOf = (event: PeerPyEvent.PeerPyEvent): Event => event._tag === "Data" ? asJson(event) : event

/** What showing needs. */
export interface PeerPyView extends View {
  /** True where offers wait for a person's decision. */
  readonly asks: boolean
}

/** `json`, `bytes stream`, `raw, not strict`. */
export const kindOf = ({ stream, strict, type }: Pick<PeerPyEvent.Offer, "stream" | "strict" | "type">): string =>
  `${type}${stream ? " stream" : ""}${strict ? "" : ", not strict"}`

const hostOf = (address: string) => address.slice(0, address.lastIndexOf(":"))

/** Where a peer comes from, if that is another machine than it says. */
export const elsewhere = ({ peer, remote }: Pick<PeerPyEvent.Offer, "peer" | "remote">): string =>
  hostOf(peer) === hostOf(remote) ? "" : `, and comes from ${remote}`

// The usual way to close a connection: it ends.
const why = ({ problem, reason }: { readonly reason: string; readonly problem?: string }) =>
  ["PeerClosed", "Closed"].includes(reason)
    ? ""
    : `: ${inPeerPy(reason)}${problem === undefined ? "" : ` (${printable(problem)})`}`

/** Tells an event. */
export const narrate: Narrate<Event, PeerPyView> = (event, view): Told | undefined => {
  const { asks, name, style, welcome } = view
  switch (event._tag) {
    case "Listening":
      return { ...info(`Listening at ${event.address}.`), lines: welcome }
    case "Offer": {
      const text = `${name(event.peer)} wants a connection (${kindOf(event)})${elsewhere(event)}`
      const [accept, deny] = [style.bold(`/accept ${event.peer}`), style.bold(`/deny ${event.peer}`)]
      const question = `${style.yellow("?")} ${text}: ${accept} or ${deny}; most give up after 2 seconds`
      return { ...info(text), lines: asks ? [question] : [] }
    }
    case "Connected": {
      const who = event.initiated ? `connected to ${name(event.peer)}` : `${name(event.peer)} connected`
      return info(`${who} (${kindOf(event)})`, "+")
    }
    case "Closed":
      return info(`the connection with ${name(event.peer)} ended${why(event)}`, "-")
    case "Rejected":
      return warning(`turned ${printable(event.host)} away: ${inPeerPy(event.reason)}`)
    case "Withdrawn":
      return info(`${name(event.peer)} did not wait for an answer`, "-")
    case "Dropped":
      return warning(`${event.size} bytes from ${event.peer} were passed over: ${inPeerPy(event.reason)}`)
    case "Stopped":
      return { ...info("No more connections are taken."), lines: [] }
    case "Data":
      return { text: `${name(event.peer)}: ${textOf(event)}` }
    default:
      return shownByCommand<Answer>(event)
  }
}
