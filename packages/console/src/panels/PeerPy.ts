/** A peer of PeerPy: its connections, what came over them, offers that wait, and who else is on the network. */
import type { Peer, PeerPyEvent } from "@peerage/peerpy"
import { PeerAddress } from "@peerage/transport"
import { Clock, Effect, Ref, type Scope, Stream } from "effect"
import type { Invite, Table } from "../api/About.ts"
import type { Member } from "../api/Frame.ts"
import * as Meters from "../Meters.ts"
import type { Panel, Part } from "../Panel.ts"
import * as Connections from "../talk/Connections.ts"
import * as Conversations from "../talk/Conversations.ts"
import type { Journal } from "../talk/Journal.ts"
import { asJson, type Message, remember } from "../talk/PeerPyTalk.ts"
import type { PendingOffer, PendingOffers } from "../talk/PendingOffers.ts"
import { inPeerPy } from "../words/Reasons.ts"
import * as Asked from "./Asked.ts"
import * as Abilities from "./PeerPyAbilities.ts"

/** What a room remembers and does. */
export interface Room {
  readonly conversations: Conversations.Conversations<PeerAddress.PeerAddress, Message>
  readonly journal?: Pick<Journal<never>, "entries"> | undefined
  readonly open: Abilities.Doing["open"]
}

/** How a panel is made. */
export interface Options extends Partial<Pick<Abilities.Doing, "lookup" | "mayDiscover">> {
  /** What a terminal shows too. Without it there is no log, and the panel itself remembers what is said. */
  readonly room?: Room | undefined
  /** Offers that wait for a decision; missing where nobody is asked. */
  readonly offers?: Pick<PendingOffers, "waiting"> | undefined
  /** True for a peer with a single connection, which takes and opens no others. */
  readonly single?: boolean | undefined
  readonly invite?: Effect.Effect<Invite> | undefined
  readonly fingerprints?: Asked.Fingerprints | undefined
}

/** Which parts each event changes. */
export const touched: { readonly [Tag in PeerPyEvent.PeerPyEvent["_tag"]]: ReadonlyArray<Part> } = {
  Listening: [],
  Offer: ["table:offers"],
  Connected: ["members", "table:offers"],
  Data: [],
  Closed: ["members"],
  Rejected: ["table:offers"],
  Stopped: ["members"]
}

const hostOf = (address: string) => address.slice(0, address.lastIndexOf(":"))

const here = (
  { connection: { initiated, stream, strict, type }, id, peer, remote }: Abilities.Identified,
  key: string | undefined
): Member => ({
  id,
  name: peer,
  ...(id === peer && hostOf(peer) === hostOf(remote) ? {} : { detail: `comes from ${remote}` }),
  marks: [
    type,
    strict ? "strict" : "not strict",
    ...(stream ? ["stream"] : []),
    initiated ? "opened here" : "opened by it",
    ...(key === undefined ? [] : [key])
  ],
  state: "here"
})

const gone = (peer: string): Member => ({ id: peer, name: peer, marks: ["not connected"], state: "gone" })

// An original waits for so long, and others not much longer.
const patience = 2000

const offered = ({ peer, remote, since, stream, strict, type }: PendingOffer, now: number) => ({
  id: remote,
  cells: [
    peer,
    `${type}${stream ? " stream" : ""}${strict ? "" : ", not strict"}`,
    remote,
    now < since + patience ? String(Math.ceil((since + patience - now) / 1000)) : "waits longer than most"
  ]
})

const offersTable: Table = {
  name: "offers",
  title: "Who wants a connection",
  columns: ["Peer", "For", "Comes from", "Seconds left"],
  empty: "Nobody waits for an answer. Most peers give up after 2 seconds.",
  place: "tab"
}

const foundTable: Table = {
  name: "found",
  title: "On this network",
  columns: ["Peer"],
  empty: "Nobody was looked for yet, or nobody answered.",
  place: "side"
}

/** Bytes look the same whether they came or went: those that came are base64 by themselves. */
const dataOf = ({ data, own, type }: Message): unknown =>
  type === "bytes" && !own && typeof data === "string" ? { base64: data } : data

/** Makes the panel of a peer. */
export const make = Effect.fnUntraced(function*(
  peer: Peer.PeerService,
  { fingerprints = Asked.unkeyed, invite, lookup, mayDiscover, offers, room: given, single = false }: Options = {}
): Effect.fn.Return<Panel<PeerPyEvent.PeerPyEvent>, never, Scope.Scope> {
  const room = given ?? (yield* remembering(peer))
  const { conversations } = room
  const found = yield* Ref.make<ReadonlyArray<PeerAddress.PeerAddress>>([])
  const waiting = Effect.sync(() => offers?.waiting() ?? [])
  const doing = {
    ...room,
    peer,
    found,
    waiting,
    lookup: lookup ?? Abilities.numeric,
    mayDiscover: mayDiscover ?? Effect.void
  }
  const members = Effect.gen(function*() {
    const all = yield* Abilities.identified(peer)
    const known = new Set<string>(all.map(({ peer }) => peer))
    const others = (yield* conversations.peers).filter((peer) => !known.has(peer))
    const keys = yield* fingerprints(all.map(({ remote }) => remote))
    return [...all.map((one) => here(one, keys.get(one.remote))), ...others.map(gone)]
  })
  return {
    about: Asked.aboutOf({
      protocol: "PeerPy",
      role: single ? "connection" : "listener",
      self: peer.self,
      members: "Connections",
      talk: "Data",
      everybody: false,
      log: given?.journal !== undefined,
      tables: [...(offers === undefined ? [] : [offersTable]), foundTable]
    }, invite),
    status: Asked.statusOf(peer.status, single ? "connected" : "listening", inPeerPy),
    events: peer.events,
    encode: (event) => Asked.asProgramsSee(event._tag === "Data" ? asJson(event) : event),
    touches: ({ _tag }) => touched[_tag],
    members,
    talk: Asked.talkOf(conversations, {
      peerOf: PeerAddress.parse,
      say: (message, peer) => ({
        conversation: peer,
        from: message.own ? "self" : peer,
        own: message.own,
        data: dataOf(message),
        type: message.type
      })
    }),
    log: given?.journal === undefined ? undefined : Asked.logOf(given.journal),
    tables: {
      ...(offers === undefined ? {} : {
        offers: Effect.zipWith(waiting, Clock.currentTimeMillis, (all, now) => all.map((one) => offered(one, now)))
      }),
      found: Effect.map(Ref.get(found), (peers) => peers.map((peer) => ({ id: peer, cells: [peer] })))
    },
    meters: Meters.traffic,
    abilities: [
      ...Abilities.talking(doing),
      ...(single ? [] : Abilities.connecting(doing)),
      ...(offers === undefined ? [] : Abilities.deciding(doing)),
      ...Abilities.looking(doing)
    ]
  }
})

/** Reads connections and remembers what comes over them from now on, for the scope's life. */
const remembering = Effect.fnUntraced(function*(peer: Pick<Peer.PeerService, "connect" | "events">) {
  const conversations = Conversations.make<PeerAddress.PeerAddress, Message>()
  const keeping = Stream.runForEach(peer.events, (event) => {
    if (event._tag !== "Data") return Effect.void
    const { data, peer, type } = asJson(event)
    return remember({ conversations }, { peer, own: false, type, data })
  })
  yield* Effect.forkScoped(keeping, { startImmediately: true })
  const room: Room = { conversations, open: Connections.open(peer, () => Effect.void, yield* Effect.scope) }
  return room
})
