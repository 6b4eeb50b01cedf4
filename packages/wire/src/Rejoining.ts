/**
 * A session that is joined again when it ends: while the schedule says so, and while another try may succeed. Written
 * once for every protocol in which one peer joins another.
 */
import { Timeouts } from "@peerage/transport"
import { Deferred, Duration, Effect, Exit, type Pull, Result, Schedule, Scope, SubscriptionRef } from "effect"

/** Where a peer stands in its network. `reason` names the error that ended its latest session or try. */
export type Status<Reason extends string = string> =
  /** The first session is being joined. */
  | { readonly _tag: "Joining" }
  | { readonly _tag: "Joined" }
  /** The session ended; another is being joined, or will be. */
  | { readonly _tag: "Reconnecting"; readonly reason: Reason }
  /** It is over. The reason of a peer that left by itself is "Left". */
  | { readonly _tag: "Left"; readonly reason: Reason | "Left" }

/** When to join again after a session ended, or after another try failed. It ends when the schedule does. */
export type Rejoin<E> = Schedule.Schedule<unknown, E>

/** Tries again after 1 s, then ever less often, at least every 30 s, a little at random, for ever. */
export const patiently: Schedule.Schedule<unknown> = Schedule.min([
  Schedule.exponential("1 second"),
  Schedule.spaced("30 seconds")
]).pipe(Schedule.jittered)

/** How to join, and how to stay. */
export interface Options<Session, E, Reason extends string> {
  /** Joins, after a `previous` session or for the first time. Leaving the scope leaves the network. */
  readonly join: (previous: Session | undefined) => Effect.Effect<Session, E, Scope.Scope>
  /** Never succeeds: fails with why the session ended. */
  readonly stay: (session: Session) => Effect.Effect<never, E>
  /** Default: never. */
  readonly rejoin: Rejoin<E> | undefined
  /** Whether joining again may succeed after this. */
  readonly mayRetry: (reason: E) => boolean
  /** A session that lasted longer begins the schedule anew: to be taken in and thrown out again is a failed try. */
  readonly lasting: Duration.Input
  /** The name of an error, for `Status`. */
  readonly reasonOf: (reason: E) => Reason
  /** Done after a session has ended and its scope is closed. */
  readonly ended: (session: Session, reason: E) => Effect.Effect<void>
  /** Done after joining again has failed. */
  readonly failed: (reason: E) => Effect.Effect<void>
}

/** A joined peer. */
export interface Rejoining<Session, E, Reason extends string> {
  /** The latest session. */
  readonly session: () => Session
  readonly status: SubscriptionRef.SubscriptionRef<Status<Reason>>
  /** Never succeeds: fails with what ended the last session for good. */
  readonly left: Effect.Effect<never, E>
}

interface Life<Session> {
  readonly session: Session
  readonly scope: Scope.Closeable
}

/** Waits as long as the schedule says. Fails when it has ended. */
type Pause<E> = (reason: E) => Pull.Pull<unknown, never, unknown>

const pauses = <E>(rejoin: Rejoin<E> | undefined): Effect.Effect<Pause<E>> =>
  Schedule.toStepWithSleep(rejoin ?? Schedule.recurs(0))

/** Joins and stays for the scope's life. Fails with why the first try did not succeed. */
export const make = Effect.fnUntraced(function*<Session, E, Reason extends string>(
  options: Options<Session, E, Reason>
): Effect.fn.Return<Rejoining<Session, E, Reason>, E, Scope.Scope> {
  const { ended, failed, join, lasting, mayRetry, reasonOf, rejoin, stay } = options
  const status = yield* SubscriptionRef.make<Status<Reason>>({ _tag: "Joining" })
  const left = yield* Deferred.make<never, E>()
  // Opened before the fiber that stays in them, so that it ends before they do and takes no leaving for a failure.
  const scopes = yield* Scope.fork(yield* Effect.scope)

  const begin = Effect.fnUntraced(function*(previous: Session | undefined) {
    const scope = yield* Scope.fork(scopes)
    const session = yield* join(previous).pipe(
      Scope.provide(scope),
      Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
    )
    yield* SubscriptionRef.set(status, { _tag: "Joined" })
    return { session, scope }
  })

  let life: Life<Session> = yield* begin(undefined)

  /** Tries until it is in again. Fails with why it never will be. */
  const again = Effect.fnUntraced(function*(previous: Session, first: E, pause: Pause<E>) {
    let reason = first
    while (mayRetry(reason) && Exit.isSuccess(yield* Effect.exit(pause(reason)))) {
      const joined = yield* Effect.result(begin(previous))
      if (Result.isSuccess(joined)) return joined.success
      reason = joined.failure
      yield* failed(reason)
    }
    return yield* Effect.fail(reason)
  })

  /** Never succeeds: fails with what ended the last session. */
  const remain = Effect.gen(function*() {
    let pause = yield* pauses(rejoin)
    while (true) {
      const { scope, session } = life
      const since = yield* Timeouts.now
      const reason = yield* Effect.flip(stay(session))
      yield* Scope.close(scope, Exit.fail(reason))
      yield* ended(session, reason)
      if (rejoin === undefined) return yield* Effect.fail(reason)
      yield* SubscriptionRef.set(status, { _tag: "Reconnecting", reason: reasonOf(reason) })
      const lasted = (yield* Timeouts.now) - since
      if (lasted > Duration.toMillis(Duration.fromInputUnsafe(lasting))) pause = yield* pauses(rejoin)
      life = yield* again(session, reason, pause)
    }
  })

  yield* Effect.addFinalizer(() =>
    SubscriptionRef.update(
      status,
      (now): Status<Reason> => now._tag === "Left" ? now : { _tag: "Left", reason: "Left" }
    )
  )
  yield* Effect.forkScoped(Effect.catch(remain, (reason) =>
    Effect.andThen(
      SubscriptionRef.set(status, { _tag: "Left", reason: reasonOf(reason) }),
      Deferred.fail(left, reason)
    )))
  return { session: () => life.session, status, left: Deferred.await(left) }
})
