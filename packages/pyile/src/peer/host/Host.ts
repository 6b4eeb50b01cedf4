/** What all sessions of one host share, and how a member comes and goes in it. */
import { Endpoint, type HandshakeLimit, type Pipe } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import type { Fanout } from "@peerage/wire"
import { Cause, Effect, Exit, Fiber, Option, Queue, Ref, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { encodePeerList, entryOf } from "../../codec/Message.ts"
import { toWire } from "../../exchange/Introduction.ts"
import { Banned, DistributionLost, HostLeft, Replaced, SessionFailure, SlowReader, TooMany } from "../../PyileError.ts"
import type { PeerContext } from "../PeerContext.ts"
import type { Admission } from "./Admission.ts"
import type { DistConnections } from "./DistConnections.ts"

/** A joiner that is let in. */
export interface Newcomer {
  readonly peer: PeerAddress.PeerAddress
  /** The host's chat address as the newcomer sees it. */
  readonly seen: PeerAddress.PeerAddress
  /** The newcomer's real address. */
  readonly remote: NetAddress.InetAddress
  /** The host's own end of the newcomer's auth connection. */
  readonly local: NetAddress.InetAddress
}

/** A newcomer with both its connections. */
export interface Joined {
  readonly newcomer: Newcomer
  /** The dist connection. */
  readonly lists: Pipe.Pipe
}

/** A peer that has joined. */
export interface Member extends Newcomer {
  /** Its entry in lists, as text. */
  readonly entry: string
  /** Interrupting it ends the membership. */
  readonly session: Fiber.Fiber<unknown, unknown>
}

/** The members, by the addresses that they are known by, in the order in which they came. */
export type Members = ReadonlyMap<PeerAddress.PeerAddress, Member>

/** The services and the state that the sessions of a host share. */
export interface Host extends PeerContext {
  readonly admission: Admission
  readonly handshakes: HandshakeLimit.HandshakeLimit
  readonly fanout: Fanout.Fanout<Member>
  readonly dist: DistConnections
  readonly trustClaims: boolean
  /** The host's chat address as somebody sees it who reached the host at `local`. */
  readonly seenFrom: (local: NetAddress.InetAddress) => PeerAddress.PeerAddress
  readonly members: Ref.Ref<Members>
  /** Holds an element when members have come or gone since the latest announcement. */
  readonly unannounced: Queue.Queue<void>
  /** Whether the warning about the list's size has been given. */
  readonly outgrown: Ref.Ref<boolean>
}

/** The list for a peer that is about to join: the host, then the members as they came, then itself. */
export const listWith = (
  members: Members,
  seen: PeerAddress.PeerAddress,
  joining: PeerAddress.PeerAddress | undefined
): Uint8Array => {
  const others = [...members.values()].filter(({ peer }) => peer !== joining).map(({ entry }) => entry)
  return encodePeerList([
    entryOf(toWire(seen)),
    ...others,
    ...(joining === undefined ? [] : [entryOf(toWire(joining))])
  ])
}

/** The lists for all members, each encoded once for all that see the host at the same address. */
export const listsOf = (members: Members): Fanout.Newest<Member> => {
  const lists = new Map<PeerAddress.PeerAddress, Uint8Array>()
  return ({ seen }) => {
    const list = lists.get(seen) ?? listWith(members, seen, undefined)
    lists.set(seen, list)
    return list
  }
}

// What an original joiner reads its first list with: one recv of this size.
const originalListBytes = 2048

/** Warns once when the list is more than an original joiner can read: from then on only newer ones can join. */
export const warnOutgrown = Effect.fnUntraced(function*(host: Host, bytes: number) {
  if (bytes <= originalListBytes || (yield* Ref.getAndSet(host.outgrown, true))) return
  const text = `The peer list now takes ${bytes} bytes. Joiners running the original Pyile read at most `
    + `${originalListBytes} and can no longer join.`
  yield* host.history.log("WARNING", text)
  yield* Effect.logWarning(text)
})

const isSessionFailure = Schema.is(SessionFailure)

/** Why a session ended; one that was interrupted ended with its host. */
const reasonOf = (exit: Exit.Exit<unknown, unknown>): SessionFailure => {
  const error = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
  return isSessionFailure(error) ? error : new HostLeft()
}

/**
 * Takes a newcomer in while `stay` runs, in place of a member that had the same address: it gets every list over `lists`,
 * and leaves for the reason that `stay` ends with. Fails with `Banned` or `TooMany` where it cannot be taken in any more.
 */
export const whileMember = <E>(
  host: Host,
  { lists, newcomer }: Joined,
  stay: Effect.Effect<never, E>
): Effect.Effect<never, E | Banned | TooMany> =>
  Effect.acquireUseRelease(
    admit(host, newcomer, lists),
    () => stay,
    (member, exit) => leave(host, member, reasonOf(exit))
  )

/** Fails with `TooMany` where a newcomer finds the network full. */
export const haveRoom = Effect.fnUntraced(function*({ config, members }: Host, peer: PeerAddress.PeerAddress) {
  const now = yield* Ref.get(members)
  if (now.size < config.maxMembers || now.has(peer)) return
  return yield* new TooMany({ of: "members", limit: config.maxMembers })
})

const admit = Effect.fnUntraced(function*(
  host: Host,
  newcomer: Newcomer,
  lists: Pipe.Pipe
): Effect.fn.Return<Member, Banned | TooMany> {
  // A ban, or other members, may have come while it was under way.
  if (yield* host.admission.isBanned(NetAddress.formatHost(newcomer.remote))) return yield* new Banned()
  yield* haveRoom(host, newcomer.peer)
  const earlier = (yield* Ref.get(host.members)).get(newcomer.peer)
  if (earlier !== undefined) yield* dismiss(host, earlier, new Replaced())
  const entry = entryOf(toWire(newcomer.peer))
  const member = yield* Effect.withFiber((session) => Effect.succeed<Member>({ ...newcomer, entry, session }))
  yield* change(host, (members) => new Map(members).set(member.peer, member))
  yield* host.membership.change({ _tag: "OwnHost", host: PeerAddress.host(member.seen) })
  yield* host.membership.change({ _tag: "Joined", peer: member.peer })
  yield* host.history.log("INFO", `${member.peer} joined`)
  // Behind the change that it brings: a list is sent to it at once, and a change after that would send a second one.
  yield* host.fanout.add(member, lists)
  return member
})

/** Removes a member. The first reason counts: what follows from it finds the member gone. */
const leave = Effect.fnUntraced(function*(host: Host, member: Member, failure: SessionFailure) {
  if ((yield* Ref.get(host.members)).get(member.peer) !== member) return
  const reason = Endpoint.reasonOf(failure)
  yield* host.fanout.remove(member)
  yield* change(host, (members) => {
    const rest = new Map(members)
    rest.delete(member.peer)
    return rest
  })
  yield* host.membership.change({ _tag: "Left", peer: member.peer, reason })
  yield* host.history.log("INFO", `${member.peer} left: ${reason}`)
})

/** Changes the members, of which all others are to learn. */
const change = Effect.fnUntraced(function*(host: Host, step: (members: Members) => Members) {
  yield* host.fanout.update(listsOf(yield* Ref.updateAndGet(host.members, step)))
  yield* Queue.offer(host.unannounced, undefined)
})

/** Removes a member and ends its session, which closes its connections. */
export const dismiss = (host: Host, member: Member, reason: SessionFailure): Effect.Effect<void> =>
  Effect.uninterruptible(Effect.andThen(leave(host, member, reason), Fiber.interrupt(member.session)))

/** Never ends: announces who came and who went, once for all that do so together. */
export const announce = (host: Host): Effect.Effect<never> =>
  Effect.forever(Effect.andThen(Queue.take(host.unannounced), host.membership.announce))

const lossOf = (reason: Fanout.LossReason): SessionFailure =>
  reason === "Unread" ? new SlowReader() : new DistributionLost()

/** Never ends: dismisses members that do not read their lists, or end the connection for them. */
export const dismissLost = (host: Host): Effect.Effect<never> =>
  Effect.forever(
    Effect.flatMap(Queue.take(host.fanout.losses), ({ reason, receiver }) => dismiss(host, receiver, lossOf(reason)))
  )

/** Removes all members, as the host itself leaves. Their sessions end with it. */
export const removeAll = Effect.fnUntraced(function*(host: Host) {
  for (const member of (yield* Ref.get(host.members)).values()) yield* leave(host, member, new HostLeft())
  yield* host.membership.announce
})
