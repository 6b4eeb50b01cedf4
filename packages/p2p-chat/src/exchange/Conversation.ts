/**
 * What both ends of a connection send after the handshake: text and announcements, as they come.
 *
 *     either end                               either end
 *       MESSAGE, JOIN, LEAVE             <->     MESSAGE, JOIN, LEAVE
 *
 * (docs/wire/p2p-chat.md, sections 1 and 3.3.)
 */
import { Timeouts } from "@peerage/transport"
import { Link, LinkError } from "@peerage/wire"
import { Duration, Effect, Result } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type { ChatConfig } from "../ChatConfig.ts"
import { SlowReader } from "../ChatError.ts"
import * as ChatBytes from "../codec/ChatBytes.ts"
import { comfortable, format, segments } from "../codec/Frame.ts"
import { type Chat, type Join, type Leave, PeerMessage, Received } from "../codec/Message.ts"
import type { PeerInfo } from "./Handshake.ts"

/** What is sent in a conversation. */
export type Sendable = Chat | Join | Leave

/** Where the messages for a peer come from. */
export interface Queue {
  /** Waits until there is something to send. */
  readonly filled: Effect.Effect<void>
  /** Takes what to send next, about `most` segments of it. */
  readonly take: (most: number) => Effect.Effect<ReadonlyArray<Sendable>>
}

/** A conversation with a peer, and what is to be sent in it. */
export interface Conversation {
  readonly link: Link.Link
  readonly peer: PeerInfo
  readonly queue: Queue
  readonly config: ChatConfig
}

/** How sending fails: the connection broke, or the peer left a write unread for `writeTimeout`. */
export type SendFailure = SlowReader | Exclude<LinkError.SendError, LinkError.PeerUnresponsive>

/** Waits for messages and takes all that have arrived together. */
export const receive = (
  link: Link.Link
): Effect.Effect<NonEmptyReadonlyArray<PeerMessage>, LinkError.ReceiveError> => link.receiveAll(Received)

/** Never succeeds: sends what is queued until the connection ends. */
export const send = (conversation: Conversation): Effect.Effect<never, SendFailure> =>
  Effect.catchTag(
    conversation.peer.extended ? sendTogether(conversation) : sendInBursts(conversation),
    "PeerUnresponsive",
    () => Effect.fail(new SlowReader())
  )

/** Sends what is queued now, without pauses, and without waiting for a peer that does not read. */
export const sendRest = (conversation: Conversation): Effect.Effect<void> => {
  const write = conversation.peer.extended ? writeTogether : writeEach
  const all = Effect.gen(function*() {
    while (true) {
      const next = yield* conversation.queue.take(Infinity)
      if (next.length === 0) return
      yield* write(conversation, next)
    }
  })
  return Effect.ignore(Effect.raceFirst(all, Effect.void))
}

const sendTogether = (conversation: Conversation): Effect.Effect<never, LinkError.SendError> =>
  Effect.gen(function*() {
    const next = Effect.andThen(conversation.queue.filled, conversation.queue.take(Infinity))
    while (true) yield* writeTogether(conversation, yield* next)
  })

/**
 * Quirk: an original closes the connection when a frame that it reads is not all there. So it gets pauses in a long burst,
 * longer ones after large frames: its window is as full of a few of those as of many small ones. What is to be sent
 * meanwhile stays in the queue, and is kept should the connection end.
 */
const sendInBursts = (conversation: Conversation): Effect.Effect<never, LinkError.SendError> =>
  Effect.gen(function*() {
    const { config: { burst, burstPause }, queue } = conversation
    let sent = 0
    let sentAt = yield* Timeouts.now
    while (true) {
      yield* queue.filled
      if ((yield* Timeouts.now) - sentAt >= Duration.toMillis(burstPause)) sent = 0
      sent += yield* writeEach(conversation, yield* queue.take(burst - sent))
      sentAt = yield* Timeouts.now
      if (sent < burst) continue
      yield* Effect.sleep(Duration.times(burstPause, sent / burst))
      sent = 0
    }
  })

/** Sends all messages in one write. */
const writeTogether = (
  { config, link }: Conversation,
  messages: ReadonlyArray<Sendable>
): Effect.Effect<void, LinkError.SendError> => {
  const frames: Array<Chat | Uint8Array> = []
  for (const message of messages) {
    if (message._tag === "Chat") {
      frames.push(message)
      continue
    }
    const frame = encode(message)
    if (Result.isFailure(frame)) return Effect.fail(frame.failure)
    frames.push(frame.success)
  }
  return link.sendEncoded(ChatBytes.write(frames), config.writeTimeout)
}

/**
 * Sends messages to an original. Succeeds with the segments that they fill.
 *
 * Quirk: an original reads each frame with one recv of its header and one of its body. It closes the connection when
 * either is cut, so each frame is a write of its own.
 */
const writeEach = Effect.fnUntraced(function*(
  { config, link }: Conversation,
  messages: ReadonlyArray<Sendable>
): Effect.fn.Return<number, LinkError.SendError> {
  let filled = 0
  for (const message of messages) {
    const frame = yield* Effect.fromResult(encode(message))
    if (frame.length > comfortable) {
      yield* Effect.logWarning(
        `a message of ${frame.length} bytes goes to a peer running the original p2p-chat, which may lose what is larger than ${comfortable}`
      )
    }
    yield* link.sendEncoded(frame, config.writeTimeout)
    filled += segments(frame.length)
  }
  return filled
})

/** A frame, with its header. */
export const encode = (message: Sendable): Result.Result<Uint8Array, LinkError.MalformedMessage> =>
  Link.encode(format, PeerMessage, message)
