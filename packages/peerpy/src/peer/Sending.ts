/**
 * The sending half of an established connection: values and large payloads, each whole and in its turn. Between two
 * extended peers all small ones of one turn of the event loop go out in one write, as a write for each would be most of
 * the work. An original is sent each message in a write of its own.
 */
import { Timeouts } from "@peerage/transport"
import { Ascii } from "@peerage/wire"
import { Deferred, Duration, Effect, MutableRef, Result } from "effect"
import * as Payload from "../codec/Payload.ts"
import * as Data from "../exchange/Data.ts"
import type { Chunked } from "../exchange/PieceWriter.ts"
import { type EndReason, SendError, UnsendableValue } from "../PeerPyError.ts"
import type { SessionContext } from "./PeerContext.ts"

// Bytes of a payload that goes out with others: a larger one costs more to copy than a write of its own.
const smallBytes = 8192

const isSmall = ({ length }: Uint8Array): boolean => length <= smallBytes
const failed = (reason: SendError["reason"]) => new SendError({ reason })

/** Makes the sending half. `probed`: see `Receiving`. */
export const make = Effect.fnUntraced(function*(session: SessionContext, probed: Deferred.Deferred<void>) {
  const { config, initiated, progress, terms, writer } = session
  const readyAt = initiated ? (yield* Timeouts.now) + Duration.toMillis(config.settleFor) : 0
  const ready = Effect.mapError(readiness(session, readyAt, probed), failed)
  const printing = new Ascii.Ascii()
  /** A payload that waits must not be lost when the next value is printed. */
  const kept = (payload: Uint8Array) => terms.type === "json" ? payload.slice() : payload

  /** Announces payloads: their headers, where they can be sent. */
  const announce = (payloads: ReadonlyArray<{ readonly length: number }>) => {
    const [headers, after] = Data.announce(terms, MutableRef.get(progress), payloads)
    MutableRef.set(progress, after)
    return Result.mapError(headers, failed)
  }

  const together = (payloads: ReadonlyArray<Uint8Array>): Effect.Effect<void, SendError> => {
    const headers = announce(payloads)
    return Result.isFailure(headers) ? headers.failure : writer.writeTogether(headers.success, payloads)
  }

  const announceOne = (length: number): Effect.Effect<string, SendError> =>
    Effect.suspend(() => Effect.fromResult(Result.map(announce([{ length }]), ([header = ""]) => header)))

  const alone = (payload: Uint8Array): Effect.Effect<void, SendError> =>
    Effect.andThen(ready, writer.write(announceOne(payload.length), payload))

  const sendPrinted = (payload: Uint8Array): Effect.Effect<void, SendError> =>
    terms.extended && isSmall(payload) ? together([payload]) : alone(kept(payload))

  const send = (value: Payload.Value): Effect.Effect<void, SendError> =>
    Effect.suspend(() => {
      printing.rewind(0)
      const printed = Payload.print(printing, terms.type, value)
      return Result.isFailure(printed) ? failed(printed.failure) : sendPrinted(printed.success)
    })

  const sendAll = (values: ReadonlyArray<Payload.Value>): Effect.Effect<void, SendError> =>
    Effect.suspend(() => {
      const payloads: Array<Uint8Array> = []
      printing.rewind(0)
      for (const value of values) {
        const printed = Payload.print(printing, terms.type, value)
        if (Result.isFailure(printed)) return failed(printed.failure)
        payloads.push(printed.success)
      }
      if (terms.extended && payloads.every(isSmall)) return together(payloads)
      const copies = payloads.map(kept)
      const [headers] = Data.announce(terms, MutableRef.get(progress), payloads)
      return Result.isFailure(headers)
        ? failed(headers.failure)
        : Effect.forEach(copies, sendPrinted, { discard: true })
    })

  const sendChunks = Effect.fnUntraced(function*<E>(payload: Chunked<E>): Effect.fn.Return<void, SendError | E> {
    if (terms.type !== "bytes" || terms.stream) {
      const problem = "chunks are for bytes outside of a stream"
      return yield* failed(new UnsendableValue({ type: terms.type, problem }))
    }
    yield* ready
    yield* writer.writeChunks(announceOne(payload.size), payload)
  })

  return { send, sendAll, sendChunks }
})

/** The sending half of one connection. */
export type Sending = Effect.Success<ReturnType<typeof make>>

/**
 * Quirk: what comes right behind ACCEPT finds an original listener without its handlers, and is lost. On a stream the
 * first answer to an original is lost as well, until its reader has come round, which its probe shows.
 */
const readiness = (
  { progress, terms }: SessionContext,
  readyAt: number,
  probed: Deferred.Deferred<void>
): Effect.Effect<void, EndReason> => {
  if (terms.extended) return Effect.void
  const settled = Effect.flatMap(Timeouts.now, (now) => now < readyAt ? Timeouts.pause(readyAt - now) : Effect.void)
  return Effect.suspend(() => {
    const { ended, received, sent } = MutableRef.get(progress)
    if (ended !== undefined) return Effect.fail(ended)
    if (sent) return Effect.void
    return terms.stream && received ? Effect.andThen(settled, Deferred.await(probed)) : settled
  })
}
