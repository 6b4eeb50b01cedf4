/**
 * The history of a room: what was said to and by each peer. Peers decide how much they say, so the history is bounded:
 * in conversations, in messages of each, and in characters of all. The conversation without a message for the longest
 * time loses its oldest messages first. Knows no protocol.
 */
import { Clock, Effect } from "effect"

/** The size of a history. */
export interface Limits {
  readonly conversations: number
  /** In each conversation. */
  readonly messages: number
  /** Of text, in all conversations together. */
  readonly characters: number
}

/** A message that is kept. */
export interface Kept<Peer, Message> {
  /** The other end of the conversation. */
  readonly peer: Peer
  readonly message: Message
  /** How much of the space for text it takes. */
  readonly characters: number
  /** When it was sent or arrived here, in milliseconds since 1970. */
  readonly at: number
  /** Counts messages, as several have the same time. */
  readonly order: number
}

/** The history of one room. */
export type Conversations<Peer, Message> = ReturnType<typeof make<Peer, Message>>

const defaults: Limits = { conversations: 1000, messages: 500, characters: 4_194_304 }

/** Makes an empty history. */
export const make = <Peer, Message>(limits: Limits = defaults) => {
  const conversations = new Map<Peer, Array<Kept<Peer, Message>>>()
  let characters = 0
  let order = 0

  const forgetFirst = (messages: Array<Kept<Peer, Message>>) => {
    characters -= messages.shift()?.characters ?? 0
  }
  const shrink = () => {
    for (const [peer, messages] of conversations) {
      const surplus = conversations.size > limits.conversations
      while (messages.length > 0 && (surplus || characters > limits.characters)) forgetFirst(messages)
      if (messages.length > 0) return
      conversations.delete(peer)
    }
  }

  return {
    file: (filing: Omit<Kept<Peer, Message>, "at" | "order">) =>
      Effect.map(Clock.currentTimeMillis, (at) => {
        const messages = conversations.get(filing.peer) ?? []
        conversations.delete(filing.peer)
        conversations.set(filing.peer, messages)
        messages.push({ ...filing, at, order: order++ })
        characters += filing.characters
        if (messages.length > limits.messages) forgetFirst(messages)
        shrink()
      }),
    /** Messages to and by one peer, oldest first; empty for an unknown peer. */
    with: (peer: Peer) => Effect.sync(() => [...conversations.get(peer) ?? []]),
    /** The latest messages to and by everybody, oldest first; at most as many as one conversation can have. */
    latest: Effect.sync(() =>
      [...conversations.values()].flat().sort((one, other) => one.order - other.order).slice(-limits.messages)
    ),
    /** The latest messages to and by everybody whose `order` is more than this, oldest first; at most `most`. */
    since: (order: number, most: number) =>
      Effect.sync(() => {
        // The conversations are in the order of their last messages.
        const recent = [...conversations.values()].slice(-most).flatMap((messages) =>
          messages.slice(-most).filter((kept) => kept.order > order)
        )
        return recent.sort((one, other) => one.order - other.order).slice(-most)
      }),
    /** The peers of all conversations, the least recently used first. */
    peers: Effect.sync(() => [...conversations.keys()])
  }
}
