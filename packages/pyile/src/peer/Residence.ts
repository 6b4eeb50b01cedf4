/** A joiner's life in a network across sessions: it joins, stays, and comes back while it may and should. */
import type { Transport } from "@peerage/transport"
import { Deferred, Effect, Exit, type Schedule, Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as PeerAddress from "../codec/PeerAddress.ts"
import { reasonOf } from "../exchange/Dial.ts"
import { JoinError, type SessionFailure } from "../PyileError.ts"
import type { Base } from "./Base.ts"
import * as Guest from "./Guest.ts"
import type { Status } from "./Status.ts"

/** A residence that has begun. */
export interface Residence {
  readonly self: PeerAddress.PeerAddress
  readonly status: SubscriptionRef.SubscriptionRef<Status>
  /** Never succeeds: fails with what ended the residence for good. */
  readonly left: Effect.Effect<never, JoinError>
}

/** When to try again after a session ended. */
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
  const whole = yield* Effect.scope

  const moveIn = Effect.gen(function*() {
    const scope = yield* Scope.fork(whole)
    const stay = yield* Guest.join(invitation).pipe(
      Scope.provide(scope),
      Effect.onError(() => Scope.close(scope, Exit.void))
    )
    membership.alsoAt(PeerAddress.host(stay.self))
    yield* SubscriptionRef.set(status, { _tag: "Joined" })
    yield* messenger.log("INFO", `joined the network of ${host}`)
    yield* events.publish([{ _tag: "Connected", peer: host }])
    yield* membership.replace(stay.peers, stay.self, "Unlisted")
    return { stay, scope }
  })

  const moveOut = Effect.fnUntraced(function*(home: Home, reason: SessionFailure) {
    yield* Scope.close(home.scope, Exit.void)
    yield* messenger.log("WARNING", `the session ended: ${reason.message}`)
    yield* events.publish([{ _tag: "Closed", peer: host, reason: reasonOf(reason) }])
  })

  const leaveForGood = (reason: SessionFailure) =>
    SubscriptionRef.set(status, { _tag: "Left", reason: reasonOf(reason) }).pipe(
      Effect.andThen(Deferred.fail(left, new JoinError({ reason })))
    )

  /** Stays until one end is for good. */
  const remain = Effect.fnUntraced(function*(first: Home) {
    let home = first
    while (true) {
      const reason = yield* Effect.flip(
        home.stay.live((peers) => membership.replace(peers, home.stay.self, "Unlisted"))
      )
      yield* moveOut(home, reason)
      if (reconnect === undefined) return yield* leaveForGood(reason)
      yield* SubscriptionRef.set(status, { _tag: "Reconnecting", reason: reasonOf(reason) })
      const again = yield* Effect.exit(Effect.retry(moveIn, { schedule: reconnect, while: worthTrying }))
      if (Exit.isFailure(again)) return yield* Effect.catch(again, leaveForGood)
      home = again.value
    }
  })

  const first = yield* moveIn
  yield* Effect.forkScoped(remain(first))
  yield* Effect.addFinalizer(() => SubscriptionRef.set(status, { _tag: "Left", reason: "Left" }))
  return { self: first.stay.self, status, left: Deferred.await(left) }
})

/** A password that was wrong stays wrong, a ban is not to be outlived, and what cannot be understood will not be. */
const worthTrying = (reason: SessionFailure): boolean =>
  !["WrongPassword", "Banned", "IncompatiblePeer"].includes(reason._tag)
