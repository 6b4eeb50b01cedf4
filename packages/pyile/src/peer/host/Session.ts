/**
 * One connection's life at the host, in a fiber of its own: the exchanges in their order, then heartbeats for as long as
 * the member stays.
 *
 *   banned? -> password -> address -> list, dist address, dist connection -> a member
 *
 * Every way out gives back what was taken: the handshake's permit, the membership, the connections.
 */
import { Endpoint, Places } from "@peerage/transport"
import { type Link, Traced } from "@peerage/wire"
import { Clock, Effect, MutableRef, type Redacted } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Data } from "../../codec/Message.ts"
import * as BanCheck from "../../exchange/BanCheck.ts"
import * as Distribution from "../../exchange/Distribution.ts"
import * as Heartbeat from "../../exchange/Heartbeat.ts"
import * as Introduction from "../../exchange/Introduction.ts"
import * as PasswordAuth from "../../exchange/PasswordAuth.ts"
import { ForeignAddress } from "../../PyileError.ts"
import type { Visitor } from "./AdmissionState.ts"
import * as DistConnections from "./DistConnections.ts"
import * as Host from "./Host.ts"
import * as Moderation from "./Moderation.ts"
import * as PeerLists from "./PeerLists.ts"

// The longest thing a joiner says is its password, which an original reads with a recv of this size.
/** Bytes of one message of a joiner at most. */
export const longestMessage = 2048

/** Serves one connection until its peer has left or is turned away. Fails with why. */
export const run = (host: Host.Host, link: Link.Link): Effect.Effect<never, Host.Failure> =>
  DistConnections.during((connection) =>
    // No generator: what its steps hold, it would hold as long as the member stays.
    Effect.flatMap(join(host, link, connection), (joined) => Host.whileMember(host, joined, stay(host, link, joined)))
  )

/** From the first word to a joiner with both its connections. */
const join = (host: Host.Host, link: Link.Link, connection: Distribution.DistConnection) => {
  const stranger = Places.visitor(link)
  const known = MutableRef.make(false)
  // One that has said the password does not make way for strangers.
  const visitor = { ...stranger, silentSince: () => MutableRef.get(known) ? undefined : stranger.silentSince() }
  const joining = Places.hold(
    host.handshakes,
    visitor,
    handshake(host, { link, from: stranger.host, connection, known })
  )
  return Effect.tapError(joining, (reason) => turnedAway(host, link, reason)).pipe(
    Traced.withSpan("Pyile.session", () => ({ remote: NetAddress.formatInet(link.remote) }))
  )
}

/** Never succeeds: fails with how the member's connection ended. */
const stay = ({ config }: Host.Host, link: Link.Link, { answered }: Host.Joined) =>
  Heartbeat.initiate(link, { interval: config.heartbeatInterval, timeout: config.heartbeatTimeout, answered })

/** A connection whose joiner is let in step by step. */
interface Joining {
  readonly link: Link.Link
  /** The IP address that it comes from. */
  readonly from: string
  readonly connection: Distribution.DistConnection
  /** Whether the password was right. */
  readonly known: MutableRef.MutableRef<boolean>
}

const handshake = Effect.fnUntraced(function*(
  host: Host.Host,
  { connection, from, known, link }: Joining
): Effect.fn.Return<Host.Joined, Host.Failure> {
  const { admission, config, dist } = host
  const { identity: key, local } = link
  const visitor = { host: from, key }
  const seen = host.seenFrom(local)

  yield* BanCheck.respond(link, yield* admission.status(visitor))
  yield* PasswordAuth.respond(link, (shadow) => judge(host, visitor, shadow), config.stepTimeout)
  MutableRef.set(known, true)
  const peer = yield* Introduction.respond(link, host.trustClaims, config.stepTimeout)
  if (peer === seen) {
    return yield* Introduction.refuse(link, new ForeignAddress({ claimed: peer, remote: from }))
  }
  yield* Effect.catch(Host.haveRoom(host, { peer, key }), (error) => Introduction.refuse(link, error))

  const listed = { peer, key, entry: PeerLists.entryFor(peer) }
  const list = MutableRef.get(host.lists).forNewcomer(seen, listed)
  if (key === undefined) yield* Host.warnOutgrown(host, list.length)
  const lists = yield* Distribution.respond(link, connection, {
    list,
    address: dist.invitation(seen),
    listener: dist,
    pause: config.distAddressPause,
    within: config.stepTimeout
  })
  const answered = MutableRef.make(yield* Clock.currentTimeMillis)
  return { newcomer: { ...listed, seen, host: from, local }, lists, answered }
})

/** Has a password judged. A ban that follows from it is published and kept. */
const judge = (host: Host.Host, visitor: Visitor, shadow: Redacted.Redacted<Data>) =>
  Effect.flatMap(host.admission.attempt(visitor, shadow), (attempt) =>
    attempt._tag === "Ban"
      ? Effect.as(Moderation.announceGuess(host, attempt.ban), false)
      : Effect.succeed(attempt._tag === "Admitted"))

/** Publishes who was turned away and why. A peer that just disconnected is not reported. */
const turnedAway = Effect.fnUntraced(function*(host: Host.Host, link: Link.Link, error: Host.Failure) {
  const from = NetAddress.formatHost(link.remote)
  const key = link.identity
  const reason = Endpoint.reasonOf(error)
  const foreign = error._tag === "ForeignAddress"
  const why = foreign ? error.message : reason
  yield* host.history.log(reason === "PeerClosed" ? "INFO" : "WARNING", `${from} did not join: ${why}`)
  if (error._tag === "PeerClosed" || error._tag === "SocketError") return
  yield* host.events.publish([{
    _tag: "Rejected",
    host: from,
    reason,
    ...(foreign ? { claimed: error.claimed } : {}),
    ...(key === undefined ? {} : { key })
  }])
})
