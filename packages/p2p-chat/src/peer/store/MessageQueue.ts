/** Stored messages in the order in which they came, with their bytes. Immutable; a message leaves it from anywhere. */
import { Order } from "effect"
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
export const empty: MessageQueue = { messages: SortedMap.empty(Order.Number), bytes: 0 }

/** A change of a queue by a message. */
export type Change = (queue: MessageQueue, stored: Stored) => MessageQueue

/** Adds a message. */
export const add: Change = ({ bytes, messages }, stored) => ({
  messages: SortedMap.set(messages, stored.serial, stored),
  bytes: bytes + stored.bytes
})

/** Takes out a message that is in the queue. */
export const remove: Change = ({ bytes, messages }, stored) => ({
  messages: SortedMap.remove(messages, stored.serial),
  bytes: bytes - stored.bytes
})
