/**
 * Where text goes: into the send queue of its next hop, or into the store while there is no way or no room there. Nobody
 * waits for a slow neighbour, and no text goes back to the neighbour that it came from.
 */
import type { Latch } from "effect"
import type { ChatEvent, Sent } from "../../ChatEvent.ts"
import type { Chat } from "../../codec/Message.ts"
import type { PeerId } from "../../codec/PeerId.ts"
import * as IdQueue from "../collections/IdQueue.ts"
import * as SortedMap from "../collections/SortedMap.ts"
import * as Store from "../store/Store.ts"
import { nextHop, publish, type RouterState, withNeighbour } from "./RouterState.ts"
import * as SendQueue from "./SendQueue.ts"

/** Text for one receiver, in its order: one message at least. */
export type Texts = readonly [Chat, ...ReadonlyArray<Chat>]

/** Passes text on, or stores it. Gives up what cannot be stored. */
export const forward = (state: RouterState, texts: Texts, arrival: Store.Arrival): RouterState => {
  const { at, from, origin } = arrival
  const [{ to }] = texts
  const next = nextHop(state, to)
  if (next !== undefined && next.id === from) return store(state, texts, arrival)
  if (next === undefined || IdQueue.has(next.queue.congested, to)) return store(state, texts, { at, origin })
  const [added, queue] = SendQueue.add(next.queue, texts.map((message) => ({ message, origin })), state.config)
  if (added === texts.length) return withNeighbour(state, { ...next, queue })
  const congested = withNeighbour(state, { ...next, queue: SendQueue.congest(queue, to) })
  return store(congested, texts.slice(added), { at, origin })
}

/** What became of own text. */
export interface Sending {
  /** For each message that was sent or stored, in the order of the messages. */
  readonly results: ReadonlyArray<Sent>
  /** True when the store had no room for the message after those. */
  readonly refused: boolean
}

/**
 * Sends own text: as much as the next hop has room for. Text that finds no room at all is stored. With `room` it is not:
 * then that latch is opened when there is room.
 */
export const send = (
  state: RouterState,
  texts: Texts,
  { at, room }: { readonly at: number; readonly room?: Latch.Latch | undefined }
): readonly [Sending, RouterState] => {
  const [{ to }] = texts
  const next = nextHop(state, to)
  if (next === undefined) return storeOwn(state, texts, at)
  const isFull = SendQueue.isFull(next.queue, state.config)
  if (isFull && room !== undefined) {
    return [{ results: [], refused: false }, withNeighbour(state, { ...next, blocked: [...next.blocked, room] })]
  }
  if (isFull || IdQueue.has(next.queue.congested, to)) {
    return storeOwn(withNeighbour(state, { ...next, queue: SendQueue.congest(next.queue, to) }), texts, at)
  }
  const own = texts.map((message) => ({ message, origin: Store.own }))
  const [added, queue] = SendQueue.add(next.queue, own, state.config)
  const result: Sent = { _tag: "Delivered", nextHop: next.id }
  const events = texts.slice(0, added).map((chat) => sent(chat, result))
  const results = events.map(() => result)
  return [{ results, refused: false }, publish(withNeighbour(state, { ...next, queue }), events)]
}

/** Sends what is stored for a peer, as far as there is room. `announcer` is the neighbour that has just announced it. */
export const release = (state: RouterState, to: PeerId, announcer?: PeerId): RouterState => {
  const next = Store.has(state.store, to) ? nextHop(state, to) : undefined
  if (next === undefined) return state
  // Only a neighbour that announces a receiver anew gets back the text that it sent for that receiver.
  const stored = next.id === announcer ? Store.free(state.store, to) : state.store
  const room = SendQueue.room(next.queue, state.config)
  const [taken, rest] = Store.take(stored, to, { room, towards: next.id })
  const [, queue] = SendQueue.add(next.queue, taken, state.config)
  // While there is room left, what is left would go back to the neighbour that it came from.
  const change = SendQueue.isFull(queue, state.config) ? SendQueue.congest : SendQueue.relieve
  return withNeighbour({ ...state, store: rest }, { ...next, queue: change(queue, to) })
}

/** Goes on with the text that had to wait for room in a neighbour's queue. */
export const relieve = (state: RouterState, id: PeerId): RouterState => {
  const congested = SortedMap.get(state.neighbours, id)?.queue.congested ?? IdQueue.empty
  if (IdQueue.size(congested) === 0) return state
  let next = state
  for (const [, receiver] of SortedMap.entries(congested.ids)) {
    const neighbour = SortedMap.get(next.neighbours, id)
    if (neighbour === undefined || SendQueue.isFull(neighbour.queue, state.config)) return next
    const queue = SendQueue.relieve(neighbour.queue, receiver)
    next = release(withNeighbour(next, { ...neighbour, queue }), receiver)
  }
  return next
}

/** Gives up what was stored for too long. */
export const expire = (state: RouterState, at: number): RouterState => {
  const [expired, rest] = Store.expire(state.store, at)
  return publish({ ...state, store: rest }, expired.map((discarded) => givenUp(discarded, "Expired")))
}

const store = (state: RouterState, texts: ReadonlyArray<Chat>, arrival: Store.Arrival): RouterState => {
  let next = state
  for (const text of texts) {
    const { discarded, store, stored } = Store.put(next.store, text, arrival)
    const refused = stored ? [] : [{ to: text.to, messages: 1 }]
    const events = [...refused, ...discarded].map((messages) => givenUp(messages, "BufferFull"))
    next = publish({ ...next, store }, events)
  }
  return next
}

const storeOwn = (state: RouterState, texts: ReadonlyArray<Chat>, at: number): readonly [Sending, RouterState] => {
  const result: Sent = { _tag: "Buffered" }
  const events: Array<ChatEvent> = []
  const displaced: Array<ChatEvent> = []
  let next = state
  for (const text of texts) {
    const { discarded, store, stored } = Store.put(next.store, text, { at, origin: Store.own })
    next = { ...next, store }
    if (!stored) break
    events.push(sent(text, result))
    displaced.push(...discarded.map((messages) => givenUp(messages, "BufferFull")))
  }
  const refused = events.length < texts.length
  return [{ results: events.map(() => result), refused }, publish(next, [...events, ...displaced])]
}

const sent = ({ text, to }: Chat, result: Sent): ChatEvent => ({ _tag: "Sent", to, data: text, result })

const givenUp = ({ messages, to }: Store.Discarded, reason: "BufferFull" | "Expired"): ChatEvent => ({
  _tag: "Discarded",
  to,
  messages,
  reason
})
