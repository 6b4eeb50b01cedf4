/** Accepts joiners: each connection is a session. Reports the connections that were refused. */
import { Endpoint, type Listener, Places, type Transport } from "@peerage/transport"
import { Link, Traced } from "@peerage/wire"
import { Cause, Effect, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { ChatConfig } from "../ChatConfig.ts"
import { DuplicateId, type ListenFailed, reasonOf, type SessionFailure } from "../ChatError.ts"
import * as Handshake from "../exchange/Handshake.ts"
import type { Events } from "./Events.ts"
import type { Router } from "./Router.ts"
import * as RouterState from "./router/RouterState.ts"
import * as Session from "./Session.ts"

/** Listens for the scope's life. */
export const open = (
  transport: Transport.Transport["Service"],
  address: NetAddress.InetAddress,
  { keepAlive, maxConnections, maxHandshakes }: ChatConfig
): Effect.Effect<Listener.Listener, ListenFailed, Scope.Scope> =>
  // As many as shake hands may have lost their places and still end.
  Endpoint.listen(transport, address, { maxConnections: maxConnections + 2 * maxHandshakes, keepAlive, noDelay: true })

/** What a server needs. */
interface Server {
  readonly router: Router
  readonly events: Events
  readonly handshakes: Places.Places
  readonly joiners: Places.Places
}

/** Never ends: accepts joiners. */
export const run = (listener: Listener.Listener, router: Router, events: Events): Effect.Effect<never> => {
  const { config } = router
  const joiners = new Places.Places({
    of: "peers",
    all: config.maxConnections,
    perAddress: config.maxConnectionsPerAddress,
    perNetwork: config.maxConnectionsPerNetwork
  })
  const server = { router, events, handshakes: Places.forHandshakes(config), joiners }
  return Link.serve(listener, Session.linkOptions(router), (link) => serve(link, server))
}

/** Serves one connection to its end. Never fails. */
const serve = (link: Link.Link, server: Server): Effect.Effect<void> =>
  Effect.gen(function*() {
    const joined = yield* Effect.tapError(admit(link, server), (error) => reject(link, server.events, error))
    return yield* Effect.raceFirst(Session.run(joined.session), joined.place.lost)
  }).pipe(
    Effect.scoped,
    Effect.catchCause((cause) => Cause.hasDies(cause) ? Effect.logError("a session failed", cause) : Effect.void),
    Traced.withSpan("P2pChat.session", () => ({ remote: NetAddress.formatInet(link.remote) }))
  )

/** A session, and the place that it has as long as it lasts. */
interface Joined {
  readonly session: Session.Session
  readonly place: Places.Place
}

/** Shakes hands, as long as there is a place for a joiner. */
const admit = Effect.fnUntraced(function*(
  link: Link.Link,
  { handshakes, joiners, router }: Server
): Effect.fn.Return<Joined, SessionFailure, Scope.Scope> {
  const visitor = Places.visitor(link)
  const full = joiners.refuses(visitor)
  if (full !== undefined) return yield* full
  // The last places may have been taken during the handshake.
  const attach = Effect.fnUntraced(function*(peer: Handshake.PeerInfo) {
    // Nobody loses its place to a joiner that cannot have its id.
    const joiner = { id: peer.id, host: visitor.host, role: { _tag: "Joiner" } } as const
    if (RouterState.isTaken(yield* router.state, joiner)) return yield* new DuplicateId({ id: peer.id })
    const place = yield* Places.take(joiners, visitor)
    return { place, session: yield* Session.attach({ router, link, peer }, { _tag: "Joiner" }) }
  })
  const shaking = Handshake.respond(link, router.self, { admit: attach, within: router.config.handshakeTimeout })
  return yield* Places.hold(handshakes, visitor, shaking)
})

/** Reports a refused connection and the reason. One that just disconnected is not reported. */
const reject = (link: Link.Link, events: Events, error: SessionFailure): Effect.Effect<void> =>
  error._tag === "PeerClosed" || error._tag === "SocketError"
    ? Effect.void
    : events.publish([{ _tag: "Rejected", host: NetAddress.formatHost(link.remote), reason: reasonOf(error) }])
