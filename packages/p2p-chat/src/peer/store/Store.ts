/**
 * Store-and-forward: messages for peers that cannot be reached, oldest first for each, bounded in number, bytes and age.
 * Contents are never compared: three times the same text are three messages (docs/wire/p2p-chat.md, sections 3.2, 4.2
 * and 7).
 *
 * When a bound is reached, the oldest message of the heaviest origin makes room, so a flood displaces only itself. Own
 * messages that were stored are given up for their age only.
 */
import { Duration } from "effect"
import type { ChatConfig } from "../../ChatConfig.ts"
import type { Kept } from "../../ChatEvent.ts"
import type { Chat } from "../../codec/Message.ts"
import * as PeerId from "../../codec/PeerId.ts"
import * as SortedMap from "../collections/SortedMap.ts"
import * as FairShare from "./FairShare.ts"
import * as MessageQueue from "./MessageQueue.ts"
import { type Discarded, groupsOf, tally } from "./MessageQueue.ts"

export type { Discarded } from "./MessageQueue.ts"

/** The bounds of a store. */
export type Limits = Pick<ChatConfig, "maxStored" | "maxStoredBytes" | "maxStoredFor">

/** Where a message comes from, and when. */
export interface Arrival {
  /** The host of the neighbour that it came from, or `own`. */
  readonly origin: string
  /** In milliseconds. A clock that is set back shortens no message's life. */
  readonly at: number
  /** The neighbour that it came from, when its route leads back to that neighbour. */
  readonly from?: PeerId.PeerId
}

/** The messages for one receiver. */
export interface Waiting {
  readonly queue: MessageQueue.MessageQueue
  /** Messages with a lower serial may go back to the neighbour that they came from. */
  readonly freed: number
}

/** Messages that wait for their receivers. */
export interface Store {
  readonly limits: Limits
  /** `maxStoredFor` in milliseconds. */
  readonly lifetime: number
  /** All messages, and the bytes that count for them. */
  readonly size: number
  readonly bytes: number
  readonly own: MessageQueue.MessageQueue
  readonly others: FairShare.FairShare
  readonly receivers: SortedMap.SortedMap<PeerId.PeerId, Waiting>
  /** When the latest message came. */
  readonly latest: number
  /** The serial of the next message. */
  readonly serial: number
}

/** The origin of the peer's own messages. */
export const own = "own"

// What a stored message takes besides its text: the message, its two ids, its places in two queues.
const overhead = 512

/** The bytes that count for a message: about the memory it takes, two bytes for each UTF-16 unit of its text. */
export const bytesOf = ({ text }: Chat): number => 2 * text.length + overhead

/** A store without messages. */
export const empty = (limits: Limits): Store => ({
  limits,
  lifetime: Duration.toMillis(limits.maxStoredFor),
  size: 0,
  bytes: 0,
  own: MessageQueue.empty,
  others: FairShare.empty(limits),
  receivers: SortedMap.empty(PeerId.order),
  latest: -Infinity,
  serial: 0
})

/** When the next message becomes too old, in milliseconds; Infinity when there is none. */
export const earliest = (store: Store): number => {
  let earliest = Infinity
  for (const { messages } of queues(store)) earliest = Math.min(earliest, SortedMap.first(messages)?.at ?? Infinity)
  return earliest + store.lifetime
}

/** The messages of each origin. */
const queues = ({ others, own }: Store): ReadonlyArray<MessageQueue.MessageQueue> => [own, ...others.shares.values()]

/** The number of messages for each receiver; the receiver with the oldest message comes first. */
export const rows = ({ receivers }: Store): ReadonlyArray<Kept> =>
  Array.from(receivers.entries(), ([id, { queue: { messages } }]) => ({ id, messages }))
    .sort((one, other) => oldestIn(one) - oldestIn(other))
    .map(({ id, messages }) => ({ id, messages: messages.size }))

const oldestIn = ({ messages }: Pick<MessageQueue.MessageQueue, "messages">): number =>
  SortedMap.first(messages)?.serial ?? Infinity

/** True when something is stored for this receiver. */
export const has = ({ receivers }: Store, to: PeerId.PeerId): boolean => receivers.has(to)

/** A store after a message came, whether the message is in it, and what was given up for it. */
export interface Putting {
  readonly store: Store
  readonly stored: boolean
  /** Other messages that made room. */
  readonly discarded: ReadonlyArray<Discarded>
}

/**
 * Stores a message. Refuses an own message when own messages leave no room for it. Refuses one of another origin when they
 * do not, or when it is itself all that the heaviest origin has.
 */
export const put = (store: Store, message: Chat, arrival: Arrival): Putting => {
  const bytes = bytesOf(message)
  if (exceeds(store, store.own.messages.size + 1, store.own.bytes + bytes)) {
    return { store, stored: false, discarded: [] }
  }
  const [[stored], fuller] = add(store, [message], arrival)
  const [discarded, next] = makeRoom(fuller)
  return {
    store: next,
    stored: discarded.at(-1) !== stored,
    discarded: tally(discarded.filter((gone) => gone !== stored))
  }
}

/** Stores as many messages, in their order, as there is room for without giving up any. Gives their number. */
export const fill = (
  store: Store,
  messages: ReadonlyArray<Chat>,
  arrival: Arrival
): readonly [number, Store] => {
  let [count, bytes] = [0, store.bytes]
  for (const message of messages) {
    bytes += bytesOf(message)
    if (exceeds(store, store.size + count + 1, bytes)) break
    count++
  }
  if (count === 0) return [0, store]
  const [, fuller] = add(store, messages.slice(0, count), arrival)
  return [count, fuller]
}

/** Adds messages, whatever the bounds. */
const add = (
  store: Store,
  messages: ReadonlyArray<Chat>,
  { at, from, origin }: Arrival
): readonly [ReadonlyArray<MessageQueue.Stored>, Store] => {
  const latest = Math.max(at, store.latest)
  const stored = messages.map((message, index): MessageQueue.Stored => ({
    message,
    origin,
    from,
    bytes: bytesOf(message),
    at: latest,
    serial: store.serial + index
  }))
  return [stored, update({ ...store, latest, serial: store.serial + messages.length }, stored, MessageQueue.add)]
}

/** Room for messages and for their bytes. The last message may take more than the bytes that are left. */
export interface Room {
  readonly messages: number
  readonly bytes: number
}

/**
 * Takes messages for a receiver, oldest first, as long as there is room. Leaves those that would go back to the neighbour
 * `towards` that they came from.
 */
export const take = (
  store: Store,
  to: PeerId.PeerId,
  { room, towards }: { readonly room: Room; readonly towards?: PeerId.PeerId | undefined }
): readonly [ReadonlyArray<MessageQueue.Stored>, Store] => {
  const waiting = store.receivers.get(to)
  if (waiting === undefined) return [[], store]
  const taken: Array<MessageQueue.Stored> = []
  let bytes = 0
  for (const stored of waiting.queue.messages.values()) {
    if (taken.length >= room.messages || bytes >= room.bytes) break
    if (stored.from !== undefined && stored.from === towards && stored.serial >= waiting.freed) continue
    taken.push(stored)
    bytes += stored.bytes
  }
  return [taken, update(store, taken, MessageQueue.remove)]
}

/** Lets the messages for this receiver go back to the neighbours they came from, because one of those leads to it now. */
export const free = (store: Store, to: PeerId.PeerId): Store => {
  const waiting = store.receivers.get(to)
  if (waiting === undefined) return store
  return { ...store, receivers: SortedMap.set(store.receivers, to, { ...waiting, freed: store.serial }) }
}

/** Gives up what is too old at `now`, in milliseconds. */
export const expire = (store: Store, now: number): readonly [ReadonlyArray<Discarded>, Store] => {
  const expired: Array<MessageQueue.Stored> = []
  for (const { messages } of queues(store)) {
    for (const stored of messages.values()) {
      if (stored.at + store.lifetime > now) break
      expired.push(stored)
    }
  }
  expired.sort((one, other) => one.serial - other.serial)
  return [tally(expired), update(store, expired, MessageQueue.remove)]
}

const exceeds = ({ limits }: Store, messages: number, bytes: number): boolean =>
  messages > limits.maxStored || bytes > limits.maxStoredBytes

/** Gives up messages until the bounds hold; the newest message goes last. */
const makeRoom = (store: Store): readonly [ReadonlyArray<MessageQueue.Stored>, Store] => {
  const discarded: Array<MessageQueue.Stored> = []
  let rest = store
  while (exceeds(rest, rest.size, rest.bytes)) {
    const oldest = FairShare.heaviest(rest.others)
    if (oldest === undefined) break
    discarded.push(oldest)
    rest = update(rest, [oldest], MessageQueue.remove)
  }
  return [discarded, rest]
}

const nobody: Waiting = { queue: MessageQueue.empty, freed: 0 }

/** Adds messages to every queue that they belong to, or takes them out. */
const update = (store: Store, messages: ReadonlyArray<MessageQueue.Stored>, change: MessageQueue.Change): Store => {
  if (messages.length === 0) return store
  let { bytes, others, own: ownQueue, receivers, size } = store
  for (const [origin, group] of groupsOf(messages, ({ origin }) => origin)) {
    if (origin === own) ownQueue = change(ownQueue, group)
    else others = FairShare.update(others, origin, (share) => change(share, group))
  }
  for (const [to, group] of groupsOf(messages, ({ message }) => message.to)) {
    const { freed, queue: before } = receivers.get(to) ?? nobody
    const queue = change(before, group)
    size += queue.messages.size - before.messages.size
    bytes += queue.bytes - before.bytes
    receivers = queue.messages.size === 0
      ? SortedMap.remove(receivers, to)
      : SortedMap.set(receivers, to, { queue, freed })
  }
  return { ...store, size, bytes, own: ownQueue, others, receivers }
}
