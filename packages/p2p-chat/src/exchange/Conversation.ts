/**
 * What both ends of a connection say once they have shaken hands: text and announcements, as they come.
 *
 *     either end                               either end
 *       MESSAGE, JOIN, LEAVE             <->     MESSAGE, JOIN, LEAVE
 *
 * (P2P-CHAT.md, sections 1 and 3.3.)
 */
import { Link, type LinkError } from "@peerage/wire"
import { Effect, Result } from "effect"
import type { SocketError } from "effect/socket/Socket"
import type { ChatConfig } from "../ChatConfig.ts"
import { SlowReader } from "../ChatError.ts"
import * as ChatBytes from "../codec/ChatBytes.ts"
import { comfortable, format, segments } from "../codec/Frame.ts"
import { type Chat, type Join, type Leave, PeerMessage } from "../codec/Message.ts"

/** What is said in a conversation. */
export type Utterance = Chat | Join | Leave

/** Waits for something to be said, and takes all that was said with it. */
export const hear = (link: Link.Link): Effect.Effect<ReadonlyArray<PeerMessage>, LinkError.ReceiveError> =>
  link.receiveAll(PeerMessage)

/**
 * Says all of it, in its order. Messages for one of ours share a write. Succeeds with the segments that an original has
 * to keep up with, 0 for one of ours. Fails with `SlowReader` when the other end leaves one write unread for too long.
 */
export const say = (
  link: Link.Link,
  utterances: ReadonlyArray<Utterance>,
  { config, ours }: { readonly ours: boolean; readonly config: ChatConfig }
): Effect.Effect<number, SlowReader | LinkError.SendError> => {
  const write = patiently(link, config)
  return ours
    ? Effect.as(sayTogether(utterances, write), 0)
    : sayOneByOne(utterances, write)
}

type Write = (bytes: Uint8Array) => Effect.Effect<void, SocketError | SlowReader>

const slow = () => Effect.fail(new SlowReader())

const patiently = (link: Link.Link, { writeTimeout }: ChatConfig): Write => (bytes) =>
  Effect.catchTag(link.sendEncoded(bytes, writeTimeout), "PeerUnresponsive", slow)

const sayTogether = (
  utterances: ReadonlyArray<Utterance>,
  write: Write
): Effect.Effect<void, SlowReader | LinkError.SendError> => {
  if (utterances.length === 0) return Effect.void
  const frames = encodeAll(utterances)
  return Result.isFailure(frames) ? Effect.fail(frames.failure) : write(frames.success)
}

/**
 * Quirk: an original reads each frame with one recv of its header and one of its body. It closes the connection when
 * either is cut, so each frame is a write of its own.
 */
const sayOneByOne = Effect.fnUntraced(function*(utterances: ReadonlyArray<Utterance>, write: Write) {
  let filled = 0
  for (const utterance of utterances) {
    const frame = yield* Effect.fromResult(encode(utterance))
    if (frame.length > comfortable) {
      yield* Effect.logWarning(
        `a message of ${frame.length} bytes goes to a peer running the original p2p-chat, which may lose what is larger than ${comfortable}`
      )
    }
    yield* write(frame)
    filled += segments(frame.length)
  }
  return filled
})

const bytesExpected = (utterances: ReadonlyArray<Utterance>): number => {
  let bytes = 0
  for (const utterance of utterances) bytes += utterance._tag === "Chat" ? ChatBytes.likely(utterance.text) : 64
  return bytes
}

/** Frames, with their headers, one behind the other. */
const encodeAll = (
  utterances: ReadonlyArray<Utterance>
): Result.Result<Uint8Array, LinkError.MalformedMessage> => {
  const frames = new ChatBytes.Frames(bytesExpected(utterances))
  for (const utterance of utterances) {
    if (utterance._tag === "Chat") {
      frames.addChat(utterance)
      continue
    }
    const frame = encode(utterance)
    if (Result.isFailure(frame)) return Result.fail(frame.failure)
    frames.add(frame.success)
  }
  return Result.succeed(frames.whole)
}

/** A frame, with its header. */
export const encode = (utterance: Utterance): Result.Result<Uint8Array, LinkError.MalformedMessage> =>
  Link.encode(format, PeerMessage, utterance)
