/**
 * What was said to and by each peer. Bounded in conversations, in messages of each, and in characters of all, as any
 * peer of the network can write under any id: the conversation that rested longest loses its oldest messages first.
 */
import type { ChatEvent, PeerId } from "@peerage/p2p-chat"
import { Clock, Effect } from "effect"

/** One message. */
export interface Said {
  /** When it was sent or arrived here, in milliseconds since 1970. */
  readonly at: number
  readonly from: PeerId.PeerId
  readonly to: PeerId.PeerId
  /** `undefined` for own messages. */
  readonly sender: ChatEvent.Sender | undefined
  readonly data: string
}

/** The size of the memory. */
export interface Limits {
  readonly conversations: number
  /** In each. */
  readonly messages: number
  /** In all, of text. */
  readonly characters: number
}

/** The conversations of one peer. */
export interface Conversations {
  readonly file: (said: Omit<Said, "at">) => Effect.Effect<void>
  /** Messages to and by one peer, oldest first; empty for one that is not known. */
  readonly with: (peer: PeerId.PeerId) => Effect.Effect<ReadonlyArray<Said>>
  /** The latest messages to and by everybody, oldest first; no more than one conversation can have. */
  readonly latest: Effect.Effect<ReadonlyArray<Said>>
  /** With whom there are any, the least recently used first. */
  readonly peers: Effect.Effect<ReadonlyArray<PeerId.PeerId>>
}

const defaults: Limits = { conversations: 1000, messages: 500, characters: 4_194_304 }

interface Filed extends Said {
  /** Counts messages, as several have the same time. */
  readonly order: number
}

/** No conversations yet. */
export const make = (limits: Limits = defaults): Conversations => {
  const conversations = new Map<PeerId.PeerId, Array<Filed>>()
  let characters = 0
  let order = 0

  const forgetFirst = (messages: Array<Filed>) => {
    characters -= messages.shift()?.data.length ?? 0
  }
  const shrink = () => {
    for (const [peer, messages] of conversations) {
      const surplus = conversations.size > limits.conversations
      while (messages.length > 0 && (surplus || characters > limits.characters)) forgetFirst(messages)
      if (messages.length > 0) return
      conversations.delete(peer)
    }
  }
  const file = (said: Said) => {
    const peer = said.sender === undefined ? said.to : said.from
    const messages = conversations.get(peer) ?? []
    conversations.delete(peer)
    conversations.set(peer, messages)
    messages.push({ ...said, order: order++ })
    characters += said.data.length
    if (messages.length > limits.messages) forgetFirst(messages)
    shrink()
  }

  return {
    file: (said) => Effect.map(Clock.currentTimeMillis, (at) => file({ ...said, at })),
    with: (peer) => Effect.sync(() => [...conversations.get(peer) ?? []]),
    latest: Effect.sync(() =>
      [...conversations.values()].flat().sort((one, other) => one.order - other.order).slice(-limits.messages)
    ),
    peers: Effect.sync(() => [...conversations.keys()])
  }
}
