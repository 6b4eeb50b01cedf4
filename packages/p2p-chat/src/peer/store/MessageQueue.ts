/** Stored messages in the order in which they came, with their bytes. Immutable; a message leaves it from anywhere. */
import type { Chat } from "../../codec/Message.ts"
import type { PeerId } from "../../codec/PeerId.ts"
import * as SortedMap from "../collections/SortedMap.ts"

/** A stored message. */
export interface Stored {
  readonly message: Chat
  /** The host of the neighbour that it came from, or `own`. */
  readonly origin: string
  /** The neighbour that it came from, when its route led back to that neighbour. */
  readonly from: PeerId | undefined
  /** The bytes that count for it. */
  readonly bytes: number
  /** When it came, in milliseconds. */
  readonly at: number
  /** Its number among all messages that were ever stored. */
  readonly serial: number
}

/** Messages by their serial. */
export interface MessageQueue {
  readonly messages: SortedMap.SortedMap<number, Stored>
  readonly bytes: number
}

/** A queue without messages. */
export const empty: MessageQueue = { messages: SortedMap.empty((one, other) => one - other), bytes: 0 }

/** A change of a queue by messages. */
export type Change = (queue: MessageQueue, messages: ReadonlyArray<Stored>) => MessageQueue

const bytesOf = (messages: ReadonlyArray<Stored>): number => messages.reduce((sum, { bytes }) => sum + bytes, 0)

/** Adds messages. */
export const add: Change = (queue, messages) => ({
  messages: SortedMap.setAll(queue.messages, messages.map((stored) => [stored.serial, stored])),
  bytes: queue.bytes + bytesOf(messages)
})

/** Takes out messages that are in the queue, in their order. */
export const remove: Change = (queue, messages) => ({
  messages: SortedMap.removeAll(queue.messages, messages.map(({ serial }) => serial)),
  bytes: queue.bytes - bytesOf(messages)
})
