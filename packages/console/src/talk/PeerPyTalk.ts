/** What is said over connections of PeerPy, and kept. */
import { type Connection, type DataType, type Payload, PeerPyError, type PeerPyEvent } from "@peerage/peerpy"
import type { PeerAddress } from "@peerage/transport"
import { Effect, type Schema } from "effect"
import { type Content, shown, valueFor } from "../values/Content.ts"
import { plain } from "../values/Plain.ts"
import type { Conversations } from "./Conversations.ts"

/** One message of a conversation with `peer`. */
export interface Message {
  readonly peer: PeerAddress.PeerAddress
  readonly own: boolean
  readonly type: DataType.DataType
  readonly data: Schema.Json
}

/** Where messages are kept. */
export interface Keeping {
  readonly conversations: Pick<Conversations<PeerAddress.PeerAddress, Message>, "file">
}

// Nobody types as much, and few read it twice.
const longest = 65_536

/** Keeps a message in its conversation; of one with more than 64 Ki characters, that there was one. */
export const remember = ({ conversations }: Keeping, message: Message): Effect.Effect<void> => {
  const { peer } = message
  const characters = JSON.stringify(message.data).length
  return characters > longest
    ? conversations.file({ peer, message: { ...message, data: { omitted: "TooLarge" } }, characters: 0 })
    : conversations.file({ peer, message, characters })
}

/** Says something over a connection, in the kind of that, and keeps it. */
export const say = (
  keeping: Keeping,
  { peer, sendAny, type }: Connection.AnyConnection,
  content: Content
): Effect.Effect<void, PeerPyError.SendError> =>
  Effect.fromResult(valueFor(type, content)).pipe(
    Effect.mapError((problem) =>
      new PeerPyError.SendError({ reason: new PeerPyError.UnsendableValue({ type, problem }) })
    ),
    Effect.flatMap((value: Payload.Value) => sendAny(value)),
    Effect.andThen(remember(keeping, { peer, own: true, type, data: shown(content) }))
  )

/** A value that arrived, with its data as JSON. */
export const asJson = (event: Extract<PeerPyEvent.PeerPyEvent, { readonly _tag: "Data" }>) => ({
  ...event,
  data: plain(event.type, event.data)
})
