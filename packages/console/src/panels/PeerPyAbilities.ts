/** What can be asked of a peer of PeerPy: to say something, to open and close connections, to decide, to look around. */
import type { Peer } from "@peerage/peerpy"
import type { PeerAddress } from "@peerage/transport"
import { Effect, Ref, SubscriptionRef } from "effect"
import { type Address, isIpv4 } from "../fields/Address.ts"
import type { Asking } from "../Panel.ts"
import { call, type Calling, readCall } from "../talk/Calling.ts"
import { type Connected, connected } from "../talk/Connections.ts"
import { type Keeping, say } from "../talk/PeerPyTalk.ts"
import type { PendingOffer } from "../talk/PendingOffers.ts"
import type { Content } from "../values/Content.ts"
import { contentOf, jsonContent } from "../values/Typed.ts"
import * as Asked from "./Asked.ts"

/** What abilities work on. */
export interface Doing extends Keeping, Calling<Asked.Failure> {
  readonly peer: Pick<Peer.PeerService, "connections" | "discover" | "invisible">
  /** Offers that wait. */
  readonly waiting: Effect.Effect<ReadonlyArray<PendingOffer>>
  /** Who answered the last discovery. */
  readonly found: Ref.Ref<ReadonlyArray<PeerAddress.PeerAddress>>
  /** Fails with why nobody may be looked for. */
  readonly mayDiscover: Effect.Effect<void, Asked.Failure>
}

/** A connection with the id of its member: its peer, or where it comes from, if another has that already. */
export interface Identified extends Connected {
  readonly id: string
}

/** The connections of a peer, the oldest first. */
export const identified = (peer: Pick<Peer.PeerService, "connections">): Effect.Effect<ReadonlyArray<Identified>> =>
  Effect.map(connected(peer), (all) =>
    all.map((one, index) => ({
      ...one,
      id: all.findIndex((other) => other.peer === one.peer) === index ? one.peer : one.remote
    })))

/** Takes addresses only, where nothing looks names up. */
export const numeric = ({ host, port }: Address): Effect.Effect<string, Asked.Failure> =>
  isIpv4(host)
    ? Effect.succeed(`${host}:${port}`)
    : Asked.refuse(`Names are not looked up here. Give the IPv4 address of ${host}.`)

const member = ({ peer }: Doing, id: string): Effect.Effect<Identified, Asked.Failure> =>
  Effect.flatMap(identified(peer), (all) => {
    const found = all.find((one) => one.id === id)
    return found === undefined ? Asked.refuse(`${id} is not connected any more.`) : Effect.succeed(found)
  })

const json = { ...Asked.field("json", "JSON value", "json", "{\"x\": 1}"), optional: true }
const text = { ...Asked.field("text", "Message", "text", "text, /json VALUE or /hex 00 ff"), optional: true }

/** A JSON value where one was given, or else text, which may begin with /json or /hex. */
const contentIn = (values: Readonly<Record<string, string>>): Effect.Effect<Content, Asked.Failure> => {
  if (values["json"] !== undefined) return Asked.read(jsonContent(values["json"]))
  const typed = Asked.written(values, "text")
  return typed.trim() === "" ? Asked.refuse("Say what, such as hello.") : Asked.read(contentOf(typed))
}

/** Saying something to one or to all. */
export const talking = (doing: Doing): ReadonlyArray<Asking> => [
  Asked.asking({ name: "send", label: "Send", on: "member", fields: [text, json] }, (values) =>
    Effect.gen(function*() {
      const content = yield* contentIn(values)
      const { connection, peer } = yield* member(doing, Asked.written(values, "target"))
      yield* say(doing, connection, content)
      return `Written to ${peer}.`
    })),
  Asked.asking(
    { name: "sendAll", label: "Tell all", on: "panel", fields: [text, json] },
    (values) =>
      Effect.gen(function*() {
        const content = yield* contentIn(values)
        const all = yield* connected(doing.peer)
        if (all.length === 0) return yield* Asked.refuse("Nobody is connected. Connect to somebody first.")
        // All at once, as a slow reader must not hold up the others.
        const [written, failed] = yield* Effect.partition(
          all,
          ({ connection }) => say(doing, connection, content),
          { concurrency: "unbounded" }
        )
        const [first] = failed
        if (written.length === 0 && first !== undefined) return yield* first
        return failed.length === 0
          ? `Written to all ${written.length}.`
          : `Written to ${written.length}, not to ${failed.length}. ${first?.message ?? ""}`
      })
  ),
  Asked.asking(
    { name: "close", label: "Close", on: "member", harsh: true, confirms: true },
    ({ target = "" }) =>
      Effect.gen(function*() {
        const { connection, peer } = yield* member(doing, target)
        yield* connection.close
        return `The connection with ${peer} is closed.`
      })
  )
]

const kinds = {
  ...Asked.field("type", "For", "choice"),
  choices: ["json", "bytes", "raw"]
}

const calling = (doing: Doing, address: string, type: string) =>
  Effect.gen(function*() {
    const wanted = yield* Asked.read(readCall(address, type))
    return `Connected to ${yield* call(doing, wanted)} for ${wanted.type}.`
  })

const visible = ({ peer }: Doing, visible: boolean) => SubscriptionRef.set(peer.invisible, !visible)

/** Opening connections, and being found. */
export const connecting = (doing: Doing): ReadonlyArray<Asking> => [
  Asked.asking(
    {
      name: "connect",
      label: "Connect",
      on: "panel",
      fields: [Asked.field("address", "Address", "address", "192.0.2.1:20000"), kinds]
    },
    ({ address = "", type = "" }) => calling(doing, address, type)
  ),
  Asked.asking(
    { name: "connectFound", label: "Connect", on: "row:found", fields: [kinds] },
    ({ target = "", type = "" }) => calling(doing, target, type)
  ),
  Asked.asking(
    { name: "show", label: "Be found", on: "panel", beside: "found" },
    () => Effect.as(Effect.andThen(doing.mayDiscover, visible(doing, true)), "Whoever looks for peers finds you.")
  ),
  Asked.asking(
    { name: "hide", label: "Hide", on: "panel", beside: "found" },
    () => Effect.as(visible(doing, false), "Nobody who looks for peers finds you.")
  )
]

/** Deciding about offers. */
export const deciding = ({ waiting }: Doing): ReadonlyArray<Asking> => {
  const decide =
    (accepted: boolean, said: (peer: string) => string) => ({ target = "" }: { readonly target?: string }) =>
      Effect.gen(function*() {
        const offer = (yield* waiting).find(({ remote }) => remote === target)
        if (offer === undefined) return yield* Asked.refuse("It did not wait for an answer. It may try again.")
        yield* offer.decide(accepted)
        return said(offer.peer)
      })
  return [
    Asked.asking(
      { name: "accept", label: "Accept", on: "row:offers" },
      decide(true, (peer) => `${peer} was accepted.`)
    ),
    Asked.asking(
      { name: "deny", label: "Deny", on: "row:offers", harsh: true },
      decide(false, (peer) => `${peer} was turned away.`)
    )
  ]
}

/** Looking for others. */
export const looking = ({ found, mayDiscover, peer }: Doing): ReadonlyArray<Asking> => [
  Asked.asking({ name: "discover", label: "Look around", on: "panel", beside: "found" }, () =>
    Effect.gen(function*() {
      yield* mayDiscover
      const peers = yield* peer.discover
      yield* Ref.set(found, peers)
      return peers.length === 0
        ? "Nobody answered on this network."
        : `${peers.length} ${peers.length === 1 ? "peer" : "peers"} on this network.`
    }))
]
