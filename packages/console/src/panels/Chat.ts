/** A peer of p2p-chat: who can be reached and how, what was said, and what is kept for those who cannot. */
import { type ChatEvent, type ChatPeer, PeerId } from "@peerage/p2p-chat"
import { messagesMetric, sentMetric } from "@peerage/p2p-chat/Events"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Effect, type Scope, Stream, SubscriptionRef } from "effect"
import type { Invite } from "../api/About.ts"
import type { Graph, Member } from "../api/Frame.ts"
import { peerId } from "../fields/PeerIds.ts"
import * as Meters from "../Meters.ts"
import type { Panel, Part } from "../Panel.ts"
import { buffered, type Message, remember, say } from "../talk/ChatTalk.ts"
import * as Conversations from "../talk/Conversations.ts"
import type { Journal } from "../talk/Journal.ts"
import { inChat } from "../words/Reasons.ts"
import * as Asked from "./Asked.ts"

/** What a room remembers. */
export interface Room {
  readonly conversations: Conversations.Conversations<PeerId.PeerId, Message>
  readonly journal: Pick<Journal<never>, "entries" | "warn">
}

/** How a panel is made. */
export interface Options {
  /** What a terminal shows too. Without it there is no log, and the panel itself remembers what is said. */
  readonly room?: Room | undefined
  readonly invite?: Effect.Effect<Invite> | undefined
  /** How people compare keys, where the transport has them. */
  readonly fingerprint?: ((key: PeerKey) => string) | undefined
}

/** Which parts each event changes. */
export const touched: { readonly [Tag in ChatEvent.ChatEvent["_tag"]]: ReadonlyArray<Part> } = {
  Listening: [],
  Connected: ["members", "graph"],
  Closed: ["members", "graph"],
  Joined: ["members", "graph", "table:buffer"],
  Left: ["members", "graph"],
  Peers: ["members", "graph"],
  Message: [],
  Sent: ["table:buffer"],
  Discarded: ["table:buffer"],
  Rejected: []
}

// Ids are up to 19 digits long, and are told apart by their ends.
const longest = 12
const shortened = (id: string): string => id.length <= longest ? id : `${id.slice(0, 5)}…${id.slice(-5)}`

const named = (id: PeerId.PeerId) => {
  const digits = String(id)
  return { id: digits, name: shortened(digits), ...(digits.length > longest ? { detail: digits } : {}) }
}

const reached = ({ hops, id, nextHop }: ChatEvent.Peer, key: string | undefined): Member => ({
  ...named(id),
  marks: [
    ...(nextHop === id ? ["direct"] : [`${hops} hops`, `over ${shortened(String(nextHop))}`]),
    ...(key === undefined ? [] : [key])
  ],
  state: "here"
})

const unreached = (id: PeerId.PeerId): Member => ({ ...named(id), marks: ["cannot be reached"], state: "gone" })

const graphOf = (self: PeerId.PeerId, peers: ReadonlyArray<ChatEvent.Peer>): Graph => ({
  nodes: [
    { id: String(self), name: shortened(String(self)), hops: 0 },
    ...peers.map(({ hops, id, nextHop }) => ({
      id: String(id),
      name: shortened(String(id)),
      hops,
      via: String(nextHop)
    })).sort((one, other) => one.hops - other.hops)
  ],
  more: 0
})

const text = Asked.field("text", "Message", "text")

const abilitiesOf = (room: Room, peer: ChatPeer.ChatPeerService) => {
  const send = Effect.fnUntraced(function*(id: string, text: string) {
    const to = yield* Asked.read(peerId(id))
    if (text.trim() === "") return yield* Asked.refuse(`Say what to tell ${to}.`)
    const sent = yield* say({ ...room, peer }, to, text)
    return sent._tag === "Delivered" ? `On its way to ${to}.` : buffered(to)
  })
  return [
    Asked.asking(
      { name: "send", label: "Send", on: "member", fields: [text] },
      (values) => send(Asked.written(values, "target"), Asked.written(values, "text"))
    ),
    Asked.asking(
      {
        name: "write",
        label: "Write to an id",
        on: "panel",
        fields: [Asked.field("to", "Id", "text", "a whole number, such as 11"), text]
      },
      (values) => send(Asked.written(values, "to"), Asked.written(values, "text"))
    )
  ]
}

/** Makes the panel of a peer. */
export const make = Effect.fnUntraced(function*(
  peer: ChatPeer.ChatPeerService,
  { fingerprint, invite, room: given }: Options = {}
): Effect.fn.Return<Panel<ChatEvent.ChatEvent>, never, Scope.Scope> {
  const room = given ?? (yield* remembering(peer))
  const { conversations } = room
  const reachable = SubscriptionRef.get(peer.peers)
  const members = Effect.gen(function*() {
    const [peers, keys] = [yield* reachable, yield* peer.keys]
    const known = new Set(peers.map(({ id }) => id))
    const kept = (yield* peer.buffer).map(({ id }) => id)
    const others = new Set([...kept, ...yield* conversations.peers])
    const keyOf = (id: PeerId.PeerId) => {
      const key = keys.get(id)
      return key === undefined ? undefined : fingerprint?.(key)
    }
    return [
      ...peers.toSorted((one, other) => one.hops - other.hops).map((peer) => reached(peer, keyOf(peer.id))),
      ...[...others].filter((id) => !known.has(id)).map(unreached)
    ]
  })
  return {
    about: Asked.aboutOf({
      protocol: "p2p-chat",
      role: "peer",
      self: String(peer.self),
      members: "Peers",
      talk: "Chat",
      everybody: false,
      keeps: true,
      log: given !== undefined,
      graph: "Routes",
      tables: [{
        name: "buffer",
        title: "Kept messages",
        columns: ["For", "Messages"],
        empty: "No messages are kept: everybody they were for could be reached.",
        place: "side"
      }]
    }, invite),
    status: Asked.statusOf(peer.status, "in the network", inChat),
    events: peer.events,
    encode: Asked.asProgramsSee,
    touches: ({ _tag }) => touched[_tag],
    members,
    talk: Asked.talkOf(conversations, {
      peerOf: PeerId.parse,
      say: ({ data, from, own, sender }, peer) => ({
        conversation: String(peer),
        from: String(from),
        own,
        data,
        ...(sender === "Mismatch" ? { doubt: "not from whom it says" } : {})
      })
    }),
    log: given === undefined ? undefined : Asked.logOf(given.journal),
    tables: {
      buffer: Effect.map(
        peer.buffer,
        (rows) => rows.map(({ id, messages }) => ({ id: String(id), cells: [String(id), String(messages)] }))
      )
    },
    graph: Effect.map(reachable, (peers) => graphOf(peer.self, peers)),
    meters: Effect.zipWith(
      Meters.traffic,
      Effect.all([
        Meters.counter({ name: "messages", label: "Messages in", unit: "events" }, messagesMetric),
        Meters.counter({ name: "messagesSent", label: "Messages out", unit: "events" }, sentMetric)
      ]),
      (bytes, messages) => [...bytes, ...messages]
    ),
    abilities: abilitiesOf(room, peer)
  }
})

/** Remembers what is said from now on, for the scope's life. */
const remembering = Effect.fnUntraced(function*({ events }: Pick<ChatPeer.ChatPeerService, "events">) {
  const room: Room = {
    conversations: Conversations.make(),
    journal: { entries: () => Effect.succeed([]), warn: () => Effect.void }
  }
  const keeping = Stream.runForEach(events, (event) => event._tag === "Message" ? remember(room, event) : Effect.void)
  yield* Effect.forkScoped(keeping, { startImmediately: true })
  return room
})
