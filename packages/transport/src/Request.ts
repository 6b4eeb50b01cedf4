/**
 * One message and its answer over a connection of their own: dial, write once, read the answer, close.
 *
 * The cheapest way for protocols that open a connection per message, such as Pyile's chat and Pyrate.
 */
import { Bytes, type Context, Duration, Effect, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { Backing, DialOptions } from "./Options.ts"
import * as OptionValue from "./OptionValue.ts"
import type { PeerKey } from "./PeerKey.ts"
import type { Pipe } from "./Pipe.ts"
import * as SocketFailure from "./SocketFailure.ts"
import * as Timeouts from "./Timeouts.ts"

/** Options of one request. */
export interface RequestOptions extends DialOptions {
  /** How long to wait for the answer after writing. Zero does not read the answer. Default 2 seconds. */
  readonly answerWithin?: Duration.Input | undefined
  /** Whether that time starts anew whenever more of the answer comes, as for a long one. Default false. */
  readonly answerRestarts?: boolean | undefined
  /** Maximum answer in bytes; the rest is not read. Default 65,536. */
  readonly answerLimit?: number | undefined
  /** The key that must answer, on a transport with keys: another one gets nothing. Default: any. */
  readonly identity?: PeerKey | undefined
  /** Returns true when the bytes so far are a complete answer, which ends the request. Default: FIN ends it. */
  readonly answered?: ((bytes: Uint8Array) => boolean) | undefined
}

/** Dies for options of a request that cannot be, beside those of its dial. */
export const checkOptions = OptionValue.checkAll("a request", {
  answerWithin: OptionValue.time,
  answerLimit: OptionValue.whole
})

/** What the peer sent. However the peer ends the connection is an answer; only a failed dial or write is an error. */
export interface Answer {
  /** At most `answerLimit` bytes. */
  readonly bytes: Uint8Array
  /**
   * Why reading stopped: `answered` returned true, the peer sent FIN, the peer reset the connection, `answerWithin`
   * passed, or `answerLimit` was exceeded.
   */
  readonly end: "Answered" | "Fin" | "Reset" | "Deadline" | "Limit"
}

const noBytes = new Uint8Array(0)

/** Reads an answer from a pipe. */
class AnswerReader {
  /** The answer so far. */
  bytes: Uint8Array = noBytes
  private readonly pipe: Pipe
  private readonly options: RequestOptions

  constructor(pipe: Pipe, options: RequestOptions) {
    this.pipe = pipe
    this.options = options
  }

  /** Takes what has arrived. Returns the answer when reading has ended, else `undefined`. */
  read(): Answer | undefined {
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

/** Writes `bytes`, reads the answer, closes, and calls `done` once. Call the returned function to close before that. */
const exchange = (
  pipe: Pipe,
  bytes: Uint8Array,
  options: RequestOptions & { readonly services: Context.Context<never> },
  done: (result: Result.Result<Answer, SocketError>) => void
): () => void => {
  const broken = pipe.broken()
  const within = Duration.fromInputUnsafe(options.answerWithin ?? "2 seconds")
  if (broken === undefined) pipe.write([bytes])
  if (broken !== undefined || Duration.isZero(within)) {
    pipe.close()
    done(broken === undefined ? Result.succeed({ bytes: noBytes, end: "Deadline" }) : Result.fail(broken))
    return () => {}
  }
  const reader = new AnswerReader(pipe, options)
  let over = false
  const finish = (answer: Answer | undefined) => {
    over = true
    cancelTimeout()
    // After a complete answer the peer sends nothing more.
    if (answer?.end === "Answered") pipe.closeAtOnce()
    else pipe.close()
    if (answer !== undefined) done(Result.succeed(answer))
  }
  const timeout = () => Timeouts.start(within, options.services, () => finish({ bytes: reader.bytes, end: "Deadline" }))
  let cancelTimeout = timeout()
  const read = () => {
    if (over) return
    const { length } = reader.bytes
    const answer = reader.read()
    if (answer !== undefined) return finish(answer)
    if (options.answerRestarts !== true || reader.bytes.length === length) return
    cancelTimeout()
    cancelTimeout = timeout()
  }
  pipe.observe({ readable: read, drained: () => {}, closed: read })
  return () => finish(undefined)
}

/** Where a request goes, and what it says. */
export interface Outgoing extends Pick<RequestOptions, "from" | "identity"> {
  readonly address: NetAddress.InetAddress
  readonly bytes: Uint8Array
}

/** An answer, or why there is none. */
export type Outcome = Result.Result<Answer, SocketError>

/** Dials, writes, reads the answer, closes, and calls `done` once. Call the returned function to end that before. */
const start = (
  { dial }: Pick<Backing, "dial">,
  { address, bytes }: Outgoing,
  options: RequestOptions & { readonly services: Context.Context<never> },
  done: (outcome: Outcome) => void
): () => void => {
  // Callbacks throughout: a scope, and waking a fiber for each step, would cost more than the steps.
  let cancelExchange: (() => void) | undefined
  const cancelDial = dial(address, options, (dialed) => {
    if (Result.isFailure(dialed)) return done(Result.fail(dialed.failure))
    if (options.identity !== undefined && dialed.success.identity !== options.identity) {
      dialed.success.reset()
      return done(Result.fail(SocketFailure.otherKey(NetAddress.formatInet(address))))
    }
    cancelExchange = exchange(dialed.success, bytes, options, done)
  })
  return () => (cancelExchange ?? cancelDial)()
}

/** Dials, writes `bytes` in one write, reads the answer, and closes. Fails when the dial or the write does, or another key answers. */
export const make = (
  backing: Pick<Backing, "dial">,
  address: NetAddress.InetAddress,
  bytes: Uint8Array,
  options: RequestOptions
): Effect.Effect<Answer, SocketError> =>
  Effect.withFiber(({ context: services }) =>
    Effect.callback((resume) =>
      Effect.sync(
        start(backing, { address, bytes }, { ...options, services }, (outcome) => resume(Effect.fromResult(outcome)))
      )
    )
  )

/** Options of many requests. */
export interface ManyOptions extends Omit<RequestOptions, "from" | "identity"> {
  /** Requests under way at a time. */
  readonly concurrency: number
}

/** Dies for options of many requests that cannot be, beside those of each. */
export const checkMany = OptionValue.checkAll("many requests", { concurrency: OptionValue.count })

/** Makes many requests. Succeeds with their outcomes, in the same order, when the last one is over. One fiber for all. */
export const makeAll = (
  backing: Pick<Backing, "dial">,
  outgoing: ReadonlyArray<Outgoing>,
  { concurrency, ...options }: ManyOptions
): Effect.Effect<ReadonlyArray<Outcome>> =>
  Effect.withFiber(({ context: services }) =>
    Effect.callback((resume) => {
      const outcomes = new Map<number, Outcome>()
      const running = new Map<number, () => void>()
      const waiting = outgoing.entries()
      const begin = (index: number, one: Outgoing) => {
        running.set(index, () => {})
        const cancel = start(backing, one, { ...options, ...one, services }, (outcome) => {
          running.delete(index)
          outcomes.set(index, outcome)
          more()
        })
        if (running.has(index)) running.set(index, cancel)
      }
      const more = () => {
        while (running.size < concurrency) {
          const next = waiting.next()
          if (next.done === true) break
          begin(...next.value)
        }
        if (outcomes.size < outgoing.length) return
        resume(Effect.succeed(outgoing.flatMap((_, index) => outcomes.get(index) ?? [])))
      }
      more()
      return Effect.sync(() => {
        for (const cancel of running.values()) cancel()
      })
    })
  )
