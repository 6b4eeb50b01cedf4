/**
 * The sending half of a link: each message in a write of its own, or all of one turn of the event loop in one write.
 *
 * The turn is the Effect scheduler's: the flush is a fiber forked by the first send, which starts when the fibers that
 * run now have had their turn (so TestClock waits for it like for any fiber).
 */
import { SocketFailure } from "@peerage/transport"
import { Bytes, Effect, Fiber, type Scope, Semaphore } from "effect"
import { isReadonlyArrayNonEmpty } from "effect/Array"
import type { SocketError, Writer } from "effect/socket/Socket"

/** The two verbs of sending bytes. */
export interface Outbox {
  readonly send: (bytes: Uint8Array) => Effect.Effect<void, SocketError>
  readonly flush: Effect.Effect<void, SocketError>
}

const defaultMaxBytes = 65_536

/**
 * Makes the sending half. In the scope: leaving it hands over what is held back, without waiting for a slow peer, and
 * fails every later send, which would wait for a new connection for ever.
 */
export const make = (
  writer: Writer,
  coalesce: boolean | { readonly maxBytes: number }
): Effect.Effect<Outbox, never, Scope.Scope> =>
  coalesce === false ? alone(writer) : coalescing(writer, coalesce === true ? defaultMaxBytes : coalesce.maxBytes)

const alone = Effect.fnUntraced(function*(writer: Writer): Effect.fn.Return<Outbox, never, Scope.Scope> {
  let left = false
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      left = true
    })
  )
  const state = Effect.suspend(() => left ? Effect.fail(SocketFailure.closed(1006)) : Effect.void)
  return {
    send: (bytes) => Effect.suspend(() => left ? state : writer.writeAll([bytes])),
    flush: state
  }
})

const coalescing = Effect.fnUntraced(function*(
  writer: Writer,
  maxBytes: number
): Effect.fn.Return<Outbox, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const turn = Semaphore.makeUnsafe(1)
  let held: Array<Uint8Array> = []
  let heldBytes = 0
  let scheduled = false
  let broken: SocketError | undefined

  const writeHeld = Effect.suspend(() => {
    if (broken !== undefined) return Effect.fail(broken)
    if (!isReadonlyArrayNonEmpty(held)) return Effect.void
    const bytes = held.length === 1 ? held[0] : Bytes.concat(held)
    held = []
    heldBytes = 0
    return Effect.tapError(writer.writeAll([bytes]), (error) =>
      Effect.sync(() => {
        broken = error
        held = []
        heldBytes = 0
      }))
  })
  const flush = turn.withPermit(writeHeld)
  const flushScheduled = Effect.suspend(() => {
    scheduled = false
    // The failure is kept: the next send and the next flush report it.
    return Effect.ignore(flush)
  })

  const schedule = Effect.suspend(() => {
    if (scheduled) return Effect.void
    scheduled = true
    return Effect.forkIn(flushScheduled, scope)
  })

  const send = (bytes: Uint8Array): Effect.Effect<void, SocketError> =>
    Effect.suspend(() => {
      if (broken !== undefined) return Effect.fail(broken)
      held.push(bytes)
      heldBytes += bytes.length
      // Scheduled in any case, so that the bytes of a sender that is interrupted while it waits go out as well.
      return heldBytes >= maxBytes ? Effect.andThen(schedule, flush) : Effect.asVoid(schedule)
    })

  yield* Effect.addFinalizer(() =>
    Effect.gen(function*() {
      // Handing over happens when the fiber starts; what it then waits for is the peer.
      const handover = yield* Effect.forkDetach(Effect.ignore(writeHeld), { startImmediately: true })
      broken ??= SocketFailure.closed(1006)
      yield* Fiber.interrupt(handover)
    })
  )
  return { send, flush }
})
