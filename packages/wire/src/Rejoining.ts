/**
 * Joins a network again when a session ends, while a schedule says so and another try may succeed. Written once for all
 * protocols in which one peer joins another.
 */
import { OptionValue, Timeouts } from "@peerage/transport"
import {
  Cause,
  Clock,
  Deferred,
  Duration,
  Effect,
  Exit,
  Option,
  Pull,
  Result,
  Schedule,
  Scope,
  SubscriptionRef
} from "effect"

/** Whether a peer is in its network. `reason` names the error that ended its latest session or try. */
export type Status<Reason extends string = string> =
  /** The first session is being joined. */
  | { readonly _tag: "Joining" }
  | { readonly _tag: "Joined" }
  /** The session ended. The peer waits to join again, or is joining. */
  | { readonly _tag: "Reconnecting"; readonly reason: Reason }
  /** It is over. "Left" means that the peer left by itself, "Defect" that a bug ended it. */
  | { readonly _tag: "Left"; readonly reason: Reason | "Left" | "Defect" }

/** When to join again after a session ended or a try failed. The peer gives up when the schedule ends. */
export type Rejoin<E> = Schedule.Schedule<unknown, E>

/** Tries for ever: after 1 s, then after twice as long each time, up to 30 s, with jitter. */
export const patiently: Schedule.Schedule<unknown> = Schedule.min([
  Schedule.exponential("1 second"),
  Schedule.spaced("30 seconds")
]).pipe(Schedule.jittered)

/** A try that failed or a session that ended, and how long it takes until the next try. */
export interface Retry<E> {
  readonly reason: E
  readonly pause: Duration.Duration
}

/** When to try again, and what happens until then. */
export interface Retrying<E> {
  /** Whether another try may succeed after this reason. */
  readonly mayRetry: (reason: E) => boolean
  /** The shortest pause after this reason, whatever the schedule says. Default: none. */
  readonly notBefore?: ((reason: E) => Duration.Input) | undefined
  /** Runs during each pause, as a countdown may, and is interrupted at its end. */
  readonly waiting?: ((retry: Retry<E>) => Effect.Effect<void>) | undefined
}

/** How to join, and how to stay. */
export interface Options<Session, E, Reason extends string> extends Retrying<E> {
  /** Joins, after a `previous` session or for the first time. Leaving the scope leaves the network. */
  readonly join: (previous: Session | undefined) => Effect.Effect<Session, E, Scope.Scope>
  /** Never succeeds: fails with why the session ended. */
  readonly stay: (session: Session) => Effect.Effect<never, E>
  /** Default: never. */
  readonly rejoin: Rejoin<E> | undefined
  /** After a session longer than this the schedule begins anew. A shorter session counts as a failed try. */
  readonly lasting: Duration.Input
  /** The name of an error, for `Status`. */
  readonly reasonOf: (reason: E) => Reason
  /** Runs after a session has ended and its scope is closed. */
  readonly ended: (session: Session, reason: E) => Effect.Effect<void>
  /** Runs after a try to join again has failed. */
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

/** Waits until the next try, or fails with the reason where there is none. */
const pausing = <E>({ mayRetry, notBefore, waiting }: Retrying<E>, rejoin: Rejoin<E>) =>
  Effect.map(Schedule.toStep(rejoin), (step) =>
    Effect.fnUntraced(function*(reason: E): Effect.fn.Return<void, E> {
      if (!mayRetry(reason)) return yield* Effect.fail(reason)
      const next = step(yield* Clock.currentTimeMillis, reason)
      const [, scheduled] = yield* Pull.catchDone(next, () => Effect.fail(reason))
      const pause = Duration.max(scheduled, Duration.fromInputUnsafe(notBefore?.(reason) ?? 0))
      const rest = Effect.sleep(pause)
      yield* waiting === undefined
        ? rest
        : Effect.raceFirst(rest, Effect.andThen(waiting({ reason, pause }), Effect.never))
    }))

/**
 * Tries until something is made, as a peer that joins: each try has a scope of its own, which lasts with the caller's
 * where it succeeds. Fails with why no other try may succeed.
 */
export const persistently = <A, E, R>(
  make: Effect.Effect<A, E, R>,
  rejoin: Rejoin<E>,
  retrying: Retrying<E>
): Effect.Effect<A, E, R | Scope.Scope> =>
  Effect.gen(function*() {
    const outer = yield* Effect.scope
    const pause = yield* pausing(retrying, rejoin)
    while (true) {
      const scope = yield* Scope.fork(outer)
      const made = yield* Effect.provideService(make, Scope.Scope, scope).pipe(
        Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))),
        Effect.result
      )
      if (Result.isSuccess(made)) return made.success
      yield* pause(made.failure)
    }
  })

/** Joins and stays for the scope's life. Fails with why the first try did not succeed. */
export const make = Effect.fnUntraced(function*<Session, E, Reason extends string>(
  options: Options<Session, E, Reason>
): Effect.fn.Return<Rejoining<Session, E, Reason>, E, Scope.Scope> {
  const { ended, failed, join, lasting, reasonOf, rejoin, stay } = options
  OptionValue.check("lasting of Rejoining.make", lasting, OptionValue.time)
  const status = yield* SubscriptionRef.make<Status<Reason>>({ _tag: "Joining" })
  const left = yield* Deferred.make<never, E>()
  // Opened before the fiber that uses them: the fiber ends first, and does not take leaving for a failure.
  const scopes = yield* Scope.fork(yield* Effect.scope)

  const begin = Effect.fnUntraced(function*(previous: Session | undefined) {
    const scope = yield* Scope.fork(scopes)
    const session = yield* join(previous).pipe(
      Scope.provide(scope),
      Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
    )
    return { session, scope }
  })

  let life = yield* begin(undefined)
  yield* SubscriptionRef.set(status, { _tag: "Joined" })

  // Each begins the schedule anew, and waits as long as that says. Done when it has ended.
  const pauses = pausing(options, rejoin ?? Schedule.recurs(0))

  /** Tries until it has joined. Fails with the reason of the last try. */
  const again = Effect.fnUntraced(function*(previous: Session, first: E, pause: Effect.Success<typeof pauses>) {
    let reason = first
    while (true) {
      yield* pause(reason)
      const joined = yield* Effect.result(begin(previous))
      if (Result.isSuccess(joined)) return joined.success
      reason = joined.failure
      yield* failed(reason)
    }
  })

  /** Never succeeds: fails with what ended the last session. */
  const remain = Effect.gen(function*() {
    let pause = yield* pauses
    while (true) {
      const { scope, session } = life
      const since = yield* Timeouts.now
      const reason = yield* Effect.flip(stay(session))
      const lasted = (yield* Timeouts.now) - since
      yield* Scope.close(scope, Exit.fail(reason))
      yield* ended(session, reason)
      if (rejoin === undefined) return yield* Effect.fail(reason)
      yield* SubscriptionRef.set(status, { _tag: "Reconnecting", reason: reasonOf(reason) })
      if (lasted > Duration.toMillis(Duration.fromInputUnsafe(lasting))) pause = yield* pauses
      life = yield* again(session, reason, pause)
      // Only now, as an observer may ask for the session.
      yield* SubscriptionRef.set(status, { _tag: "Joined" })
    }
  })

  const leave = Effect.fnUntraced(function*(cause: Cause.Cause<E>) {
    // An interruption: the scope is being left, which is not a failure.
    if (Cause.hasInterruptsOnly(cause)) return
    const reason = Option.match(Cause.findErrorOption(cause), { onNone: () => "Defect" as const, onSome: reasonOf })
    yield* SubscriptionRef.set(status, { _tag: "Left", reason })
    yield* Deferred.failCause(left, cause)
  })

  yield* Effect.addFinalizer(() =>
    SubscriptionRef.update(
      status,
      (now): Status<Reason> => now._tag === "Left" ? now : { _tag: "Left", reason: "Left" }
    )
  )
  yield* Effect.forkScoped(Effect.catchCause(remain, leave))
  return { session: () => life.session, status, left: Deferred.await(left) }
})
