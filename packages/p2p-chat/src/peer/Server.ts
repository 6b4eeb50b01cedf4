/** Accepts joiners: each connection is a session. Reports the connections that were refused. */
import { Endpoint, HandshakeLimit, type Listener, type Transport } from "@peerage/transport"
import { Link } from "@peerage/wire"
import { Cause, Effect, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { ChatConfig } from "../ChatConfig.ts"
import { type ListenFailed, reasonOf, type SessionFailure, TooMany } from "../ChatError.ts"
import { format } from "../codec/Frame.ts"
import * as Handshake from "../exchange/Handshake.ts"
import type { Events } from "./Events.ts"
import type { Router } from "./Router.ts"
import { joiners } from "./router/RouterState.ts"
import * as Session from "./Session.ts"

/** Listens for the scope's life. */
export const open = (
  transport: Transport.Transport["Service"],
  address: NetAddress.InetAddress,
  { keepAlive, maxConnections, maxHandshakes }: ChatConfig
): Effect.Effect<Listener.Listener, ListenFailed, Scope.Scope> =>
  Endpoint.listen(transport, address, { maxConnections: maxConnections + maxHandshakes, keepAlive, noDelay: true })

/** What a server needs. */
interface Server {
  readonly router: Router
  readonly events: Events
  readonly limit: HandshakeLimit.HandshakeLimit
}

/** Never ends: accepts joiners. */
export const run = (listener: Listener.Listener, router: Router, events: Events): Effect.Effect<never> => {
  const server = { router, events, limit: HandshakeLimit.make(router.config) }
  return Link.serve(listener, { format, limit: router.config.maxFrameBytes }, (link) => serve(link, server))
}

/** Serves one connection to its end. Never fails. */
const serve = (link: Link.Link, server: Server): Effect.Effect<void> =>
  Effect.gen(function*() {
    yield* Effect.annotateCurrentSpan({ remote: NetAddress.formatInet(link.remote) })
    const session = yield* Effect.tapError(admit(link, server), (error) => reject(link, server.events, error))
    return yield* Session.run(session)
  }).pipe(
    Effect.scoped,
    Effect.catchCause((cause) => Cause.hasDies(cause) ? Effect.logError("a session failed", cause) : Effect.void),
    Effect.withSpan("P2pChat.session")
  )

/** Shakes hands, as long as there is room for a joiner. */
const admit = Effect.fnUntraced(function*(
  link: Link.Link,
  { limit, router }: Server
): Effect.fn.Return<Session.Session, SessionFailure, Scope.Scope> {
  const { handshakeTimeout, maxConnections } = router.config
  const room = Effect.gen(function*() {
    if (joiners(yield* router.state) >= maxConnections) {
      return yield* new TooMany({ of: "peers", limit: maxConnections })
    }
  })
  yield* room
  // The last places may have been taken during the handshake.
  const attach = (peer: Handshake.PeerInfo) =>
    Effect.andThen(room, Session.attach({ router, link, peer }, { _tag: "Joiner" }))
  return yield* limit.withPermit(
    NetAddress.formatHost(link.remote),
    Handshake.respond(link, router.self, { admit: attach, within: handshakeTimeout })
  )
})

/** Reports a refused connection and the reason. One that just disconnected is not reported. */
const reject = (link: Link.Link, events: Events, error: SessionFailure): Effect.Effect<void> =>
  error._tag === "PeerClosed" || error._tag === "SocketError"
    ? Effect.void
    : events.publish([{ _tag: "Rejected", host: NetAddress.formatHost(link.remote), reason: reasonOf(error) }])
