/** A joiner's life in a network across sessions: it joins, stays, and comes back while it may and should. */
import { Endpoint, Timeouts, type Transport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Deferred, Duration, Effect, Exit, type Pull, Result, Schedule, Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { JoinError, type SessionFailure } from "../PyileError.ts"
import type { Base } from "./Base.ts"
import * as Guest from "./Guest.ts"
import type { Status } from "./Status.ts"

/** A residence that has begun. */
export interface Residence {
  /** The joiner's address in the latest session. */
  readonly self: () => PeerAddress.PeerAddress
  readonly status: SubscriptionRef.SubscriptionRef<Status>
  /** Never succeeds: fails with what ended the residence for good. */
  readonly left: Effect.Effect<never, JoinError>
}

/** When to try again after a session ended, or after another try failed. */
export type Reconnect = Schedule.Schedule<unknown, SessionFailure>

interface Home {
  readonly stay: Guest.Stay
  readonly scope: Scope.Closeable
}

/** Joins, and stays for the scope's life. Fails with why the first attempt did not succeed. */
export const make = Effect.fnUntraced(function*(
  base: Base,
  invitation: Guest.Invitation,
  reconnect: Reconnect | undefined
): Effect.fn.Return<Residence, SessionFailure, Transport.Transport | Scope.Scope> {
  const { events, membership, messenger } = base
  const host = NetAddress.formatInet(invitation.host)
  const status = yield* SubscriptionRef.make<Status>({ _tag: "Joining" })
  const left = yield* Deferred.make<never, JoinError>()
  // Opened before the fiber that lives in them, so that it ends before they do and takes no leaving for a failure.
  const homes = yield* Scope.fork(yield* Effect.scope)

  const moveIn = Effect.gen(function*() {
    const scope = yield* Scope.fork(homes)
    const stay = yield* Guest.join(invitation).pipe(
      Scope.provide(scope),
      Effect.onError(() => Scope.close(scope, Exit.void))
    )
    membership.alsoAt(PeerAddress.host(stay.self))
    yield* SubscriptionRef.set(status, { _tag: "Joined" })
    yield* messenger.log("INFO", `joined the network of ${host}`)
    yield* events.publish([{ _tag: "Connected", peer: host }])
    yield* update(stay)(stay.peers)
    return { stay, scope }
  })

  const update = (stay: Guest.Stay): Guest.Update => (peers) =>
    Effect.suspend(() => {
      membership.replace(peers, stay.self, "Unlisted")
      return membership.announce
    })

  const moveOut = Effect.fnUntraced(function*(home: Home, reason: SessionFailure) {
    yield* Scope.close(home.scope, Exit.void)
    yield* messenger.log("WARNING", `the session ended: ${reason.message}`)
    yield* events.publish([{ _tag: "Closed", peer: host, reason: Endpoint.reasonOf(reason) }])
  })

  let home = yield* moveIn

  /** Tries until it is in again. Fails with why it never will be. */
  const comeBack = Effect.fnUntraced(function*(ended: SessionFailure, pause: Pause) {
    let reason = ended
    while (worthTrying(reason)) {
      if (Exit.isFailure(yield* Effect.exit(pause(reason)))) break
      const again = yield* Effect.result(moveIn)
      if (Result.isSuccess(again)) return again.success
      reason = again.failure
      yield* messenger.log("INFO", `could not join again: ${reason.message}`)
    }
    return yield* reason
  })

  /** Never succeeds: stays until one end is for good, and fails with it. */
  const remain = Effect.gen(function*() {
    let pause = yield* pauses(reconnect)
    while (true) {
      const since = yield* Timeouts.now
      const reason = yield* Effect.flip(home.stay.live(update(home.stay)))
      yield* moveOut(home, reason)
      if (reconnect === undefined) return yield* reason
      yield* SubscriptionRef.set(status, { _tag: "Reconnecting", reason: Endpoint.reasonOf(reason) })
      // Being admitted and thrown out again is a failed try too: only a stay begins the pauses anew.
      const stayed = (yield* Timeouts.now) - since > Duration.toMillis(base.config.silence)
      if (stayed) pause = yield* pauses(reconnect)
      home = yield* comeBack(reason, pause)
    }
  })

  yield* Effect.addFinalizer(() =>
    SubscriptionRef.update(status, (now): Status => now._tag === "Left" ? now : { _tag: "Left", reason: "Left" })
  )
  yield* Effect.forkScoped(Effect.catch(remain, (reason) =>
    Effect.andThen(
      SubscriptionRef.set(status, { _tag: "Left", reason: Endpoint.reasonOf(reason) }),
      Deferred.fail(left, new JoinError({ reason }))
    )))
  return { self: () => home.stay.self, status, left: Deferred.await(left) }
})

/** Waits as long as the schedule says, or fails when it says no more. */
type Pause = (reason: SessionFailure) => Pull.Pull<unknown, never, unknown>

const pauses = (reconnect: Reconnect | undefined): Effect.Effect<Pause> =>
  Schedule.toStepWithSleep(reconnect ?? Schedule.recurs(0))

/** A password that was wrong stays wrong, a ban is not to be outlived, and what cannot be understood will not be. */
const worthTrying = (reason: SessionFailure): boolean =>
  !["WrongPassword", "Banned", "IncompatiblePeer"].includes(reason._tag)
