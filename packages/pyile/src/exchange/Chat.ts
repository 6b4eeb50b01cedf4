/**
 * One message over a connection of its own, and the receiver's answer.
 *
 *   sender                                                                        receiver
 *     | ---- {"data": "hi", "alias": "bob", "to": [...], "from": [...]} ------------> |
 *     | <--- {"data": <the message>, "alias": "ann"} -------------------------------- |
 *
 * An original sender is gone before the answer comes, so that an answer may meet a reset: both are normal.
 * Source: the wire document, section 8.
 */
import { Endpoint, type Options, type Pipe, type Transport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Duration, Effect } from "effect"
import { format } from "../codec/Frame.ts"

/** How a delivery ended: the answer was read, or the bytes went out and none came. */
export type Outcome = "Acknowledged" | "Written"

/** Delivers one encoded message. Fails with `Unreachable` when there is no connection to write it to. */
export const initiate = (
  transport: Transport.Transport["Service"],
  receiver: PeerAddress.PeerAddress,
  message: Uint8Array,
  options: Options.DialOptions & { readonly replyWithin: Duration.Input; readonly limit: number }
): Effect.Effect<Outcome, Endpoint.Unreachable> =>
  transport.request(PeerAddress.toInet(receiver), message, {
    ...options,
    answerWithin: options.replyWithin,
    answerLimit: options.limit,
    answered: isWhole
  }).pipe(
    Effect.mapBoth({
      onSuccess: (answer): Outcome => answer.end === "Answered" ? "Acknowledged" : "Written",
      onFailure: (error) => new Endpoint.Unreachable({ address: receiver, code: Endpoint.errno(error) })
    })
  )

const isWhole = (bytes: Uint8Array): boolean =>
  format.framing.decode(format.framing.initial, bytes, bytes.length).frames.length > 0

/** What a responder tells about a connection. */
export interface Hearing {
  /** A whole message; answer it with `reply`. */
  readonly heard: (pipe: Pipe.Pipe, frame: Uint8Array) => void
  /** The bytes are no message. The connection has been closed. */
  readonly garbled: (pipe: Pipe.Pipe) => void
  /** The connection is over. */
  readonly closed: (pipe: Pipe.Pipe) => void
}

/**
 * Reads one message from an accepted connection, however it was cut, in plain callbacks: a connection that lives for
 * one message gets no fiber. One that ends before its message is whole was nothing.
 */
export const respond = (pipe: Pipe.Pipe, limit: number, hearing: Hearing): void => {
  let state = format.framing.initial
  let heard = false
  const readable = () => {
    const chunks = pipe.take()
    if (heard) return
    for (const chunk of chunks ?? []) {
      const decoded = format.framing.decode(state, chunk, limit)
      state = decoded.state
      const frame = decoded.frames[0]
      if (frame !== undefined) {
        heard = true
        return hearing.heard(pipe, frame)
      }
      if (decoded.error !== undefined) {
        heard = true
        pipe.close()
        return hearing.garbled(pipe)
      }
    }
    if (pipe.ended() !== undefined) pipe.close()
  }
  pipe.observe({ readable, drained: () => {}, closed: () => hearing.closed(pipe) })
}

/** Answers a message and ends its connection. A sender that is already gone does not mind. */
export const reply = (pipe: Pipe.Pipe, answer: Uint8Array): void => {
  if (pipe.broken() === undefined) pipe.write([answer])
  pipe.closeAtOnce()
}
