/**
 * What both ends of a connection say once they have shaken hands: text and announcements, as they come.
 *
 *     either end                               either end
 *       MESSAGE, JOIN, LEAVE             <->     MESSAGE, JOIN, LEAVE
 *
 * (P2P-CHAT.md, sections 1 and 3.3.)
 */
import { Link, type LinkError, type PipeLink } from "@peerage/wire"
import { Effect, Result } from "effect"
import type { ChatConfig } from "../ChatConfig.ts"
import { SlowReader } from "../ChatError.ts"
import * as ChatBytes from "../codec/ChatBytes.ts"
import { comfortable, format, segments } from "../codec/Frame.ts"
import { type Chat, type Join, type Leave, PeerMessage } from "../codec/Message.ts"

/** What is said in a conversation. */
export type Utterance = Chat | Join | Leave

/** Never succeeds: calls `take` with all that is said together. What it gives, if anything, is done before it hears more. */
export const hear = <E>(
  link: PipeLink.PipeLink,
  take: (messages: ReadonlyArray<PeerMessage>) => Effect.Effect<void, E> | undefined
): Effect.Effect<never, LinkError.ReceiveError | E> => link.attend(PeerMessage, take)

const slow = () => Effect.fail(new SlowReader())

/**
 * Says all of it to one of ours, in its order, in one write. Gives `undefined`, or what there is to wait for: a failure,
 * or that the other end reads, with `SlowReader` when it leaves a write unread for too long.
 */
export const sayTogether = (
  link: PipeLink.PipeLink,
  utterances: ReadonlyArray<Utterance>,
  { writeTimeout }: ChatConfig
): Effect.Effect<void, SlowReader | LinkError.SendError> | undefined => {
  if (utterances.length === 0) return undefined
  const frames = encodeAll(utterances)
  if (Result.isFailure(frames)) return Effect.fail(frames.failure)
  const unread = link.handOver(frames.success, writeTimeout)
  return unread === undefined ? undefined : Effect.catchTag(unread, "PeerUnresponsive", slow)
}

/**
 * Says all of it to an original, in its order. Succeeds with the segments that it has to keep up with. Fails with
 * `SlowReader` when it leaves a write unread for too long.
 *
 * Quirk: an original reads each frame with one recv of its header and one of its body. It closes the connection when
 * either is cut, so each frame is a write of its own.
 */
export const sayOneByOne = Effect.fnUntraced(function*(
  link: PipeLink.PipeLink,
  utterances: ReadonlyArray<Utterance>,
  { writeTimeout }: ChatConfig
): Effect.fn.Return<number, SlowReader | LinkError.SendError> {
  let filled = 0
  for (const utterance of utterances) {
    const frame = yield* Effect.fromResult(encode(utterance))
    if (frame.length > comfortable) {
      yield* Effect.logWarning(
        `a message of ${frame.length} bytes goes to a peer running the original p2p-chat, which may lose what is larger than ${comfortable}`
      )
    }
    yield* Effect.catchTag(link.sendEncoded(frame, writeTimeout), "PeerUnresponsive", slow)
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
