/**
 * One connection's life at the host, in a fiber of its own: the exchanges in their order, then heartbeats for as long as
 * the member stays.
 *
 *   banned? -> password -> address -> list, dist address, dist connection -> a member
 *
 * Every way out gives back what was taken: the handshake's permit, the membership, the connections.
 */
import { Endpoint, type Pipe } from "@peerage/transport"
import type { PeerAddress } from "@peerage/transport/PeerAddress"
import type { Link, LinkError } from "@peerage/wire"
import { Cause, Effect, type Redacted, Ref, type Schema, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as BanCheck from "../../exchange/BanCheck.ts"
import * as Distribution from "../../exchange/Distribution.ts"
import * as Heartbeat from "../../exchange/Heartbeat.ts"
import * as Introduction from "../../exchange/Introduction.ts"
import * as PasswordAuth from "../../exchange/PasswordAuth.ts"
import { Banned, ForeignAddress, type SessionFailure, TooMany } from "../../PyileError.ts"
import * as Host from "./Host.ts"
import { bannedEvent } from "./Moderation.ts"

type Failure = SessionFailure | LinkError.SendError

// The longest thing a joiner says is its password, which an original reads with a recv of this size.
/** Bytes of one message of a joiner at most. */
export const longestMessage = 2048

/** Serves one connection until its peer has left or is turned away. Never fails. */
export const run = (host: Host.Host, link: Link.Link): Effect.Effect<void> =>
  Effect.scoped(session(host, link)).pipe(
    Effect.catchCause((cause) => Cause.hasDies(cause) ? Effect.logError("a session failed", cause) : Effect.void),
    Effect.withSpan("Pyile.session", { attributes: { remote: NetAddress.formatInet(link.remote) } }, {
      captureStackTrace: false
    })
  )

const session = Effect.fnUntraced(function*(
  host: Host.Host,
  link: Link.Link
): Effect.fn.Return<never, Failure, Scope.Scope> {
  const { config, handshakes } = host
  const { lists, newcomer } = yield* handshakes.withPermit(NetAddress.formatHost(link.remote), handshake(host, link))
    .pipe(
      Effect.tapError((reason) => turnedAway(host, link, reason))
    )
  yield* Host.enter(host, newcomer, lists)
  return yield* Heartbeat.initiate(link, { interval: config.heartbeatInterval, timeout: config.heartbeatTimeout })
})

/** A joiner that has said everything, and its dist connection. */
interface Joined {
  readonly newcomer: Host.Newcomer
  readonly lists: Pipe.Pipe
}

const handshake = Effect.fnUntraced(function*(
  host: Host.Host,
  link: Link.Link
): Effect.fn.Return<Joined, Failure, Scope.Scope> {
  const { admission, config, dist } = host
  const { local, remote } = link
  const from = NetAddress.formatHost(remote)
  const seen = host.seenFrom(local)

  yield* BanCheck.respond(link, yield* admission.isBanned(from))
  yield* PasswordAuth.respond(link, (shadow) => judge(host, from, shadow), config.stepTimeout)
  const peer = yield* Introduction.respond(link, host.trustClaims, config.stepTimeout)
  if (peer === seen) return yield* new ForeignAddress({ claimed: peer, remote: from })
  yield* haveRoom(host, peer)

  const list = Host.listWith(yield* Ref.get(host.members), seen, peer)
  yield* Host.warnOutgrown(host, list.length)
  const lists = yield* Distribution.respond(link, dist, {
    list,
    address: { ...Introduction.toWire(seen), port: dist.port },
    pause: config.distAddressPause,
    within: config.stepTimeout
  })

  // A ban, or other members, may have come while the joiner was under way.
  if (yield* admission.isBanned(from)) return yield* new Banned()
  yield* haveRoom(host, peer)
  return { newcomer: { peer, seen, remote, local }, lists }
})

/** Fails with `TooMany` when a newcomer finds the network full. */
const haveRoom = Effect.fnUntraced(function*({ config, members }: Host.Host, peer: PeerAddress) {
  const now = yield* Ref.get(members)
  if (now.size < config.maxMembers || now.has(peer)) return
  return yield* new TooMany({ of: "members", limit: config.maxMembers })
})

/** Has a password judged. A ban that follows from it is published and kept. */
const judge = Effect.fnUntraced(function*(host: Host.Host, from: string, shadow: Redacted.Redacted<Schema.Json>) {
  const attempt = yield* host.admission.attempt(from, shadow)
  if (attempt._tag === "Ban") {
    yield* host.history.log("WARNING", `${from} is banned after wrong passwords`)
    yield* host.events.publish([bannedEvent(attempt.ban)])
    yield* Effect.catch(host.admission.keep, (error) => Effect.logError(error.message))
  }
  return attempt._tag === "Admitted"
})

/** Publishes who was turned away and why. A peer that just disconnected is not reported. */
const turnedAway = Effect.fnUntraced(function*(host: Host.Host, link: Link.Link, error: Failure) {
  const from = NetAddress.formatHost(link.remote)
  const reason = Endpoint.reasonOf(error)
  yield* host.history.log(reason === "PeerClosed" ? "INFO" : "WARNING", `${from} did not join: ${reason}`)
  if (error._tag === "PeerClosed" || error._tag === "SocketError") return
  yield* host.events.publish([{ _tag: "Rejected", host: from, reason }])
})
