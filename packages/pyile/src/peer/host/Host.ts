/** What all sessions of one host share, and how a member comes and goes in it. */
import { Endpoint, type Pipe, type Places } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import type { Fanout, LinkError } from "@peerage/wire"
import { Effect, Exit, Fiber, MutableRef, Option, Queue, Ref } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { AddressTaken, Banned, type SessionFailure, TooMany } from "../../PyileError.ts"
import type { Reason } from "../../PyileEvent.ts"
import * as Members from "../Members.ts"
import type { PeerContext } from "../PeerContext.ts"
import type { Admission } from "./Admission.ts"
import type { DistConnections } from "./DistConnections.ts"
import * as PeerLists from "./PeerLists.ts"

/** A joiner that is let in. */
export interface Newcomer extends PeerLists.Listed {
  /** The host's chat address as the newcomer sees it. */
  readonly seen: PeerAddress.PeerAddress
  /** The IP address that it comes from, whatever it claims. */
  readonly host: string
  /** The host's own end of the newcomer's auth connection. */
  readonly local: NetAddress.InetAddress
}

/** A newcomer with both its connections. */
export interface Joined {
  readonly newcomer: Newcomer
  /** The dist connection. */
  readonly lists: Pipe.Pipe
  /** When it has last answered a beat, or joined. */
  readonly answered: MutableRef.MutableRef<number>
}

/** A peer that has joined. */
export interface Member extends Newcomer, Pick<Joined, "answered"> {
  /** When it joined, in milliseconds since 1970. */
  readonly since: number
  /** Interrupting it ends the membership. */
  readonly session: Fiber.Fiber<unknown, unknown>
}

/** The services and the state that the sessions of a host share. */
export interface Host extends PeerContext<Member> {
  readonly admission: Admission
  readonly handshakes: Places.Places
  readonly fanout: Fanout.Fanout<Member>
  readonly dist: DistConnections
  readonly trustClaims: boolean
  /** The host's chat address as somebody sees it who reached the host at `local`. */
  readonly seenFrom: (local: NetAddress.InetAddress) => PeerAddress.PeerAddress
  /** The lists of the members there are now. */
  readonly lists: MutableRef.MutableRef<PeerLists.PeerLists>
  /** Holds an element when members have come or gone since the latest announcement. */
  readonly unannounced: Queue.Queue<void>
  /** Whether the warning about the list's size has been given. */
  readonly outgrown: Ref.Ref<boolean>
}

// What an original joiner reads its first list with: one recv of this size.
const originalListBytes = 2048

/**
 * Warns once when the list is more than an original joiner can read: from then on only newer ones can join. Not on a
 * transport with keys, where no original is.
 */
export const warnOutgrown = (host: Host, bytes: number): Effect.Effect<void> =>
  bytes <= originalListBytes ? Effect.void : Effect.flatMap(Ref.getAndSet(host.outgrown, true), (warned) => {
    if (warned) return Effect.void
    const text = `The peer list now takes ${bytes} bytes. Joiners running the original Pyile read at most `
      + `${originalListBytes} and can no longer join.`
    return Effect.andThen(host.history.log("WARNING", text), Effect.logWarning(text))
  })

/** Why a session ended; one that was interrupted ended with its host. */
const reasonOf = (exit: Exit.Exit<unknown, Failure>): Reason =>
  Option.match(Exit.findErrorOption(exit), { onNone: () => "HostLeft", onSome: Endpoint.reasonOf })

/** How a session ends at the host. */
export type Failure = SessionFailure | LinkError.SendError

/**
 * Takes a newcomer in while `stay` runs, in place of a member that had the same address: it gets every list over `lists`,
 * and leaves for the reason that `stay` ends with. Fails with `Banned`, `AddressTaken` or `TooMany` where it
 * cannot be taken in any more.
 */
export const whileMember = (
  host: Host,
  joined: Joined,
  stay: Effect.Effect<never, Failure>
): Effect.Effect<never, Failure> =>
  Effect.acquireUseRelease(
    admit(host, joined),
    () => stay,
    (member, exit) => leave(host, member, reasonOf(exit))
  )

/**
 * Succeeds with the member whose place a newcomer takes, if there is one. Fails with `TooMany` where it finds the network
 * full, and with `AddressTaken` where it claims the address of a member with another key.
 */
export const haveRoom = (
  { config, membership }: Host,
  { key, peer }: PeerLists.Keyed
): Effect.Effect<Member | undefined, AddressTaken | TooMany> =>
  Effect.flatMap(membership.members, (members): Effect.Effect<Member | undefined, AddressTaken | TooMany> => {
    const earlier = Members.get(members, peer)
    if (earlier !== undefined && earlier.key !== key) return Effect.fail(new AddressTaken({ address: peer }))
    if (earlier !== undefined || Members.size(members) < config.maxMembers) return Effect.succeed(earlier)
    return Effect.fail(new TooMany({ of: "members", limit: config.maxMembers }))
  })

const admit = Effect.fnUntraced(function*(
  host: Host,
  { answered, lists, newcomer }: Joined
): Effect.fn.Return<Member, AddressTaken | Banned | TooMany> {
  const { host: from, key, peer, seen } = newcomer
  // A ban, or other members, may have come while it was under way.
  if (yield* host.admission.isBanned({ host: from, key })) return yield* new Banned()
  const earlier = yield* haveRoom(host, newcomer)
  if (earlier !== undefined) yield* dismiss(host, earlier, "Replaced")
  const member = yield* Effect.withFiber((session) =>
    Effect.succeed<Member>({ ...newcomer, session, answered, since: MutableRef.get(answered) })
  )
  yield* host.membership.change({ _tag: "OwnHost", host: PeerAddress.host(seen) })
  yield* change(host, { _tag: "Joined", peer, key, value: member, from })
  yield* host.history.log("INFO", `${peer} joined`)
  // Behind the change that it brings: a list is sent to it at once, and a change after that would send a second one.
  yield* host.fanout.add(member, lists)
  return member
})

/** Removes a member. The first reason counts: what follows from it finds the member gone. */
const leave = Effect.fnUntraced(function*(host: Host, member: Member, reason: Reason) {
  const { peer } = member
  if (Members.get(yield* host.membership.members, peer) !== member) return
  yield* host.fanout.remove(member)
  yield* change(host, { _tag: "Left", peer, reason })
  yield* host.history.log("INFO", `${peer} left: ${reason}`)
})

/** Changes the members, of which all others are to learn. */
const change = (host: Host, change: Members.Change<Member>): Effect.Effect<unknown> =>
  Effect.flatMap(host.membership.change(change), (members) => {
    MutableRef.set(host.lists, PeerLists.make(() => Members.values(members)))
    return Effect.andThen(host.fanout.update, Queue.offer(host.unannounced, undefined))
  })

/** Removes a member and ends its session, which closes its connections. */
export const dismiss = (host: Host, member: Member, reason: Reason): Effect.Effect<void> =>
  Effect.uninterruptible(Effect.andThen(leave(host, member, reason), Fiber.interrupt(member.session)))

/** Never ends: announces who came and who went, once for all that do so together. */
export const announce = (host: Host): Effect.Effect<never> =>
  Effect.forever(Effect.andThen(Queue.take(host.unannounced), host.membership.announce))

/** Never ends: dismisses members that do not read their lists, or end the connection for them. */
export const dismissLost = (host: Host): Effect.Effect<never> =>
  Effect.forever(
    Effect.flatMap(Queue.take(host.fanout.losses), ({ reason, receiver }) =>
      dismiss(host, receiver, reason === "Unread" ? "SlowReader" : "DistributionLost")),
    { disableYield: true }
  )

/** Removes all members, as the host itself leaves. Their sessions end with it. */
export const removeAll = Effect.fnUntraced(function*(host: Host) {
  for (const member of Members.values(yield* host.membership.members)) yield* leave(host, member, "HostLeft")
  yield* host.membership.announce
})
