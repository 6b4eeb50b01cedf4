/**
 * Hearing what somebody wants who dialed. Nothing in a message says where it ends: it ends with the connection's half,
 * or when nothing more comes for a while, or, where that is enough, as soon as it can be read. (PYRATE.md, sections 0
 * and 4.)
 */
import { SocketFailure } from "@peerage/transport"
import { FrameError, LinkError } from "@peerage/wire"
import { Bytes, type Duration, Effect, Result } from "effect"
import type { Reader, SocketError } from "effect/socket/Socket"
import { decode, type MalformedRequest, type Message } from "../codec/Message.ts"

/** How hearing goes. */
export interface Patience {
  /** Bytes of a message at most. */
  readonly maxMessageBytes: number
  /** Silence that ends a message of which something has come. */
  readonly messageSilence: Duration.Duration
  /** Patience for the whole message. */
  readonly idleTimeout: Duration.Duration
}

/** Why nothing was understood. */
export type HearingError =
  | MalformedRequest
  | LinkError.PeerClosed
  | LinkError.PeerUnresponsive
  | FrameError.FrameTooLarge
  | SocketError

/** Waits for a message. One that `isWhole` is not waited behind: whoever sent it may wait for the answer. */
export const hear = (
  reader: Pick<Reader<Uint8Array>, "pull">,
  patience: Patience,
  isWhole: (message: Message) => boolean
): Effect.Effect<Message, HearingError> => {
  const within = patience.idleTimeout
  return Effect.timeoutOrElse(listen(reader, patience, isWhole), {
    duration: within,
    orElse: () => Effect.fail(new LinkError.PeerUnresponsive({ awaited: "message", within }))
  }).pipe(Effect.withSpan("Hearing.hear"))
}

const listen = Effect.fnUntraced(function*(
  reader: Pick<Reader<Uint8Array>, "pull">,
  { maxMessageBytes, messageSilence }: Patience,
  isWhole: (message: Message) => boolean
): Effect.fn.Return<Message, HearingError> {
  let bytes = new Uint8Array(0)
  while (true) {
    const { pull } = reader
    const more = bytes.length === 0 ? Effect.asSome(pull) : Effect.timeoutOption(pull, messageSilence)
    const pulled = yield* Effect.result(more)
    if (Result.isFailure(pulled)) {
      if (!SocketFailure.isFin(pulled.failure)) return yield* pulled.failure
      return bytes.length === 0 ? yield* new LinkError.PeerClosed() : yield* Effect.fromResult(decode(bytes))
    }
    if (pulled.success._tag === "None") return yield* Effect.fromResult(decode(bytes))
    bytes = Bytes.concat([bytes, ...pulled.success.value])
    if (bytes.length > maxMessageBytes) {
      return yield* new FrameError.FrameTooLarge({ limit: maxMessageBytes, size: bytes.length })
    }
    const message = decode(bytes)
    if (Result.isSuccess(message) && isWhole(message.success)) return message.success
  }
})
