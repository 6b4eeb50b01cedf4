/** What is said in p2p-chat, and kept. */
import type { ChatEvent, ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect } from "effect"
import type { Conversations } from "./Conversations.ts"
import type { Journal } from "./Journal.ts"

/** One message of a conversation. `sender` is missing where `own` is true. */
export interface Message {
  readonly from: PeerId.PeerId
  readonly to: PeerId.PeerId
  readonly own: boolean
  readonly sender?: ChatEvent.Sender
  readonly data: string
}

/** Where messages are kept. */
export interface Keeping {
  readonly conversations: Pick<Conversations<PeerId.PeerId, Message>, "file">
}

/** Keeps a message that arrived. */
export const remember = (
  { conversations }: Keeping,
  { data, from, sender, to }: Extract<ChatEvent.ChatEvent, { readonly _tag: "Message" }>
): Effect.Effect<void> =>
  conversations.file({ peer: from, message: { from, to, own: false, sender, data }, characters: data.length })

/** What saying something needs. */
export interface Saying extends Keeping {
  readonly peer: Pick<ChatPeer.ChatPeerService, "self" | "send">
  readonly journal: Pick<Journal<never>, "warn">
}

/** Says something to a peer, and keeps it. What cannot be sent is in the log. */
export const say = ({ conversations, journal, peer }: Saying, to: PeerId.PeerId, text: string) =>
  peer.send(to, text).pipe(
    Effect.tap(() => {
      const message = { from: peer.self, to, own: true, data: text }
      return conversations.file({ peer: to, message, characters: text.length })
    }),
    Effect.tapError((error) => journal.warn(`Nothing was sent to ${to}. ${error.message}`))
  )

/** What is said where a message waits for its receiver. */
export const buffered = (to: PeerId.PeerId): string => `${to} cannot be reached now: kept until it can.`
