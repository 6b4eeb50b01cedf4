/**
 * The state of a peer as plain data. `Text` and `Neighbours` have its changes, pure functions that give the next state. In
 * it, `opened` and `events` are what follows from the change.
 */
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Array, Duration, type Exit, type Latch } from "effect"
import type { ChatConfig } from "../../ChatConfig.ts"
import type { ChatEvent, EndReason } from "../../ChatEvent.ts"
import * as PeerId from "../../codec/PeerId.ts"
import type { PeerInfo } from "../../exchange/Handshake.ts"
import * as SortedMap from "../collections/SortedMap.ts"
import * as Routing from "../routing/Routing.ts"
import * as Store from "../store/Store.ts"
import * as SendQueue from "./SendQueue.ts"

/** What a neighbour is to this peer: it joined this one, or this one joined it at an address. */
export type Role = { readonly _tag: "Joiner" } | { readonly _tag: "Server"; readonly address: string }

/** A connected peer. */
export interface Connected extends PeerInfo {
  readonly role: Role
  /** The address of its machine, the origin of the messages that it sends. */
  readonly host: string
  /** Its key, on a transport with keys. */
  readonly key?: PeerKey | undefined
  /** Opened when there is something to send to it. The fiber that sends closes it before it takes that. */
  readonly filled: Latch.Latch
}

/** A neighbour, and what is to be sent to it. */
export interface Neighbour extends Connected {
  readonly queue: SendQueue.SendQueue
  /** Opened when there is room in the queue. */
  readonly blocked: ReadonlyArray<Latch.Latch>
}

/** Everything that outlives a connection. */
export interface RouterState {
  readonly config: ChatConfig
  readonly table: Routing.Table
  readonly neighbours: SortedMap.SortedMap<PeerId.PeerId, Neighbour>
  /** The bytes that count for the text in all queues. */
  readonly queued: number
  readonly store: Store.Store
  /** Joiners that have left, and the addresses that they had: the latest of each address, the oldest first. */
  readonly departed: ReadonlyMap<PeerId.PeerId, string>
  /** Those of them whose connections broke, and until when text waits for them, in milliseconds; the earliest first. */
  readonly reserved: ReadonlyMap<PeerId.PeerId, number>
  /** Events to publish. */
  readonly events: ReadonlyArray<ChatEvent>
  /** Latches to open. */
  readonly opened: ReadonlyArray<Latch.Latch>
  /** True when this peer leaves. Then the end of its connections is no news. */
  readonly closed: boolean
}

/** How a change of the state went, and the next state. */
export type Change<A, E = never> = readonly [Exit.Exit<A, E>, RouterState]

/** The state of a peer without neighbours. */
export const empty = (self: PeerId.PeerId, config: ChatConfig): RouterState => ({
  config,
  table: Routing.empty(self, config),
  neighbours: SortedMap.empty(PeerId.order),
  queued: 0,
  store: Store.empty(config),
  departed: new Map(),
  reserved: new Map(),
  events: [],
  opened: [],
  closed: false
})

/** The neighbour through which a peer is reached. */
export const nextHop = ({ neighbours, table }: RouterState, id: PeerId.PeerId): Neighbour | undefined => {
  const route = table.routes.get(id)
  return route === undefined ? undefined : neighbours.get(route.nextHop)
}

const departedKept = 256

/** The oldest id of the address with the most, so that no address takes the places of others. */
const oldestOfFullest = (departed: ReadonlyMap<PeerId.PeerId, string>): PeerId.PeerId | undefined => {
  const byHost = Object.values(Array.groupBy(departed, ([, host]) => host))
  const [fullest] = byHost.sort((one, other) => other.length - one.length)
  return fullest?.[0][0]
}

/** Sets an entry as the latest. */
const noted = <A>(entries: ReadonlyMap<PeerId.PeerId, A>, id: PeerId.PeerId, value: A) =>
  new Map([...without(entries, id), [id, value]])

const without = <A>(entries: ReadonlyMap<PeerId.PeerId, A>, id: PeerId.PeerId | undefined) =>
  new Map([...entries].filter(([other]) => other !== id))

/**
 * Notes that a joiner has left. Where its connection broke, it is likely to come back: text for it waits until then. One that
 * ended it may have joined another peer.
 */
export const depart = (
  state: RouterState,
  { host, id, role }: Neighbour,
  { at, reason }: { readonly reason: EndReason; readonly at: number }
): RouterState => {
  if (role._tag !== "Joiner") return state
  const latest = noted(state.departed, id, host)
  const excess = latest.size > departedKept ? oldestOfFullest(latest) : undefined
  const departed = without(latest, excess)
  if (reason === "PeerClosed" || reason === "Left") {
    return { ...state, departed, reserved: without(state.reserved, excess) }
  }
  const reserved = noted(state.reserved, id, at + Duration.toMillis(state.config.reserveFor))
  return { ...state, departed, reserved: without(reserved, excess) }
}

/** True while text for this peer waits for it, whoever says to lead to it. Without a time, until the reservation is ended. */
export const isReserved = ({ neighbours, reserved }: RouterState, id: PeerId.PeerId, at = -Infinity): boolean =>
  (reserved.get(id) ?? -Infinity) > at && !neighbours.has(id)

/** True for a joiner that comes back: its id was connected here, from the same address, and nobody is connected with it. */
const returns = (
  { departed, neighbours }: RouterState,
  { host, id, role }: Pick<Connected, "host" | "id" | "role">
): boolean => role._tag === "Joiner" && departed.get(id) === host && !neighbours.has(id)

/** True when the id of a peer that comes is another's here. */
export const isTaken = (state: RouterState, peer: Pick<Connected, "host" | "id" | "role">): boolean =>
  Routing.isTaken(state.table, peer.id) && !returns(state, peer)

/** Adds events to publish. */
export const publish = (state: RouterState, events: ReadonlyArray<ChatEvent>): RouterState => {
  if (events.length === 0) return state
  return { ...state, events: state.events.length === 0 ? events : [...state.events, ...events] }
}

/** Adds latches to open. */
export const open = (state: RouterState, latches: ReadonlyArray<Latch.Latch>): RouterState =>
  latches.length === 0 ? state : { ...state, opened: [...state.opened, ...latches] }

/** Changes a neighbour's queue. Its sender goes on when there is something in it now; others do when there is room. */
export const withQueue = (state: RouterState, neighbour: Neighbour, queue: SendQueue.SendQueue): RouterState => {
  const { blocked, filled, id } = neighbour
  const isFilled = SendQueue.isEmpty(neighbour.queue) && !SendQueue.isEmpty(queue)
  const isRoomy = blocked.length > 0 && !SendQueue.isFull(queue, state.config)
  const changed = { ...neighbour, queue, blocked: isRoomy ? [] : blocked }
  const queued = state.queued + queue.bytes - neighbour.queue.bytes
  const next = { ...state, queued, neighbours: SortedMap.set(state.neighbours, id, changed) }
  const waiting = isRoomy ? blocked : []
  return open(next, isFilled ? [filled, ...waiting] : waiting)
}
