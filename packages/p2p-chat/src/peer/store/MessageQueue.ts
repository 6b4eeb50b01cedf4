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

/** Groups messages by what they have in common. */
export const groupsOf = <K extends string | PeerId>(
  messages: ReadonlyArray<Stored>,
  keyOf: (stored: Stored) => K
): Iterable<readonly [key: K, group: ReadonlyArray<Stored>]> => {
  // By text: ids that a stranger has chosen would be found in a Map only one after the other.
  const groups = new Map<string, readonly [key: K, group: Array<Stored>]>()
  for (const stored of messages) {
    const key = keyOf(stored)
    const group = groups.get(`${key}`)
    if (group === undefined) groups.set(`${key}`, [key, [stored]])
    else group[1].push(stored)
  }
  return groups.values()
}

/** Messages for one receiver that were given up. */
export interface Discarded {
  readonly to: PeerId
  readonly messages: number
}

/** Counts messages for each receiver; the receiver of the first message comes first. */
export const tally = (messages: Iterable<Stored>): ReadonlyArray<Discarded> => {
  const groups = groupsOf([...messages], ({ message }) => message.to)
  return Array.from(groups, ([to, group]) => ({ to, messages: group.length }))
}
