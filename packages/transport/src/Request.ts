/**
 * One message over a connection of its own: dial, write once, read the answer, be gone.
 *
 * The cheap form of a dialogue for protocols that open a connection per message (Pyile's chat, Pyrate).
 */
import { Bytes, Duration, Effect } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import * as Patience from "./Patience.ts"
import type { Pipe } from "./Pipe.ts"
import * as SocketFailure from "./SocketFailure.ts"
import type { DialOptions } from "./Transport.ts"

/** Options of one request. */
export interface RequestOptions extends DialOptions {
  /** How long to wait for the answer after writing. Zero does not read at all. Default 2 seconds. */
  readonly answerWithin?: Duration.Input | undefined
  /** Bytes of answer to read at most. Default 65,536. */
  readonly answerLimit?: number | undefined
  /** True when the bytes so far are a whole answer, so that nothing more need be waited for. Default: never. */
  readonly answered?: ((bytes: Uint8Array) => boolean) | undefined
}

/** What came back. Every way the peer may end is an answer; only a failed dial or write is an error. */
export interface Answer {
  /** At most `answerLimit` bytes. */
  readonly bytes: Uint8Array
  /** Why reading stopped: a whole answer, the peer's FIN, its reset, the deadline, or the limit. */
  readonly end: "Answered" | "Fin" | "Reset" | "Deadline" | "Limit"
}

const none = new Uint8Array(0)

const read = (pipe: Pipe, within: Duration.Duration, options: RequestOptions): Effect.Effect<Answer> => {
  const limit = options.answerLimit ?? 65_536
  let bytes: Uint8Array = none
  const step = (): Answer | undefined => {
    const chunks = pipe.take()
    if (chunks !== undefined) bytes = Bytes.concat([bytes, ...chunks])
    if (bytes.length > limit) return { bytes: bytes.subarray(0, limit), end: "Limit" }
    if (bytes.length > 0 && options.answered?.(bytes) === true) return { bytes, end: "Answered" }
    const ended = pipe.ended()
    if (ended === undefined) return undefined
    return { bytes, end: SocketFailure.isFin(ended) ? "Fin" : "Reset" }
  }
  const observe = (resume: (answer: Effect.Effect<Answer>) => void) => {
    const look = () => {
      const answer = step()
      if (answer !== undefined) resume(Effect.succeed(answer))
    }
    pipe.observe({ readable: look, drained: () => {}, closed: look })
  }
  return Patience.wait(within, observe, () => Effect.succeed({ bytes, end: "Deadline" }))
}

/** Dials, writes `bytes` in one write, reads the answer, closes. Fails when the dial or the write does. */
export const make = (
  connect: (address: NetAddress.InetAddress, options: DialOptions) => Effect.Effect<Pipe, SocketError>,
  address: NetAddress.InetAddress,
  bytes: Uint8Array,
  options: RequestOptions
): Effect.Effect<Answer, SocketError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(
      restore(connect(address, options)),
      (pipe) => restore(exchange(pipe, bytes, options)).pipe(Effect.ensuring(Effect.sync(() => pipe.close())))
    )
  )

const exchange = (pipe: Pipe, bytes: Uint8Array, options: RequestOptions): Effect.Effect<Answer, SocketError> =>
  Effect.suspend(() => {
    const broken = pipe.broken()
    if (broken !== undefined) return Effect.fail(broken)
    pipe.write([bytes])
    const within = Duration.fromInputUnsafe(options.answerWithin ?? "2 seconds")
    return Duration.isZero(within)
      ? Effect.succeed<Answer>({ bytes: none, end: "Deadline" })
      : read(pipe, within, options)
  })
