/**
 * One connection on its way to membership: the exchanges in their order, in a fiber of their own.
 *
 *   banned? -> password -> address and list -> dist connection -> a member
 *
 * From then on there is no fiber any more: what a member still says is heard in callbacks. Every way out gives back what
 * was taken: the place at the door, the membership, the connections.
 */
import { Endpoint, type HandshakeLimit, type Pipe } from "@peerage/transport"
import type { PeerAddress } from "@peerage/transport/PeerAddress"
import { type Link, type LinkError, PipeLink } from "@peerage/wire"
import { Cause, Effect, Exit, Queue, type Redacted, type Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../codec/Frame.ts"
import { entryOf } from "../codec/Message.ts"
import * as BanCheck from "../exchange/BanCheck.ts"
import * as Heartbeat from "../exchange/Heartbeat.ts"
import * as Introduction from "../exchange/Introduction.ts"
import * as PasswordAuth from "../exchange/PasswordAuth.ts"
import { Banned, ForeignAddress, type SessionFailure, SlowReader, TooMany } from "../PyileError.ts"
import * as Host from "./Host.ts"
import { bannedEvent } from "./Moderation.ts"

type Failure = SessionFailure | LinkError.SendError

// The longest thing a joiner says is its password, which an original reads with a recv of this size.
const longestClaim = 2048

/** A joiner's connections, whose dist connection comes last. */
interface Joining {
  readonly auth: Pipe.Pipe
  readonly link: PipeLink.PipeLink
  dist: Pipe.Pipe | undefined
}

/**
 * Serves one accepted connection until its peer is a member or turned away, which is told as an event. Never fails. The
 * connection is closed with the membership, or at once.
 */
export const run = (host: Host.Host, door: HandshakeLimit.HandshakeLimit, auth: Pipe.Pipe): Effect.Effect<void> =>
  Effect.uninterruptibleMask((restore) => {
    const joining: Joining = { auth, link: PipeLink.make(auth, { format, limit: longestClaim }), dist: undefined }
    const session = admitted(host, door, joining).pipe(
      Effect.tapError((reason) => turnedAway(host, joining.link, reason)),
      Effect.withSpan("Pyile.session", { attributes: { remote: NetAddress.formatInet(auth.remote) } }, {
        captureStackTrace: false
      })
    )
    return Effect.flatMap(Effect.exit(restore(session)), (joined) => {
      if (Exit.isSuccess(joined)) return Host.enter(host, memberOf(host, auth, joined.value))
      joining.dist?.close()
      auth.close()
      return Cause.hasDies(joined.cause) ? Effect.logError("a session failed", joined.cause) : Effect.void
    })
  })

const admitted = (
  host: Host.Host,
  door: HandshakeLimit.HandshakeLimit,
  joining: Joining
): Effect.Effect<Joined, Failure> =>
  door.withPermit(NetAddress.formatHost(joining.auth.remote), handshake(host, joining))

interface Joined {
  readonly peer: PeerAddress
  /** The host's chat address as it sees it. */
  readonly seen: PeerAddress
  readonly dist: Pipe.Pipe
}

/** From the first word to a joiner with both its connections. */
const handshake = Effect.fnUntraced(function*(
  host: Host.Host,
  joining: Joining
): Effect.fn.Return<Joined, Failure> {
  const { config } = host
  const { link } = joining
  const remote = NetAddress.formatHost(link.remote)
  yield* BanCheck.respond(link, yield* host.admission.isBanned(remote))
  yield* PasswordAuth.respond(link, (shadow) => judge(host, remote, shadow), config.stepTimeout)
  const peer = yield* Introduction.respond(link, host.trustClaims, config.stepTimeout)
  const seen = host.seenFrom(link.local)
  if (peer === seen) return yield* new ForeignAddress({ claimed: peer, remote })
  yield* room(host, peer)
  const list = Host.listWith(host, seen, peer)
  yield* Host.warnOutgrown(host, list.length)
  yield* link.sendEncoded(list, config.stepTimeout)
  yield* Effect.sleep(config.distAddressPause)
  const dist = yield* host.reception.invite(link, { ...Introduction.toWire(seen), port: host.distPort }, (pipe) => {
    joining.dist = pipe
  })
  // Both may have come while the joiner was under way.
  if (yield* host.admission.isBanned(remote)) return yield* new Banned()
  yield* room(host, peer)
  return { peer, seen, dist }
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

const memberOf = (host: Host.Host, auth: Pipe.Pipe, { dist, peer, seen }: Joined): Host.Member => {
  const dismiss = (reason: SessionFailure) => Effect.suspend(() => Host.dismiss(host, member, reason))
  const ended = (reason: SessionFailure) => {
    // Both connections end when it goes: one of them is enough to tell of it.
    if (host.members.get(peer) === member) Queue.offerUnsafe(host.pulses, dismiss(reason))
  }
  const { beat, hear } = Heartbeat.initiate(auth, {
    answered: () => void Queue.offerUnsafe(host.pulses, host.ward.answered(member.heart)),
    ended
  })
  const member: Host.Member = {
    peer,
    entry: entryOf(Introduction.toWire(peer)),
    seen,
    remote: auth.remote,
    local: auth.local,
    hear,
    heart: {
      beat: Effect.suspend(() => beat() ? Effect.void : dismiss(new SlowReader())),
      stopped: dismiss
    },
    subscriber: { pipe: dist, list: () => Host.listFor(host, seen), ended },
    close: () => {
      dist.close()
      auth.close()
    }
  }
  return member
}

/** Tells who was turned away and why. One that just went away again was nobody. */
const turnedAway = Effect.fnUntraced(function*(host: Host.Host, link: Link.Link, error: Failure) {
  const from = NetAddress.formatHost(link.remote)
  const reason = Endpoint.reasonOf(error)
  yield* host.messenger.log(reason === "PeerClosed" ? "INFO" : "WARNING", `${from} did not join: ${reason}`)
  if (error._tag === "PeerClosed" || error._tag === "SocketError") return
  yield* host.events.publish([{ _tag: "Rejected", host: from, reason }])
})
