/**
 * A session that is joined again when it ends: while the schedule says so, and while another try may succeed. Written
 * once for every protocol in which one peer joins another.
 */
import { Timeouts } from "@peerage/transport"
import {
  Cause,
  Deferred,
  Duration,
  Effect,
  Exit,
  Option,
  Pull,
  Result,
  Schedule,
  Schema,
  Scope,
  SubscriptionRef
} from "effect"

/** Where a peer stands in its network. `reason` is the tag of the error that ended its latest session or try. */
export const Status = Schema.TaggedUnion({
  /** The first session is being joined. */
  Joining: {},
  Joined: {},
  /** The session ended; another is being joined, or will be. */
  Reconnecting: { reason: Schema.String },
  /** It is over. The reason is "Left" where the peer left by itself, and "Defect" where a bug ended it. */
  Left: { reason: Schema.String }
})
export type Status = typeof Status.Type

/** When to join again after a session ended, or after another try failed. It ends when the schedule does. */
export type Rejoin<E> = Schedule.Schedule<unknown, E>

/** Tries again after 1 s, then ever less often, at least every 30 s, a little at random, for ever. */
export const patiently: Schedule.Schedule<unknown> = Schedule.min([
  Schedule.exponential("1 second"),
  Schedule.spaced("30 seconds")
]).pipe(Schedule.jittered)

/** How to join, and how to stay. */
export interface Options<Session, E> {
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
  /** The tag of an error, for `Status`. */
  readonly reasonOf: (reason: E) => string
  /** Done after a session has ended and its scope is closed. */
  readonly ended: (session: Session, reason: E) => Effect.Effect<void>
  /** Done after joining again has failed. */
  readonly failed: (reason: E) => Effect.Effect<void>
}

/** A joined peer. */
export interface Rejoining<Session, E> {
  /** The latest session. */
  readonly session: () => Session
  readonly status: SubscriptionRef.SubscriptionRef<Status>
  /** Never succeeds: fails with what ended the last session for good. */
  readonly left: Effect.Effect<never, E>
}

interface Life<Session> {
  readonly session: Session
  readonly scope: Scope.Closeable
}

/** Waits as long as the schedule says. Done when it has ended. */
type Pause<E> = (reason: E) => Pull.Pull<unknown, never, unknown>

const pauses = <E>(rejoin: Rejoin<E> | undefined): Effect.Effect<Pause<E>> =>
  Schedule.toStepWithSleep(rejoin ?? Schedule.recurs(0))

/** True after the pause, false where the schedule has ended. */
const waited = <E>(pause: Pause<E>, reason: E): Effect.Effect<boolean> =>
  Pull.catchDone(Effect.as(pause(reason), true), () => Effect.succeed(false))

/** Joins and stays for the scope's life. Fails with why the first try did not succeed. */
export const make = Effect.fnUntraced(function*<Session, E>(
  options: Options<Session, E>
): Effect.fn.Return<Rejoining<Session, E>, E, Scope.Scope> {
  const { ended, failed, join, lasting, mayRetry, reasonOf, rejoin, stay } = options
  const status = yield* SubscriptionRef.make<Status>({ _tag: "Joining" })
  const left = yield* Deferred.make<never, E>()
  // Opened before the fiber that stays in them: it ends before they do, and takes no leaving for a failure.
  const scopes = yield* Scope.fork(yield* Effect.scope)

  const begin = Effect.fnUntraced(function*(previous: Session | undefined) {
    const scope = yield* Scope.fork(scopes)
    const session = yield* join(previous).pipe(
      Scope.provide(scope),
      Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
    )
    return { session, scope }
  })

  let life: Life<Session> = yield* begin(undefined)
  yield* SubscriptionRef.set(status, { _tag: "Joined" })

  /** Tries until it is in again. Fails with why it never will be. */
  const again = Effect.fnUntraced(function*(previous: Session, first: E, pause: Pause<E>) {
    let reason = first
    while (mayRetry(reason) && (yield* waited(pause, reason))) {
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
      const lasted = (yield* Timeouts.now) - since
      yield* Scope.close(scope, Exit.fail(reason))
      yield* ended(session, reason)
      if (rejoin === undefined) return yield* Effect.fail(reason)
      yield* SubscriptionRef.set(status, { _tag: "Reconnecting", reason: reasonOf(reason) })
      if (lasted > Duration.toMillis(Duration.fromInputUnsafe(lasting))) pause = yield* pauses(rejoin)
      life = yield* again(session, reason, pause)
      // Only now, as an observer may ask for the session.
      yield* SubscriptionRef.set(status, { _tag: "Joined" })
    }
  })

  const leave = Effect.fnUntraced(function*(cause: Cause.Cause<E>) {
    // Interrupted: the scope is being left, which is no failure.
    if (Cause.hasInterruptsOnly(cause)) return
    const reason = Option.match(Cause.findErrorOption(cause), { onNone: () => "Defect", onSome: reasonOf })
    yield* SubscriptionRef.set(status, { _tag: "Left", reason })
    yield* Deferred.failCause(left, cause)
  })

  yield* Effect.addFinalizer(() =>
    SubscriptionRef.update(status, (now): Status => now._tag === "Left" ? now : { _tag: "Left", reason: "Left" })
  )
  yield* Effect.forkScoped(Effect.catchCause(remain, leave))
  return { session: () => life.session, status, left: Deferred.await(left) }
})
