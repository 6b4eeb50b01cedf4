/**
 * Where text goes: into the send queue of its next hop, or into the store while there is no way or no room there. Nobody
 * waits for a slow neighbour, and no text goes back to the neighbour that it came from.
 */
import { Exit, type Latch } from "effect"
import type { ChatEvent, Sent } from "../../ChatEvent.ts"
import type { Chat } from "../../codec/Message.ts"
import type { PeerId } from "../../codec/PeerId.ts"
import * as IdQueue from "../collections/IdQueue.ts"
import * as Store from "../store/Store.ts"
import { type Change, isReserved, nextHop, publish, type RouterState, withQueue } from "./RouterState.ts"
import * as SendQueue from "./SendQueue.ts"

/** Text for one receiver, in its order: one message at least. */
export type Texts = readonly [Chat, ...ReadonlyArray<Chat>]

/** Passes text on, or stores it. Gives up what cannot be stored. */
export const forward = (state: RouterState, texts: Texts, arrival: Store.Arrival): RouterState => {
  const { at, from, origin } = arrival
  const [{ to }] = texts
  const next = nextHop(state, to)
  if (next !== undefined && next.id === from) return store(state, texts, arrival)
  if (isReserved(state, to, at)) return store(state, texts, arrival)
  if (next === undefined || IdQueue.has(next.queue.congested, to)) return store(state, texts, { at, origin })
  const [added, queue] = SendQueue.add(next.queue, texts.map((message) => ({ message, origin })), state.config)
  if (added === texts.length) return withQueue(state, next, queue)
  return store(withQueue(state, next, SendQueue.congest(queue, to, true)), texts.slice(added), { at, origin })
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
): Change<Sending> => {
  const [{ to }] = texts
  const next = nextHop(state, to)
  if (next === undefined || isReserved(state, to, at)) return storeOwn(state, texts, at)
  const { queue } = next
  const isFull = SendQueue.isFull(queue, state.config)
  if (isFull && room !== undefined) {
    const waiting = withQueue(state, { ...next, blocked: [...next.blocked, room] }, queue)
    return [Exit.succeed({ results: [], refused: false }), waiting]
  }
  if (isFull || IdQueue.has(queue.congested, to)) {
    return storeOwn(withQueue(state, next, SendQueue.congest(queue, to, true)), texts, at)
  }
  const own = texts.map((message) => ({ message, origin: Store.own }))
  const [added, filled] = SendQueue.add(queue, own, state.config)
  const result: Sent = { _tag: "Delivered", nextHop: next.id }
  return sent(withQueue(state, next, filled), texts.slice(0, added), { result, refused: false })
}

const storeOwn = (state: RouterState, texts: Texts, at: number): Change<Sending> => {
  let [count, kept] = Store.fill(state.store, texts, { at, origin: Store.own })
  const displaced: Array<Store.Discarded> = []
  for (const text of texts.slice(count)) {
    const putting = Store.put(kept, text, { at, origin: Store.own })
    if (!putting.stored) break
    kept = putting.store
    count++
    displaced.push(...putting.discarded)
  }
  const outcome = { result: { _tag: "Buffered" }, refused: count < texts.length } as const
  const [sending, next] = sent({ ...state, store: kept }, texts.slice(0, count), outcome)
  return [sending, giveUp(next, displaced, "BufferFull")]
}

/** Reports what became of own text. */
const sent = (
  state: RouterState,
  texts: ReadonlyArray<Chat>,
  { refused, result }: { readonly result: Sent; readonly refused: boolean }
): Change<Sending> => {
  const events = texts.map(({ text, to }): ChatEvent => ({ _tag: "Sent", to, data: text, result }))
  return [Exit.succeed({ results: texts.map(() => result), refused }), publish(state, events)]
}

const store = (state: RouterState, texts: ReadonlyArray<Chat>, arrival: Store.Arrival): RouterState => {
  const [count, filled] = Store.fill(state.store, texts, arrival)
  let next = { ...state, store: filled }
  for (const text of texts.slice(count)) {
    const { discarded, store, stored } = Store.put(next.store, text, arrival)
    const refused = stored ? [] : [{ to: text.to, messages: 1 }]
    next = giveUp({ ...next, store }, [...refused, ...discarded], "BufferFull")
  }
  return next
}

const giveUp = (
  state: RouterState,
  discarded: ReadonlyArray<Store.Discarded>,
  reason: "BufferFull" | "Expired"
): RouterState =>
  publish(state, discarded.map(({ messages, to }): ChatEvent => ({ _tag: "Discarded", to, messages, reason })))

/** When stored text is to be given up or passed on next, in milliseconds; Infinity where there is none. */
export const due = ({ reserved, store }: RouterState): number => {
  const earliest = Store.earliest(store)
  const [until = Infinity] = reserved.values()
  return earliest === Infinity ? Infinity : Math.min(earliest, until)
}

/** Gives up what was stored for too long, and passes on what has waited long enough for a peer that did not come back. */
export const expire = (state: RouterState, at: number): RouterState => {
  const [expired, store] = Store.expire(state.store, at)
  const over = [...state.reserved].filter(([, until]) => until <= at).map(([id]) => id)
  if (over.length === 0) return giveUp({ ...state, store }, expired, "Expired")
  const reserved = new Map([...state.reserved].filter(([, until]) => until > at))
  return over.reduce((next, id) => release(next, id), giveUp({ ...state, store, reserved }, expired, "Expired"))
}

/** Sends what is stored for a peer, as far as there is room. `announcer` is the neighbour that has just announced it. */
export const release = (state: RouterState, to: PeerId, announcer?: PeerId): RouterState => {
  const next = Store.has(state.store, to) && !isReserved(state, to) ? nextHop(state, to) : undefined
  if (next === undefined) return state
  // Only a neighbour that announces a receiver anew gets back the text that it sent for that receiver.
  const stored = next.id === announcer ? Store.free(state.store, to) : state.store
  const room = SendQueue.room(next.queue, state.config)
  const [taken, rest] = Store.take(stored, to, { room, towards: next.id })
  const [, queue] = SendQueue.add(next.queue, taken, state.config)
  // While there is room left, what is left would go back to the neighbour that it came from.
  const waits = SendQueue.isFull(queue, state.config)
  return withQueue({ ...state, store: rest }, next, SendQueue.congest(queue, to, waits))
}

/** Goes on with the text that had to wait for room in a neighbour's queue, one receiver after another. */
export const relieve = (state: RouterState, id: PeerId): RouterState => {
  let next = state
  while (true) {
    const neighbour = next.neighbours.get(id)
    if (neighbour === undefined || SendQueue.isFull(neighbour.queue, state.config)) return next
    const [receiver] = IdQueue.first(neighbour.queue.congested, 1)
    if (receiver === undefined) return next
    next = release(withQueue(next, neighbour, SendQueue.congest(neighbour.queue, receiver, false)), receiver)
  }
}
