/** The connection to the peer through which this one joined: made, kept, and made again while it may be. */
import { Endpoint, Timeouts, type Transport } from "@peerage/transport"
import type { PipeLink } from "@peerage/wire"
import { Deferred, Duration, Effect, Exit, type Pull, Result, Schedule, Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { AlreadyReachable, JoinError, type SessionFailure, TurnedAway } from "../ChatError.ts"
import * as Handshake from "../exchange/Handshake.ts"
import type { Events } from "./Events.ts"
import type { Neighbour } from "./Neighbour.ts"
import type { Router } from "./Router.ts"
import * as Session from "./Session.ts"
import type { Status } from "./Status.ts"

/** When to join again after the connection ended, or after another try failed. */
export type Rejoin = Schedule.Schedule<unknown, SessionFailure>

/** Whom to join, and how. */
export interface Invitation {
  readonly transport: Transport.Transport["Service"]
  readonly events: Events
  readonly address: NetAddress.InetAddress
  readonly rejoin: Rejoin | undefined
  /** How often to try with another id where the id is taken. */
  readonly otherIds: number
}

/** Where a peer stands with the peer it joined. */
export interface Membership {
  readonly status: SubscriptionRef.SubscriptionRef<Status>
  /** Never succeeds: fails with what ended the membership for good. */
  readonly left: Effect.Effect<never, JoinError>
}

/** A connection to the joined peer, and what it lives in. */
interface Home {
  readonly neighbour: Neighbour
  readonly scope: Scope.Closeable
  /** Never succeeds: fails with why the connection ended. */
  readonly converse: Effect.Effect<never, SessionFailure>
}

/** The membership of a peer that joins nobody: it never ends. */
export const none: Effect.Effect<Membership> = Effect.map(
  SubscriptionRef.make<Status>({ _tag: "Joined" }),
  (status) => ({ status, left: Effect.never })
)

/**
 * Joins, and stays for the scope's life. `begin` makes a router under an id, anew for each id tried. Fails with why the
 * first attempt did not succeed.
 */
export const make = Effect.fnUntraced(function*(
  invitation: Invitation,
  begin: Effect.Effect<Router>
): Effect.fn.Return<Membership & { readonly router: Router }, SessionFailure, Scope.Scope> {
  // Opened before the fiber that lives in them, so that it ends before they do and takes no leaving for a failure.
  const homes = yield* Scope.fork(yield* Effect.scope)
  const attempt = Effect.flatMap(
    begin,
    (router) => Effect.map(moveIn(invitation, router, homes), (home) => ({ router, home }))
  )
  const { home, router } = yield* Effect.retry(attempt, {
    times: invitation.otherIds,
    while: ({ _tag }) => _tag === "DuplicateId"
  })
  const status = yield* SubscriptionRef.make<Status>({ _tag: "Joined" })
  const left = yield* Deferred.make<never, JoinError>()
  const again = Effect.map(moveIn(invitation, router, homes), (home) => ({
    ...home,
    converse: Effect.raceFirst(home.converse, avoidCircle(router, home.neighbour))
  }))
  const enter = (reason: SessionFailure, pause: Pause) => comeBack(again, reason, pause)
  yield* Effect.addFinalizer(() =>
    SubscriptionRef.update(status, (was): Status => was._tag === "Left" ? was : { _tag: "Left", reason: "Left" })
  )
  yield* Effect.forkScoped(Effect.catch(remain(invitation, { router, home, status, enter }), (reason) =>
    Effect.andThen(
      SubscriptionRef.set(status, { _tag: "Left", reason: Endpoint.reasonOf(reason) }),
      Deferred.fail(left, new JoinError({ reason }))
    )))
  return { router, status, left: Deferred.await(left) }
})

/** Joins, in a scope of its own. */
const moveIn = Effect.fnUntraced(function*(
  invitation: Invitation,
  router: Router,
  homes: Scope.Scope
): Effect.fn.Return<Home, SessionFailure> {
  const scope = yield* Scope.fork(homes)
  const { link, neighbour } = yield* join(invitation, router).pipe(
    Scope.provide(scope),
    Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
  )
  const address = NetAddress.formatInet(invitation.address)
  yield* invitation.events.publish([{ _tag: "Connected", peer: neighbour.id, address }])
  // Now, so that whoever has just joined finds the joined peer among `peers`.
  yield* router.tell
  return { scope, neighbour, converse: Session.converse(router, link, neighbour) }
})

/**
 * Never succeeds: fails when joining again has closed a circle, as it does where several do at the same moment who have
 * each other to join. They know of it once the news has gone round. A first joiner has nobody with it to be reached by.
 */
const avoidCircle = ({ config, isEncircled }: Router, { id }: Neighbour): Effect.Effect<never, AlreadyReachable> =>
  Effect.flatMap(
    Effect.sleep(config.handshakeTimeout),
    () => isEncircled(id) ? Effect.fail(new AlreadyReachable({ id })) : Effect.never
  )

const join = Effect.fn("P2pChat.join")(function*(
  { address, transport }: Invitation,
  router: Router
): Effect.fn.Return<{ readonly link: PipeLink.PipeLink; readonly neighbour: Neighbour }, SessionFailure, Scope.Scope> {
  const { handshakeTimeout, keepAlive } = router.config
  const connect = transport.connect(address, { connectTimeout: handshakeTimeout, keepAlive, noDelay: true })
  const link = yield* Effect.mapError(Session.open(connect, router.config), Endpoint.unreachable(address))
  const server = yield* Effect.mapError(
    Handshake.initiate(link, router.self, handshakeTimeout),
    // Whether one that is full sends FIN or RST is a matter of who was quicker.
    (error) =>
      error._tag === "SocketError" || error._tag === "PeerClosed"
        ? new TurnedAway({ address: NetAddress.formatInet(address) })
        : error
  )
  const neighbour = yield* Effect.mapError(
    Session.attach(router, link, { ...server, role: "Server" }),
    ({ id }) => new AlreadyReachable({ id })
  )
  return { link, neighbour }
})

interface Life {
  readonly router: Router
  readonly home: Home
  readonly status: SubscriptionRef.SubscriptionRef<Status>
  /** Joins again, for as long as that is worth trying. */
  readonly enter: (ended: SessionFailure, pause: Pause) => Effect.Effect<Home, SessionFailure>
}

/** Never succeeds: stays until one end is for good, and fails with it. */
const remain = Effect.fnUntraced(function*(
  { address, events, rejoin }: Invitation,
  { enter, home: first, router, status }: Life
): Effect.fn.Return<never, SessionFailure> {
  let home = first
  let pause = yield* pauses(rejoin)
  while (true) {
    const since = yield* Timeouts.now
    const reason = yield* Effect.flip(home.converse)
    yield* Scope.close(home.scope, Exit.fail(reason))
    const peer = home.neighbour.id
    const closed = { address: NetAddress.formatInet(address), reason: Endpoint.reasonOf(reason) }
    yield* events.publish([{ _tag: "Closed", peer, ...closed }])
    if (rejoin === undefined) return yield* reason
    yield* SubscriptionRef.set(status, { _tag: "Reconnecting", reason: closed.reason })
    // Being taken in and lost again at once is a failed try too: only a stay begins the pauses anew.
    const stayed = (yield* Timeouts.now) - since > Duration.toMillis(router.config.keepAlive)
    if (stayed) pause = yield* pauses(rejoin)
    home = yield* enter(reason, pause)
    yield* SubscriptionRef.set(status, { _tag: "Joined" })
  }
})

/** Waits as long as the schedule says, or fails when it says no more. */
type Pause = (reason: SessionFailure) => Pull.Pull<unknown, never, unknown>

const pauses = (rejoin: Rejoin | undefined): Effect.Effect<Pause> =>
  Schedule.toStepWithSleep(rejoin ?? Schedule.recurs(0))

/** Tries until it is in again. Fails with why it never will be. */
const comeBack = Effect.fnUntraced(function*(
  moveIn: Effect.Effect<Home, SessionFailure>,
  ended: SessionFailure,
  pause: Pause
): Effect.fn.Return<Home, SessionFailure> {
  let reason = ended
  while (Exit.isSuccess(yield* Effect.exit(pause(reason)))) {
    const again = yield* Effect.result(moveIn)
    if (Result.isSuccess(again)) return again.success
    reason = again.failure
    yield* Effect.logDebug(`could not join again: ${reason.message}`)
  }
  return yield* reason
})
