/**
 * What is to be sent to one neighbour: text in its order, and ids that it may have to be told about. Text is bounded in
 * number and bytes. Ids need no bound, as an id that changes back and forth is queued once. Immutable.
 */
import { Chunk } from "effect"
import type { ChatConfig } from "../../ChatConfig.ts"
import { segments } from "../../codec/Frame.ts"
import type { Chat } from "../../codec/Message.ts"
import type { PeerId } from "../../codec/PeerId.ts"
import * as IdQueue from "../collections/IdQueue.ts"
import { bytesOf, type Room } from "../store/Store.ts"

// One turn takes at most so much text and so many ids, so that a long queue does not delay what comes behind it.
const turnCharacters = 65_536
const turnIds = 1024

/** The bounds of a queue. A single message always fits an empty one. */
export type Limits = Pick<ChatConfig, "maxOutbox" | "maxOutboxBytes">

/** Text for a neighbour, with the host that it came from, or `Store.own`. */
export interface Text {
  readonly message: Chat
  readonly origin: string
}

/** A send queue. */
export interface SendQueue {
  readonly texts: Chunk.Chunk<Text>
  /** The bytes that count for the texts. */
  readonly bytes: number
  /** Ids that the neighbour may have to be told about. */
  readonly ids: IdQueue.IdQueue
  /** Receivers with text in the store because this queue was full. Further text for them is stored behind it. */
  readonly congested: IdQueue.IdQueue
}

/** An empty queue. */
export const empty: SendQueue = { texts: Chunk.empty(), bytes: 0, ids: IdQueue.empty, congested: IdQueue.empty }

/** True when there is nothing to send. */
export const isEmpty = ({ ids, texts }: SendQueue): boolean => texts.length === 0 && IdQueue.isEmpty(ids)

/** The room that is left for text. */
export const room = ({ bytes, texts }: SendQueue, { maxOutbox, maxOutboxBytes }: Limits): Room => ({
  messages: maxOutbox - texts.length,
  bytes: maxOutboxBytes - bytes
})

/** True when there is no room for one more text. */
export const isFull = (queue: SendQueue, limits: Limits): boolean => {
  const { bytes, messages } = room(queue, limits)
  return messages <= 0 || bytes <= 0
}

/** Adds texts in their order as long as there is room. Gives the number of those that were added. */
export const add = (queue: SendQueue, texts: ReadonlyArray<Text>, limits: Limits): readonly [number, SendQueue] => {
  const left = room(queue, limits)
  let [added, bytes] = [0, 0]
  for (const { message } of texts) {
    if (added >= left.messages || bytes >= left.bytes) break
    added++
    bytes += bytesOf(message)
  }
  const more = Chunk.fromArrayUnsafe(added === texts.length ? texts : texts.slice(0, added))
  return [added, { ...queue, texts: Chunk.appendAll(queue.texts, more), bytes: queue.bytes + bytes }]
}

/** Adds ids. */
export const addIds = (queue: SendQueue, ids: Iterable<PeerId>): SendQueue => {
  let all = queue.ids
  for (const id of ids) all = IdQueue.add(all, id)
  return all === queue.ids ? queue : { ...queue, ids: all }
}

/** Notes whether text for a receiver waits in the store for room. */
export const congest = (queue: SendQueue, receiver: PeerId, waits: boolean): SendQueue => ({
  ...queue,
  congested: waits ? IdQueue.add(queue.congested, receiver) : IdQueue.remove(queue.congested, receiver)
})

/** What one turn takes from a queue. */
export interface Turn {
  readonly chats: ReadonlyArray<Chat>
  readonly ids: ReadonlyArray<PeerId>
  readonly rest: SendQueue
}

/** Takes what one turn sends, about `most` segments of text and ids, but one text at least, and one id. */
export const take = (queue: SendQueue, most: number): Turn => {
  const chats: Array<Chat> = []
  let [characters, filled, bytes] = [0, 0, 0]
  for (const { message } of Chunk.toReadonlyArray(queue.texts)) {
    characters += message.text.length
    filled += Math.max(1, segments(message.text.length))
    if (chats.length > 0 && (characters > turnCharacters || filled > most)) break
    chats.push(message)
    bytes += bytesOf(message)
  }
  const ids = IdQueue.first(queue.ids, Math.min(Math.max(1, most - chats.length), turnIds))
  const rest = {
    ...queue,
    texts: Chunk.drop(queue.texts, chats.length),
    bytes: queue.bytes - bytes,
    ids: ids.reduce(IdQueue.remove, queue.ids)
  }
  return { chats, ids, rest }
}
