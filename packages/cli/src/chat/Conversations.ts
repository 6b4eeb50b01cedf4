/** What was said to and by each peer of a chat network, where any peer can write under any id. */
import type { ChatEvent, PeerId } from "@peerage/p2p-chat"
import * as Room from "../room/Conversations.ts"

/** One message. */
export interface Message {
  readonly from: PeerId.PeerId
  readonly to: PeerId.PeerId
  /** `undefined` for own messages. */
  readonly sender: ChatEvent.Sender | undefined
  readonly data: string
}

/** One message, with its time. */
export type Said = Message & Room.Timed

/** The conversations of one peer. */
export type Conversations = Room.Conversations<PeerId.PeerId, Message>

/** No conversations yet. */
export const make = (limits?: Room.Limits): Conversations =>
  Room.make({
    peerOf: ({ from, sender, to }) => sender === undefined ? to : from,
    charactersOf: ({ data }) => data.length
  }, limits)
