/**
 * What was said to and by each peer. Bounded in conversations, in messages of each, and in characters of all, as those
 * on the other side decide how much they say: the conversation that rested longest loses its oldest messages first.
 * Knows no protocol.
 */
import { Clock, Effect } from "effect"

/** When a message was sent or arrived here, in milliseconds since 1970. */
export interface Timed {
  readonly at: number
}

/** The size of the memory. */
export interface Limits {
  readonly conversations: number
  /** In each. */
  readonly messages: number
  /** In all, of text. */
  readonly characters: number
}

/** What the messages of a protocol are like. */
export interface Filing<Peer, Message> {
  /** The other end of the conversation that a message belongs to. */
  readonly peerOf: (message: Message) => Peer
  readonly charactersOf: (message: Message) => number
}

/** The conversations of one peer. */
export interface Conversations<Peer, Message> {
  readonly file: (message: Message) => Effect.Effect<void>
  /** Messages to and by one peer, oldest first; empty for one that is not known. */
  readonly with: (peer: Peer) => Effect.Effect<ReadonlyArray<Message & Timed>>
  /** The latest messages to and by everybody, oldest first; no more than one conversation can have. */
  readonly latest: Effect.Effect<ReadonlyArray<Message & Timed>>
  /** With whom there are any, the least recently used first. */
  readonly peers: Effect.Effect<ReadonlyArray<Peer>>
}

const defaults: Limits = { conversations: 1000, messages: 500, characters: 4_194_304 }

interface Filed<Message> {
  /** Counts messages, as several have the same time. */
  readonly order: number
  readonly said: Message & Timed
}

/** No conversations yet. */
export const make = <Peer, Message>(
  { charactersOf, peerOf }: Filing<Peer, Message>,
  limits: Limits = defaults
): Conversations<Peer, Message> => {
  const conversations = new Map<Peer, Array<Filed<Message>>>()
  let characters = 0
  let order = 0

  const forgetFirst = (messages: Array<Filed<Message>>) => {
    const first = messages.shift()
    characters -= first === undefined ? 0 : charactersOf(first.said)
  }
  const shrink = () => {
    for (const [peer, messages] of conversations) {
      const surplus = conversations.size > limits.conversations
      while (messages.length > 0 && (surplus || characters > limits.characters)) forgetFirst(messages)
      if (messages.length > 0) return
      conversations.delete(peer)
    }
  }
  const file = (said: Message & Timed) => {
    const peer = peerOf(said)
    const messages = conversations.get(peer) ?? []
    conversations.delete(peer)
    conversations.set(peer, messages)
    messages.push({ order: order++, said })
    characters += charactersOf(said)
    if (messages.length > limits.messages) forgetFirst(messages)
    shrink()
  }
  const all = (filed: ReadonlyArray<Filed<Message>>) => filed.map(({ said }) => said)

  return {
    file: (message) => Effect.map(Clock.currentTimeMillis, (at) => file({ ...message, at })),
    with: (peer) => Effect.sync(() => all(conversations.get(peer) ?? [])),
    latest: Effect.sync(() =>
      all([...conversations.values()].flat().sort((one, other) => one.order - other.order).slice(-limits.messages))
    ),
    peers: Effect.sync(() => [...conversations.keys()])
  }
}
