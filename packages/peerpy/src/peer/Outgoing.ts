/**
 * The sending half of an established connection: values and large payloads, each whole and in its turn. Between two of
 * ours all small ones of one turn of the event loop go out in one write, as a write for each would be most of the work.
 */
import { Ascii } from "@peerage/wire"
import { Effect, type Latch, Result, type Scope, Semaphore } from "effect"
import * as DataHeader from "../codec/DataHeader.ts"
import * as Payload from "../codec/Payload.ts"
import * as Data from "../exchange/Data.ts"
import { type Chunked, now, type Outlet } from "../exchange/Outlet.ts"
import { type EndReason, SendError, UnsendableValue } from "../PeerPyError.ts"

/** What sending goes by. */
export interface Writing {
  readonly terms: Data.Terms
  readonly progress: Data.Progress
  readonly outlet: Outlet
  /** When the first value may go out, in milliseconds of the clock that `now` reads. */
  readonly readyAt: number
  /** Open once the other end has shown that its reader goes round. */
  readonly probed: Latch.Latch
  /** Ends the connection. */
  readonly finish: (reason: EndReason) => Effect.Effect<void>
  /** Why the connection is over; `undefined` while it is not. */
  readonly ended: () => EndReason | undefined
  /** Fails when the connection is over. */
  readonly alive: Effect.Effect<void, EndReason>
  /** The life of the connection. */
  readonly scope: Scope.Scope
}

/** The verbs of sending. */
export interface Outgoing {
  readonly send: (value: Payload.Value) => Effect.Effect<void, SendError>
  readonly sendAll: (values: ReadonlyArray<Payload.Value>) => Effect.Effect<void, SendError>
  readonly sendChunks: <E>(payload: Chunked<E>) => Effect.Effect<void, SendError | E>
}

const encoder = new TextEncoder()
const toBytes = (header: string): Uint8Array => encoder.encode(DataHeader.pad(header))
const failed = (reason: SendError["reason"]) => new SendError({ reason })

// Bytes of a payload that goes out with others: a larger one costs more to copy than a write of its own.
const smallBytes = 8192

const isSmall = ({ length }: Uint8Array): boolean => length <= smallBytes

/** Makes the sending half. */
export const make = (writing: Writing): Outgoing => {
  const { alive, ended, finish, outlet, progress, scope, terms } = writing
  const turn = Semaphore.makeUnsafe(1)
  const ready = Effect.mapError(Effect.andThen(alive, readiness(writing)), failed)
  const printing = new Ascii.Ascii()
  /** What waits must not be lost when the next value is printed. */
  const kept = (payload: Uint8Array) => terms.type === "json" ? payload.slice() : payload
  let scheduled = false
  /** A message of which the rest will not come ends the connection: the other end would take what follows for it. */
  const whole = <E>(message: Effect.Effect<void, E>) =>
    Effect.onError(message, () =>
      Effect.suspend(() => {
        const torn = outlet.torn()
        return torn === undefined ? Effect.void : finish(torn)
      }))
  const announced = (size: number) =>
    Effect.mapError(Effect.suspend(() => Effect.fromResult(Data.announce(terms, progress, size))), failed)

  /** Sends a payload in a write of its own. */
  const alone = Effect.fnUntraced(function*(payload: Uint8Array): Effect.fn.Return<void, SendError> {
    yield* ready
    const write = Effect.flatMap(announced(payload.length), (header) => {
      const parts = header === "" ? [payload] : [toBytes(header), payload]
      return Effect.mapError(whole(Effect.tapError(outlet.write(parts), finish)), failed)
    })
    // It may have ended while this one waited for its turn.
    yield* turn.withPermit(Effect.andThen(Effect.mapError(alive, failed), write))
  })

  const flush = Effect.mapError(whole(Effect.tapError(outlet.flush, finish)), failed)
  const flushLater = Effect.suspend(() => {
    scheduled = false
    // A failure ends the connection: whoever sends next is told.
    return Effect.ignore(flush)
  })
  const schedule = Effect.suspend(() => {
    if (scheduled) return Effect.void
    scheduled = true
    return Effect.forkIn(flushLater, scope)
  })

  /** Sends payloads with all others of this turn of the event loop, in one write; waits when these are many. */
  const together = (payloads: ReadonlyArray<Uint8Array>): Effect.Effect<void, SendError> => {
    const reason = ended()
    if (reason !== undefined) return Effect.fail(failed(reason))
    const headers = Data.announceAll(terms, progress, payloads)
    if (Result.isFailure(headers)) return Effect.fail(failed(headers.failure))
    let room = true
    payloads.forEach((payload, index) => {
      room = outlet.hold(headers.success[index] ?? "", payload)
    })
    if (room && scheduled) return Effect.void
    // Scheduled in any case, so that what a sender held back goes out that is interrupted while it waits.
    return room ? Effect.asVoid(schedule) : Effect.andThen(schedule, flush)
  }

  // An original is sent each message in a write of its own.
  const sendPrinted = (payload: Uint8Array): Effect.Effect<void, SendError> =>
    terms.ours && isSmall(payload) ? together([payload]) : alone(kept(payload))

  const send = (value: Payload.Value): Effect.Effect<void, SendError> =>
    Effect.suspend(() => {
      printing.rewind(0)
      const printed = Payload.print(printing, terms.type, value)
      return Result.isFailure(printed) ? Effect.fail(failed(printed.failure)) : sendPrinted(printed.success)
    })

  const sendAll = (values: ReadonlyArray<Payload.Value>): Effect.Effect<void, SendError> =>
    Effect.suspend(() => {
      const payloads: Array<Uint8Array> = []
      printing.rewind(0)
      for (const value of values) {
        const printed = Payload.print(printing, terms.type, value)
        if (Result.isFailure(printed)) return Effect.fail(failed(printed.failure))
        payloads.push(printed.success)
      }
      if (terms.ours && payloads.every(isSmall)) return together(payloads)
      const sizes = Data.announceAll(terms, { ...progress }, payloads)
      return Result.isFailure(sizes)
        ? Effect.fail(failed(sizes.failure))
        : Effect.forEach(payloads.map(kept), sendPrinted, { discard: true })
    })

  const sendChunks = Effect.fnUntraced(function*<E>(payload: Chunked<E>): Effect.fn.Return<void, SendError | E> {
    if (terms.type !== "bytes" || terms.stream) {
      return yield* failed(
        new UnsendableValue({ type: terms.type, problem: "chunks are for bytes outside of a stream" })
      )
    }
    yield* ready
    const write = Effect.flatMap(
      announced(payload.size),
      (header) =>
        whole(Effect.tapError(outlet.writeChunks(toBytes(header), payload), (error) => {
          const reason = endOf(error)
          return reason === undefined ? Effect.void : finish(reason)
        }))
    )
    yield* turn.withPermit(Effect.andThen(Effect.mapError(alive, failed), write))
  })

  return { send, sendAll, sendChunks }
}

/** How an error of a writing ends the connection; `undefined` for one of the application's. */
const endOf = (error: unknown): EndReason | undefined => {
  if (!(error instanceof SendError)) return undefined
  const { reason } = error
  return reason._tag === "UnsendableValue" || reason._tag === "WrongSize" ? undefined : reason
}

/**
 * Quirk: what comes right behind ACCEPT finds an original listener without its handlers, and is lost. On a stream the
 * first answer to an original is lost as well, until its reader has gone round, which its probe shows.
 */
const readiness = ({ alive, probed, progress, readyAt, terms }: Writing): Effect.Effect<void, EndReason> =>
  Effect.suspend(() => {
    if (progress.sent || terms.ours) return Effect.void
    const settled = Effect.flatMap(now, (at) => at < readyAt ? Effect.sleep(readyAt - at) : Effect.void)
    const ready = terms.stream && progress.received ? Effect.andThen(settled, probed.await) : settled
    return Effect.andThen(ready, alive)
  })
