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

/** Messages for one receiver that were given up. */
export interface Discarded {
  readonly to: PeerId.PeerId
  readonly messages: number
}

/** The messages for one receiver. */
interface Waiting {
  readonly queue: MessageQueue.MessageQueue
  /** Messages with a lower serial may go back to the neighbour that they came from. */
  readonly freed: number
}

/** Messages that wait for their receivers. */
export interface Store {
  readonly limits: Limits
  /** `maxStoredFor` in milliseconds. */
  readonly lifetime: number
  readonly all: MessageQueue.MessageQueue
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

// What a stored message takes besides its text: the message, its two ids, its places in three queues.
const overhead = 512

/** The bytes that count for a message: about the memory it takes, two bytes for each UTF-16 unit of its text. */
export const bytesOf = ({ text }: Chat): number => 2 * text.length + overhead

/** A store without messages. */
export const empty = (limits: Limits): Store => ({
  limits,
  lifetime: Duration.toMillis(limits.maxStoredFor),
  all: MessageQueue.empty,
  own: MessageQueue.empty,
  others: FairShare.empty(limits),
  receivers: SortedMap.empty(PeerId.order),
  latest: -Infinity,
  serial: 0
})

/** When the next message becomes too old, in milliseconds; Infinity when there is none. */
export const earliest = ({ all, lifetime }: Store): number => (SortedMap.first(all.messages)?.at ?? Infinity) + lifetime

/** The number of messages for each receiver; the receiver with the oldest message comes first. */
export const rows = ({ all }: Store): ReadonlyArray<Kept> =>
  tally(all.messages.values()).map(({ messages, to }) => ({ id: to, messages }))

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
export const put = (store: Store, message: Chat, { at, from, origin }: Arrival): Putting => {
  const bytes = bytesOf(message)
  if (exceeds(store, store.own.messages.size + 1, store.own.bytes + bytes)) {
    return { store, stored: false, discarded: [] }
  }
  const latest = Math.max(at, store.latest)
  const stored = { message, origin, from, bytes, at: latest, serial: store.serial }
  const [discarded, next] = makeRoom(update({ ...store, latest, serial: store.serial + 1 }, stored, MessageQueue.add))
  return {
    store: next,
    stored: discarded.at(-1) !== stored,
    discarded: tally(discarded.filter((gone) => gone !== stored))
  }
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
  let [rest, bytes] = [store, 0]
  for (const stored of waiting.queue.messages.values()) {
    if (taken.length >= room.messages || bytes >= room.bytes) break
    if (stored.from !== undefined && stored.from === towards && stored.serial >= waiting.freed) continue
    taken.push(stored)
    bytes += stored.bytes
    rest = update(rest, stored, MessageQueue.remove)
  }
  return [taken, rest]
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
  let rest = store
  for (const stored of store.all.messages.values()) {
    if (stored.at + store.lifetime > now) break
    expired.push(stored)
    rest = update(rest, stored, MessageQueue.remove)
  }
  return [tally(expired), rest]
}

const exceeds = ({ limits }: Store, messages: number, bytes: number): boolean =>
  messages > limits.maxStored || bytes > limits.maxStoredBytes

/** Gives up messages until the bounds hold; the newest message goes last. */
const makeRoom = (store: Store): readonly [ReadonlyArray<MessageQueue.Stored>, Store] => {
  const discarded: Array<MessageQueue.Stored> = []
  let rest = store
  while (exceeds(rest, rest.all.messages.size, rest.all.bytes)) {
    const oldest = FairShare.heaviest(rest.others)
    if (oldest === undefined) break
    discarded.push(oldest)
    rest = update(rest, oldest, MessageQueue.remove)
  }
  return [discarded, rest]
}

const tally = (messages: Iterable<MessageQueue.Stored>): ReadonlyArray<Discarded> => {
  const counts = new Map<PeerId.PeerId, number>()
  for (const { message } of messages) counts.set(message.to, (counts.get(message.to) ?? 0) + 1)
  return Array.from(counts, ([to, count]) => ({ to, messages: count }))
}

const nobody: Waiting = { queue: MessageQueue.empty, freed: 0 }

/** Adds a message to every queue that it belongs to, or takes it out. */
const update = (store: Store, stored: MessageQueue.Stored, change: MessageQueue.Change): Store => {
  const { message: { to }, origin } = stored
  const { freed, queue: before } = store.receivers.get(to) ?? nobody
  const queue = change(before, stored)
  return {
    ...store,
    all: change(store.all, stored),
    own: origin === own ? change(store.own, stored) : store.own,
    others: origin === own ? store.others : FairShare.update(store.others, stored, change),
    receivers: queue.messages.size === 0
      ? SortedMap.remove(store.receivers, to)
      : SortedMap.set(store.receivers, to, { queue, freed })
  }
}
