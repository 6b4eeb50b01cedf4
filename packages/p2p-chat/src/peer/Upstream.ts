/** The connection to the peer that this one joins. Joins again after it ended, as long as the options say so. */
import { Endpoint, type Transport } from "@peerage/transport"
import { Link, Rejoining } from "@peerage/wire"
import { Effect, type Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { AlreadyReachable, JoinError, type Reason, reasonOf, type SessionFailure, TurnedAway } from "../ChatError.ts"
import * as Handshake from "../exchange/Handshake.ts"
import type { Router } from "./Router.ts"
import * as Routing from "./routing/Routing.ts"
import * as Session from "./Session.ts"

/** When to join again after the connection ended, or after another try failed. */
export type Rejoin = Rejoining.Rejoin<SessionFailure>

/** Which peer to join, and how. */
export interface Options {
  readonly transport: Transport.Transport["Service"]
  readonly address: NetAddress.InetAddress
  readonly rejoin: Rejoin | undefined
  /** Runs during each pause before another try. */
  readonly waiting: Rejoining.Retrying<SessionFailure>["waiting"]
  /** How often to try with another id when the id is taken. */
  readonly otherIds: number
}

/** The peer's router, and the state of its connection to the peer that it joins. */
export interface Upstream {
  readonly router: Router
  readonly status: SubscriptionRef.SubscriptionRef<Rejoining.Status<Reason>>
  /** Never succeeds: fails with what ended the connection for good. */
  readonly left: Effect.Effect<never, JoinError>
}

/** The upstream of a peer that joins no other. It never ends. */
export const none = (router: Router): Effect.Effect<Upstream> =>
  Effect.map(
    SubscriptionRef.make<Rejoining.Status<Reason>>({ _tag: "Joined" }),
    (status) => ({ router, status, left: Effect.never })
  )

/**
 * Joins, and stays for the scope's life. `begin` makes a router under an id, another one for each id that is tried. Fails
 * with the reason when the first attempt does not succeed.
 */
export const make = (
  options: Options,
  begin: Effect.Effect<Router>
): Effect.Effect<Upstream, SessionFailure, Scope.Scope> =>
  Effect.flatMap(begin, (router) => attempt(options, router)).pipe(
    Effect.retry({ times: options.otherIds, while: ({ _tag }) => _tag === "DuplicateId" })
  )

/** A session with the joined peer. */
interface Joined {
  readonly session: Session.Session
  /** True for all but the first. */
  readonly again: boolean
}

const attempt = Effect.fnUntraced(function*(
  options: Options,
  router: Router
): Effect.fn.Return<Upstream, SessionFailure, Scope.Scope> {
  const { left, status } = yield* Rejoining.make<Joined, SessionFailure, Reason>({
    join: (previous) => Effect.map(join(options, router), (session) => ({ session, again: previous !== undefined })),
    stay: ({ again, session }) =>
      again ? Effect.raceFirst(Session.run(session), leaveCircle(session)) : Session.run(session),
    rejoin: options.rejoin,
    mayRetry: (reason) => !Endpoint.isFinal(reason),
    waiting: options.waiting,
    lasting: router.config.keepAlive,
    reasonOf,
    ended: () => Effect.void,
    failed: ({ message }) => Effect.logDebug(`could not join again: ${message}`)
  })
  return { router, status, left: Effect.mapError(left, (reason) => new JoinError({ reason })) }
})

/**
 * Never succeeds: fails when joining again has closed a circle. That happens when several peers join each other in a
 * circle at the same moment; they learn of it from the announcements. After a first join no peer is behind this one that
 * could close a circle.
 */
const leaveCircle = ({ peer: { id }, router }: Session.Session): Effect.Effect<never, AlreadyReachable> =>
  Effect.gen(function*() {
    yield* Effect.sleep(router.config.handshakeTimeout)
    if (Routing.isInCircle((yield* router.state).table, id)) return yield* new AlreadyReachable({ id })
    return yield* Effect.never
  })

const join = Effect.fn("P2pChat.join")(function*(
  { address, transport }: Options,
  router: Router
): Effect.fn.Return<Session.Session, SessionFailure, Scope.Scope> {
  const { handshakeTimeout, keepAlive } = router.config
  const options = { ...Session.linkOptions(router), connectTimeout: handshakeTimeout, keepAlive, noDelay: true }
  const link = yield* Effect.mapError(Link.dial(transport, address, options), Endpoint.unreachable(address))
  const text = NetAddress.formatInet(address)
  const peer = yield* Effect.mapError(
    Handshake.initiate(link, router.self, handshakeTimeout),
    // A full peer sends FIN or RST; which of them arrives is a matter of timing.
    (error) => error._tag === "SocketError" || error._tag === "PeerClosed" ? new TurnedAway({ address: text }) : error
  )
  return yield* Effect.mapError(
    Session.attach({ router, link, peer }, { _tag: "Server", address: text }),
    ({ id }) => new AlreadyReachable({ id })
  )
})
