/**
 * Reads the request of a connection. Nothing in a request says where it ends: it ends with FIN, or with some silence,
 * or as soon as it is whole where its sender waits for the answer. (docs/wire/pyrate.md, sections 0 and 4.)
 */
import { type ByteReader, FrameError, type LinkError } from "@peerage/wire"
import { Effect, Result } from "effect"
import type { SocketError } from "effect/socket/Socket"
import { decode, type MalformedRequest, type Message } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { within } from "./Remote.ts"

/** Why there is no request. */
export type RequestError =
  | MalformedRequest
  | LinkError.PeerClosed
  | LinkError.PeerUnresponsive
  | FrameError.FrameTooLarge
  | SocketError

/** Waits for the request. One that `isWhole` ends at once: nothing more is waited for. */
export const read = Effect.fnUntraced(function*(
  reader: ByteReader.ByteReader,
  { maxMessageBytes: limit, messageSilence }: PyrateConfig,
  isWhole: (message: Message) => boolean
): Effect.fn.Return<Message, RequestError> {
  while (true) {
    const came = yield* reader.more(reader.available() === 0 ? undefined : messageSilence)
    const size = reader.available()
    if (size > limit) return yield* new FrameError.FrameTooLarge({ limit, size })
    const ended = reader.ended()
    // A FIN behind bytes ends the request, it does not cut it off.
    if (ended !== undefined && ended._tag !== "FrameTruncated") return yield* ended
    const message = decode(reader.peek(size))
    const isOver = !came || ended !== undefined || (Result.isSuccess(message) && isWhole(message.success))
    if (isOver) return yield* Effect.fromResult(message)
  }
}, (request, _reader, { idleTimeout }) => within(request, "message", idleTimeout))
