/**
 * One message over a connection of its own: dial, write once, read the answer, be gone.
 *
 * The cheap form of a dialogue for protocols that open a connection per message (Pyile's chat, Pyrate).
 */
import { Bytes, type Context, Duration, Effect, Result } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { Backing, DialOptions } from "./Options.ts"
import type { Pipe } from "./Pipe.ts"
import * as SocketFailure from "./SocketFailure.ts"
import * as Timeouts from "./Timeouts.ts"

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

/** What has come of an answer. */
class Reading {
  bytes: Uint8Array = none
  private readonly pipe: Pipe
  private readonly options: RequestOptions

  constructor(pipe: Pipe, options: RequestOptions) {
    this.pipe = pipe
    this.options = options
  }

  /** Reads on; `undefined` while there is to be more. */
  next(): Answer | undefined {
    const { answerLimit = 65_536, answered } = this.options
    const chunks = this.pipe.take()
    if (chunks !== undefined) this.bytes = Bytes.concat([this.bytes, ...chunks])
    const { bytes } = this
    if (bytes.length > answerLimit) return { bytes: bytes.subarray(0, answerLimit), end: "Limit" }
    if (bytes.length > 0 && answered?.(bytes) === true) return { bytes, end: "Answered" }
    const ended = this.pipe.ended()
    if (ended === undefined) return undefined
    return { bytes, end: SocketFailure.isFin(ended) ? "Fin" : "Reset" }
  }
}

/** Writes, reads the answer, closes, and tells what came of it. What it returns closes before that. */
const converse = (
  pipe: Pipe,
  bytes: Uint8Array,
  options: RequestOptions & { readonly services: Context.Context<never> },
  told: (result: Result.Result<Answer, SocketError>) => void
): () => void => {
  const broken = pipe.broken()
  const within = Duration.fromInputUnsafe(options.answerWithin ?? "2 seconds")
  if (broken === undefined) pipe.write([bytes])
  if (broken !== undefined || Duration.isZero(within)) {
    pipe.close()
    told(broken === undefined ? Result.succeed({ bytes: none, end: "Deadline" }) : Result.fail(broken))
    return () => {}
  }
  const reading = new Reading(pipe, options)
  let over = false
  const leave = (answer: Answer | undefined) => {
    over = true
    lateness()
    // Who has answered has nothing more to say.
    if (answer?.end === "Answered") pipe.closeAtOnce()
    else pipe.close()
    if (answer !== undefined) told(Result.succeed(answer))
  }
  const lateness = Timeouts.start(within, options.services, () => leave({ bytes: reading.bytes, end: "Deadline" }))
  const look = () => {
    const answer = over ? undefined : reading.next()
    if (answer !== undefined) leave(answer)
  }
  pipe.observe({ readable: look, drained: () => {}, closed: look })
  return () => leave(undefined)
}

/** Dials, writes `bytes` in one write, reads the answer, closes. Fails when the dial or the write does. */
export const make = (
  { dial }: Pick<Backing, "dial">,
  address: NetAddress.InetAddress,
  bytes: Uint8Array,
  options: RequestOptions
): Effect.Effect<Answer, SocketError> =>
  Effect.withFiber(({ context: services }) =>
    // Callbacks from the dial to the answer: a scope and a fiber that is woken for each step would cost more than they do.
    Effect.callback((resume) => {
      let abandon = dial(address, options, (dialed) => {
        if (Result.isFailure(dialed)) return resume(Effect.fail(dialed.failure))
        abandon = converse(
          dialed.success,
          bytes,
          { ...options, services },
          (answer) => resume(Effect.fromResult(answer))
        )
      })
      return Effect.sync(() => abandon())
    })
  )
