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
  /** Patience for the first byte. */
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
export const hear = Effect.fn("Hearing.hear")(function*(
  reader: Pick<Reader<Uint8Array>, "pull">,
  { idleTimeout, maxMessageBytes, messageSilence }: Patience,
  isWhole: (message: Message) => boolean
): Effect.fn.Return<Message, HearingError> {
  let bytes = new Uint8Array(0)
  while (true) {
    const pulled = yield* Effect.result(
      Effect.timeoutOption(reader.pull, bytes.length === 0 ? idleTimeout : messageSilence)
    )
    if (Result.isFailure(pulled)) {
      if (!SocketFailure.isFin(pulled.failure)) return yield* Effect.fail(pulled.failure)
      return bytes.length === 0 ? yield* new LinkError.PeerClosed() : yield* Effect.fromResult(decode(bytes))
    }
    if (pulled.success._tag === "None") {
      return bytes.length === 0
        ? yield* new LinkError.PeerUnresponsive({ awaited: "message", within: idleTimeout })
        : yield* Effect.fromResult(decode(bytes))
    }
    bytes = Bytes.concat([bytes, ...pulled.success.value])
    if (bytes.length > maxMessageBytes) {
      return yield* new FrameError.FrameTooLarge({ limit: maxMessageBytes, size: bytes.length })
    }
    const message = decode(bytes)
    if (Result.isSuccess(message) && isWhole(message.success)) return message.success
  }
})
