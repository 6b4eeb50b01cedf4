/** Where joiners come in: each accepted connection is a session, and what went wrong with it is told. */
import { Endpoint, HandshakeLimit, type Listener, type Pipe, type Transport } from "@peerage/transport"
import type { PipeLink } from "@peerage/wire"
import { Cause, Effect, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { ChatConfig } from "../ChatConfig.ts"
import { type ListenFailed, type SessionFailure, TooMany } from "../ChatError.ts"
import * as Handshake from "../exchange/Handshake.ts"
import type { Events } from "./Events.ts"
import type { Neighbour } from "./Neighbour.ts"
import type { Router } from "./Router.ts"
import * as Session from "./Session.ts"

/** Listens for the scope's life. */
export const open = (
  transport: Transport.Transport["Service"],
  address: NetAddress.InetAddress,
  { keepAlive, maxConnections, maxHandshakes }: ChatConfig
): Effect.Effect<Listener.Listener, ListenFailed, Scope.Scope> =>
  Endpoint.listen(transport, address, {
    maxConnections: maxConnections + maxHandshakes,
    keepAlive,
    noDelay: true
  })

/** Never ends: takes joiners in. */
export const run = (listener: Listener.Listener, router: Router, events: Events): Effect.Effect<never> => {
  const door = HandshakeLimit.make(router.config)
  return listener.runPipes((pipe) => serve(pipe, { router, events, door }))
}

interface Place {
  readonly router: Router
  readonly events: Events
  readonly door: HandshakeLimit.HandshakeLimit
}

/** Serves one accepted connection to its end. Never fails. */
const serve = (pipe: Pipe.Pipe, place: Place): Effect.Effect<void> =>
  Effect.gen(function*() {
    const link = yield* Session.open(Effect.succeed(pipe), place.router.config)
    yield* Effect.annotateCurrentSpan({ remote: NetAddress.formatInet(link.remote) })
    const neighbour = yield* Effect.tapError(admit(link, place), (error) => turnedAway(link, place.events, error))
    return yield* Session.converse(place.router, link, neighbour)
  }).pipe(
    Effect.scoped,
    Effect.catchCause((cause) => Cause.hasDies(cause) ? Effect.logError("a session failed", cause) : Effect.void),
    Effect.withSpan("P2pChat.session")
  )

/** Lets a stranger in front of the door shake hands. */
const admit = Effect.fnUntraced(function*(
  link: PipeLink.PipeLink,
  { door, router }: Place
): Effect.fn.Return<Neighbour, SessionFailure, Scope.Scope> {
  const { handshakeTimeout, maxConnections } = router.config
  const room = Effect.suspend(() =>
    router.joiners < maxConnections ? Effect.void : Effect.fail(new TooMany({ of: "peers", limit: maxConnections }))
  )
  yield* room
  return yield* door.withPermit(
    NetAddress.formatHost(link.remote),
    Handshake.respond(link, router.self, {
      // The last places may have been taken while this one was thinking.
      admit: (joiner) => Effect.andThen(room, Session.attach(router, link, { ...joiner, role: "Joiner" })),
      within: handshakeTimeout
    })
  )
})

/** Tells who was turned away and why. One that just went away again was nobody. */
const turnedAway = (link: PipeLink.PipeLink, events: Events, error: SessionFailure): Effect.Effect<void> =>
  error._tag === "PeerClosed" || error._tag === "SocketError"
    ? Effect.void
    : events.publish([{ _tag: "Rejected", host: NetAddress.formatHost(link.remote), reason: Endpoint.reasonOf(error) }])
