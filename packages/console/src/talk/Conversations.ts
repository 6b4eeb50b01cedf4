/**
 * The history of a room: what was said to and by each peer. Peers decide how much they say, so the history is bounded:
 * in conversations, in messages of each, and in characters of all. The conversation without a message for the longest
 * time loses its oldest messages first. Knows no protocol.
 */
import { Clock, Effect, MutableList } from "effect"

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

/** The messages of one conversation, the oldest first. */
interface Conversation<Peer, Message> {
  readonly peer: Peer
  readonly kept: MutableList.MutableList<Kept<Peer, Message>>
}

/** Makes an empty history. */
export const make = <Peer, Message>(limits: Limits = defaults) => {
  /** The least recently used first. */
  const conversations = new Map<Peer, Conversation<Peer, Message>>()
  let latest: Conversation<Peer, Message> | undefined
  let characters = 0
  let order = 0

  /** The conversation with a peer, which is the most recently used from now on. */
  const used = (peer: Peer) => {
    // Most messages follow one of the same peer.
    if (latest?.peer === peer) return latest
    latest = conversations.get(peer) ?? { peer, kept: MutableList.make() }
    conversations.delete(peer)
    conversations.set(peer, latest)
    return latest
  }
  const forgetFirst = ({ kept }: Conversation<Peer, Message>) => {
    const first = MutableList.take(kept)
    if (first !== MutableList.Empty) characters -= first.characters
  }
  const shrink = () => {
    for (const conversation of conversations.values()) {
      const surplus = conversations.size > limits.conversations
      if (!surplus && characters <= limits.characters) return
      while (conversation.kept.length > 0 && (surplus || characters > limits.characters)) forgetFirst(conversation)
      if (conversation.kept.length > 0) return
      conversations.delete(conversation.peer)
      if (latest === conversation) latest = undefined
    }
  }
  const listed = ({ kept }: Conversation<Peer, Message>) => MutableList.toArray(kept)

  return {
    file: (filing: Omit<Kept<Peer, Message>, "at" | "order">) =>
      Effect.map(Clock.currentTimeMillis, (at) => {
        const conversation = used(filing.peer)
        MutableList.append(conversation.kept, { ...filing, at, order: order++ })
        characters += filing.characters
        if (conversation.kept.length > limits.messages) forgetFirst(conversation)
        shrink()
      }),
    /** Messages to and by one peer, oldest first; empty for an unknown peer. */
    with: (peer: Peer) =>
      Effect.sync(() => {
        const conversation = conversations.get(peer)
        return conversation === undefined ? [] : listed(conversation)
      }),
    /** The latest messages to and by everybody, oldest first; at most as many as one conversation can have. */
    latest: Effect.sync(() =>
      [...conversations.values()].flatMap(listed).sort((one, other) => one.order - other.order).slice(-limits.messages)
    ),
    /** The latest messages to and by everybody whose `order` is more than this, oldest first; at most `most`. */
    since: (order: number, most: number) =>
      Effect.sync(() => {
        // The conversations are in the order of their last messages.
        const recent = [...conversations.values()].slice(-most).flatMap((conversation) =>
          listed(conversation).slice(-most).filter((kept) => kept.order > order)
        )
        return recent.sort((one, other) => one.order - other.order).slice(-most)
      }),
    /** The peers of all conversations, the least recently used first. */
    peers: Effect.sync(() => [...conversations.keys()])
  }
}
