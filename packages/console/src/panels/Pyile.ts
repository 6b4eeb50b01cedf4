/** A Pyile peer: who is here, what was said, and at a host who may not join. */
import { type AuthPeer, ChatSender, type History, type JoinPeer, type PyileEvent } from "@peerage/pyile"
import { messagesMetric } from "@peerage/pyile/Events"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Clock, Effect, Result, SubscriptionRef } from "effect"
import type { Invite } from "../api/About.ts"
import type { Values } from "../api/Api.ts"
import type { Member } from "../api/Frame.ts"
import { jsonValue } from "../fields/Json.ts"
import * as Meters from "../Meters.ts"
import type { Message, Panel, Part, Talk } from "../Panel.ts"
import { inPyile } from "../words/Reasons.ts"
import * as Asked from "./Asked.ts"
import * as Host from "./PyileHost.ts"

/** A host, or a member. */
export type Peer = AuthPeer.AuthPeerService | JoinPeer.JoinPeerService

/** How a panel is made. */
export interface Options {
  readonly invite?: Effect.Effect<Invite> | undefined
  /** How people compare keys, where the transport has them. */
  readonly fingerprint?: ((key: PeerKey) => string) | undefined
}

/** Which parts each event changes. */
export const touched: { readonly [Tag in PyileEvent.PyileEvent["_tag"]]: ReadonlyArray<Part> } = {
  Listening: [],
  Connected: ["members"],
  Closed: ["members"],
  Joined: ["members"],
  Left: ["members"],
  Peers: ["members"],
  AliasSeen: ["members"],
  Message: [],
  Sent: [],
  Rejected: ["table:limbo"],
  Banned: ["table:bans", "table:limbo"],
  Unbanned: ["table:bans", "table:limbo"]
}

/** Conversations of the library that are no member's: what was said to everybody, and what came under a false name. */
const [broadcast, mismatch] = ["Broadcast", "Mismatch"]

const doubts: { readonly [sender in PyileEvent.Sender]: string | undefined } = {
  Verified: undefined,
  SharedAddress: "shared address",
  Mismatch: "not from whom it says"
}

const messageOf = (conversation: string) => (entry: History.Entry): Message => {
  const { alias, at, data, from, order, own, sender } = entry
  const doubt = sender === undefined ? undefined : doubts[sender]
  return {
    n: order,
    conversation: conversation === broadcast || conversation === mismatch ? "" : conversation,
    at,
    from,
    own,
    data,
    ...(alias === undefined || alias === "" ? {} : { name: alias }),
    ...(doubt === undefined ? {} : { doubt })
  }
}

const inOrder = (messages: ReadonlyArray<Message>) => messages.toSorted((one, other) => one.n - other.n)

/** What came under a false name stands with what was said to everybody: it is nobody's conversation. */
const talkOf = ({ conversations, messages }: History.History): Talk => {
  const entries = (name: string) => Effect.map(messages(name), (entries) => entries.map(messageOf(name)))
  return {
    history: (conversation) =>
      conversation === ""
        ? Effect.zipWith(entries(broadcast), entries(mismatch), (said, doubtful) => inOrder([...said, ...doubtful]))
        : entries(conversation),
    since: Effect.fnUntraced(function*(n, most) {
      let found: ReadonlyArray<Message> = []
      // In the order of their last messages: those before one without news have none either.
      for (const name of (yield* conversations).slice(-most).reverse()) {
        const fresh = (yield* messages(name)).slice(-most).filter(({ order }) => order > n)
        if (fresh.length === 0) break
        found = [...found, ...fresh.map(messageOf(name))]
      }
      return inOrder(found).slice(-most)
    })
  }
}

/** The name that a peer last gave itself; it is only a claim. */
const namesOf = Effect.fnUntraced(function*({ history }: Peer, peers: ReadonlyArray<string>) {
  const names = new Map<string, string>()
  const note = ({ alias, from, own, sender }: History.Entry) => {
    if (!own && sender !== "Mismatch" && alias !== undefined && alias !== "") names.set(from, alias)
  }
  for (const peer of peers) (yield* history.messages(peer)).forEach(note)
  ;(yield* history.messages(broadcast)).forEach(note)
  return names
})

// A member that answers a beat a little late is none to worry about.
const grace = 1000

const presenceOf = Effect.fnUntraced(function*(peer: Peer) {
  if (!("roster" in peer)) return new Map<string, Pick<Member, "since" | "state">>()
  const now = yield* Clock.currentTimeMillis
  return new Map<string, Pick<Member, "since" | "state">>(
    (yield* peer.roster).map(({ due, peer, since }) => [peer, { since, state: now > due + grace ? "overdue" : "here" }])
  )
})

const membersOf = Effect.fnUntraced(function*(peer: Peer, fingerprint: Options["fingerprint"]) {
  const [here, keys] = [yield* SubscriptionRef.get(peer.peers), yield* peer.keys]
  const present = yield* presenceOf(peer)
  const others = (yield* peer.history.conversations).filter((name) =>
    name !== broadcast && name !== mismatch && !here.some((peer) => peer === name)
  )
  const names = yield* namesOf(peer, [...here, ...others])
  const described = (id: string, marks: ReadonlyArray<string>): Member => {
    const name = names.get(id)
    return { id, name: name ?? id, ...(name === undefined ? {} : { detail: id }), marks, state: "here" }
  }
  return [
    ...here.map((id, index) => {
      const key = keys.get(id)
      const marks = [
        ...("roster" in peer || index > 0 ? [] : ["host"]),
        ...(key === undefined || fingerprint === undefined ? [] : [fingerprint(key)])
      ]
      return { ...described(id, marks), ...present.get(id) }
    }),
    ...others.map((id): Member => ({ ...described(id, []), state: "gone" }))
  ]
})

const deliveredIn = ({ acknowledged, failed, written }: PyileEvent.Delivery): string => {
  const reached = acknowledged.length + written.length
  const missed = failed.map(({ peer, reason }) => `${peer} did not get it: ${inPyile(reason)}.`)
  if (reached + failed.length === 0) return "Nobody heard that: you are alone here."
  return [reached === 0 ? "It reached nobody." : `It reached ${reached}.`, ...missed.slice(0, 3)].join(" ")
}

const fields = [
  { ...Asked.field("text", "Message", "text"), optional: true },
  { ...Asked.field("json", "Or any JSON value", "json"), optional: true }
]

const readJson = jsonValue((text) => Result.mapError(ChatSender.parse(text), ({ problem }) => problem))

const dataOf = (values: Values) => {
  const [text, json] = [Asked.written(values, "text"), Asked.written(values, "json")]
  if (json !== "") return Asked.read(readJson(json))
  return text.trim() === "" ? Asked.refuse("Write something to send.") : Effect.succeed(text)
}

const abilitiesOf = (peer: Peer) => [
  Asked.asking(
    { name: "broadcast", label: "Say to everybody", on: "panel", fields },
    (values) => Effect.flatMap(dataOf(values), (data) => Effect.map(peer.broadcast(data), deliveredIn))
  ),
  Asked.asking({ name: "send", label: "Say to this one", on: "member", fields }, (values) =>
    Effect.flatMap(
      Effect.all([Host.member(values), dataOf(values)]),
      ([to, data]) => Effect.map(peer.send(to, data), deliveredIn)
    ))
]

/** Makes the panel of a host or a member. */
export const make = (peer: Peer, { fingerprint, invite }: Options = {}): Panel<PyileEvent.PyileEvent> => {
  const host = "ban" in peer ? Host.make(peer, fingerprint) : undefined
  return {
    about: Asked.aboutOf({
      protocol: "Pyile",
      role: host === undefined ? "member" : "host",
      self: peer.self,
      members: "Members",
      talk: "Chat",
      everybody: true,
      log: true,
      tables: host?.about ?? []
    }, invite),
    status: Asked.statusOf(peer.status, host === undefined ? "joined" : "hosting", inPyile),
    events: peer.events,
    encode: Asked.asProgramsSee,
    touches: ({ _tag }) => touched[_tag],
    members: membersOf(peer, fingerprint),
    talk: talkOf(peer.history),
    log: {
      since: (n) =>
        Effect.map(
          peer.history.entries(),
          (all) => all.filter(({ order }) => order > n).map(({ order, ...line }) => ({ n: order, ...line }))
        )
    },
    tables: host?.tables ?? {},
    meters: Effect.zipWith(
      Meters.traffic,
      Meters.counter({ name: "messages", label: "Messages in", unit: "events" }, messagesMetric),
      (bytes, messages) => [...bytes, messages]
    ),
    abilities: [...abilitiesOf(peer), ...host?.abilities ?? []]
  }
}
