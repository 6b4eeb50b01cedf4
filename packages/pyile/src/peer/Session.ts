/**
 * One connection's life at the host: the exchanges in their order, then membership until it ends.
 *
 *   banned? -> password -> address and list -> dist connection -> heartbeats ...
 *
 * Every way out gives back what was taken: the place at the door, the membership, the connections.
 */
import { type Connection, type Door, Endpoint, type Pipe } from "@peerage/transport"
import type { PeerAddress } from "@peerage/transport/PeerAddress"
import { Link, LinkError } from "@peerage/wire"
import { Cause, Effect, Exit, Option, type Redacted, type Schema, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../codec/Frame.ts"
import * as BanCheck from "../exchange/BanCheck.ts"
import * as Heartbeat from "../exchange/Heartbeat.ts"
import * as Introduction from "../exchange/Introduction.ts"
import * as PasswordAuth from "../exchange/PasswordAuth.ts"
import { Banned, ForeignAddress, HostLeft, type SessionFailure, SlowReader, TooMany } from "../PyileError.ts"
import * as Host from "./Host.ts"
import { bannedEvent } from "./Moderation.ts"

type Failure = SessionFailure | LinkError.SendError

// The longest thing a joiner says is its password, which an original reads with a recv of this size.
const longestClaim = 2048

/** Serves one accepted connection to its end. Never fails: what went wrong is told as an event. */
export const run = (host: Host.Host, door: Door.Door, connection: Connection.Connection): Effect.Effect<void> =>
  Effect.acquireUseRelease(
    Scope.make(),
    (scope) =>
      Effect.gen(function*() {
        const link = yield* Link.make(connection, { format, limit: longestClaim })
        yield* Effect.annotateCurrentSpan({ remote: NetAddress.formatInet(link.remote) })
        yield* Effect.catch(session(host, door, link, scope), (reason) => turnedAway(host, link, reason))
      }).pipe(Scope.provide(scope)),
    (scope) => Scope.close(scope, Exit.void)
  ).pipe(
    // The connection ended before it was looked at.
    Effect.catchTag("SocketError", () => Effect.void),
    Effect.withSpan("Pyile.session")
  )

const session = Effect.fnUntraced(function*(host: Host.Host, door: Door.Door, link: Link.Link, scope: Scope.Closeable) {
  const place = yield* door.enter(NetAddress.formatHost(link.remote))
  const joined = yield* Effect.ensuring(handshake(host, link), Effect.sync(place.leave))
  const member = memberOf(host, link, scope, joined)
  const stay = Effect.andThen(Host.enter(host, member), Effect.interruptible(answers(host, link, member)))
  yield* Effect.uninterruptible(Effect.catchCause(stay, (cause) =>
    Effect.andThen(
      Cause.hasDies(cause) ? Effect.logError("a session failed", cause) : Effect.void,
      Host.leave(host, member, reasonFor(cause))
    )))
})

/** Why a stay ended. An interruption is the host's own leaving. */
const reasonFor = (cause: Cause.Cause<SessionFailure>): SessionFailure =>
  Option.getOrElse(Cause.findErrorOption(cause), () => new HostLeft())

interface Joined {
  readonly peer: PeerAddress
  readonly pipe: Pipe.Pipe
}

/** From the first word to a joiner with both its connections. */
const handshake = Effect.fnUntraced(function*(
  host: Host.Host,
  link: Link.Link
): Effect.fn.Return<Joined, Failure, Scope.Scope> {
  const { config } = host
  const remote = NetAddress.formatHost(link.remote)
  yield* BanCheck.respond(link, yield* host.admission.isBanned(remote))
  yield* PasswordAuth.respond(link, (shadow) => judge(host, remote, shadow), config.stepTimeout)
  const peer = yield* Introduction.respond(link, host.trustClaims, config.stepTimeout)
  const seen = host.seenFrom(link.local)
  if (peer === seen) return yield* new ForeignAddress({ claimed: peer, remote })
  yield* room(host, peer)
  const list = Host.listWith(host, seen, peer)
  yield* Host.warnOutgrown(host, list.length)
  yield* Effect.timeoutOrElse(link.sendEncoded(list), {
    duration: config.stepTimeout,
    orElse: () =>
      Effect.fail(new LinkError.PeerUnresponsive({ awaited: "sign of reading", within: config.stepTimeout }))
  })
  yield* Effect.sleep(config.distAddressPause)
  const pipe = yield* host.reception.invite(link, { ...Introduction.toWire(seen), port: host.distPort })
  // Both may have come while the joiner was under way.
  if (yield* host.admission.isBanned(remote)) return yield* new Banned()
  yield* room(host, peer)
  return { peer, pipe }
})

/** Fails with `TooMany` when a newcomer finds the network full. */
const room = (host: Host.Host, peer: PeerAddress): Effect.Effect<void, TooMany> =>
  host.members.size < host.config.maxMembers || host.members.has(peer)
    ? Effect.void
    : Effect.fail(new TooMany({ of: "members", limit: host.config.maxMembers }))

/** Has a password judged; a ban that follows from it is told. */
const judge = Effect.fnUntraced(function*(host: Host.Host, remote: string, shadow: Redacted.Redacted<Schema.Json>) {
  const attempt = yield* host.admission.attempt(remote, shadow)
  if (attempt._tag === "Ban") {
    yield* host.messenger.log("WARNING", `${remote} is banned after wrong passwords`)
    yield* host.events.publish([bannedEvent(attempt.ban)])
    yield* Effect.catch(host.admission.keep, (error) => Effect.logError(error.message))
  }
  return attempt._tag === "Admitted"
})

const memberOf = (host: Host.Host, link: Link.Link, scope: Scope.Closeable, { peer, pipe }: Joined): Host.Member => {
  let unread = false
  const dismiss = (reason: SessionFailure) => Effect.suspend(() => Host.dismiss(host, member, reason))
  const beat = Effect.suspend(() => {
    unread = true
    // A beat that cannot be sent means that the connection is ending, which its reader learns.
    return Heartbeat.initiate(link).pipe(Effect.ignore, Effect.andThen(Effect.sync(() => void (unread = false))))
  })
  const member: Host.Member = {
    peer,
    remote: link.remote,
    local: link.local,
    scope,
    heart: {
      // In a fiber of the member's own: whoever answers but does not read must not keep others from their beats.
      beat: Effect.suspend(() =>
        unread
          ? dismiss(new SlowReader())
          : Effect.asVoid(Effect.forkIn(Effect.interruptible(beat), scope, { startImmediately: true }))
      ),
      stopped: dismiss
    },
    subscriber: { pipe, list: () => Host.listFor(host, host.seenFrom(link.local)), ended: dismiss }
  }
  return member
}

/** Never succeeds: notes the answers to heartbeats. */
const answers = (host: Host.Host, link: Link.Link, member: Host.Member) =>
  Effect.forever(Effect.andThen(Heartbeat.answered(link), host.ward.answered(member.heart)), { disableYield: true })

/** Tells who was turned away and why. One that just went away again was nobody. */
const turnedAway = Effect.fnUntraced(function*(host: Host.Host, link: Link.Link, error: Failure) {
  const from = NetAddress.formatHost(link.remote)
  const reason = Endpoint.reasonOf(error)
  yield* host.messenger.log(reason === "PeerClosed" ? "INFO" : "WARNING", `${from} did not join: ${reason}`)
  if (error._tag === "PeerClosed" || error._tag === "SocketError") return
  yield* host.events.publish([{ _tag: "Rejected", host: from, reason }])
})
