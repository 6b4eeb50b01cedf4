/** What a PeerPy room remembers: conversations, and the log. */
import type { DataType } from "@peerage/peerpy"
import type { PeerAddress } from "@peerage/transport"
import type { Schema } from "effect"
import * as RoomConversations from "../before/Conversations.ts"
import * as RoomJournal from "../before/Journal.ts"
import type { Event } from "./Answer.ts"
import { type Happening, sentence } from "./Happening.ts"

/** One message. */
export interface Message {
  readonly peer: PeerAddress.PeerAddress
  readonly own: boolean
  readonly type: DataType.DataType
  readonly data: Schema.Json
}

/** What was said to and by each peer. */
export type Conversations = RoomConversations.Conversations<PeerAddress.PeerAddress, Message>

/** The log. */
export type Journal = RoomJournal.Journal<Event>

const levels: { readonly [tag in Happening["_tag"]]: RoomJournal.Level } = {
  Listening: "INFO",
  Offer: "INFO",
  Connected: "INFO",
  Closed: "INFO",
  Rejected: "WARNING",
  Withdrawn: "INFO",
  Dropped: "WARNING",
  Stopped: "INFO"
}

const happens = (event: Event): event is Happening => Object.hasOwn(levels, event._tag)

// What nobody types, and few read twice.
const longest = 65_536

/** No conversations yet. A message of more than 64 Ki characters is there without what it said. */
export const conversations = (limits?: RoomConversations.Limits): Conversations => {
  const filed = RoomConversations.make<PeerAddress.PeerAddress, Message & { readonly characters: number }>({
    peerOf: ({ peer }) => peer,
    charactersOf: ({ characters }) => characters
  }, limits)
  return {
    ...filed,
    file: (message) => {
      const characters = JSON.stringify(message.data).length
      return characters > longest
        ? filed.file({ ...message, data: { omitted: "TooLarge" }, characters: 0 })
        : filed.file({ ...message, characters })
    }
  }
}

/** An empty log. */
export const journal = (): Journal =>
  RoomJournal.make((event) => happens(event) ? { level: levels[event._tag], text: sentence(event, String) } : undefined)
