/** The sending half of an established connection: values and large payloads, each whole and in its turn. */
import { Effect, type Latch, Semaphore } from "effect"
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
  /** Fails when the connection is over. */
  readonly alive: Effect.Effect<void, EndReason>
}

/** The verbs of sending. */
export interface Outgoing {
  readonly send: (value: Payload.Value) => Effect.Effect<void, SendError>
  readonly sendChunks: <E>(payload: Chunked<E>) => Effect.Effect<void, SendError | E>
}

const failed = (reason: SendError["reason"]) => new SendError({ reason })

/** Makes the sending half. */
export const make = (writing: Writing): Outgoing => {
  const { alive, finish, outlet, progress, terms } = writing
  const turn = Semaphore.makeUnsafe(1)
  const ready = Effect.mapError(Effect.andThen(alive, readiness(writing)), failed)
  /** A message of which the rest will not come ends the connection: the other end would take what follows for it. */
  const whole = <E>(message: Effect.Effect<void, E>) =>
    Effect.onError(message, () =>
      Effect.suspend(() => {
        const torn = outlet.torn()
        return torn === undefined ? Effect.void : finish(torn)
      }))
  const announced = (size: number) =>
    Effect.mapError(Effect.suspend(() => Effect.fromResult(Data.announce(terms, progress, size))), failed)

  const send = Effect.fnUntraced(function*(value: Payload.Value): Effect.fn.Return<void, SendError> {
    const bytes = yield* Effect.mapError(Effect.fromResult(Payload.encode(terms.type, value)), failed)
    yield* ready
    const write = Effect.flatMap(
      announced(bytes.length),
      (header) => Effect.mapError(whole(Effect.tapError(outlet.write([...header, bytes]), finish)), failed)
    )
    // It may have ended while this one waited for its turn.
    yield* turn.withPermit(Effect.andThen(Effect.mapError(alive, failed), write))
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
      ([header = new Uint8Array(0)]) =>
        whole(Effect.tapError(outlet.writeChunks(header, payload), (error) => {
          const reason = endOf(error)
          return reason === undefined ? Effect.void : finish(reason)
        }))
    )
    yield* turn.withPermit(Effect.andThen(Effect.mapError(alive, failed), write))
  })

  return { send, sendChunks }
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
