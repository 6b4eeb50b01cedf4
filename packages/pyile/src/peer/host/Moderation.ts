/** What a host may do about peers that it does not want: ban them, kick them, and lift bans. */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { DateTime, Effect, Option, Result } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"
import type { BanStoreError } from "../../PyileError.ts"
import type { PyileEvent } from "../../PyileEvent.ts"
import * as Members from "../Members.ts"
import type { Admission } from "./Admission.ts"
import { type BanOptions, networkOf } from "./AdmissionState.ts"
import type { Ban } from "./BanStore.ts"
import * as Host from "./Host.ts"

/** Whom a ban is for: an address as `10.0.0.7`, a prefix as `10.0.0.0/8`, or a network. */
export type BanTarget = string | IpNetwork.IpNetwork

/** The verbs of moderation. */
export interface Moderation extends Pick<Admission, "bans" | "limbo"> {
  /** Bans, and removes the members it is for. Then the `BanStore` keeps it: a failure means that it could not. */
  readonly ban: (target: BanTarget, options?: BanOptions) => Effect.Effect<Ban, BanStoreError>
  /** Lifts a ban, or what a kick left; false when there was none for exactly this target. */
  readonly unban: (target: BanTarget) => Effect.Effect<boolean, BanStoreError>
  /** Removes a member and bars its address for `kickFor`; false when it is none. */
  readonly kick: (peer: PeerAddress.PeerAddress) => Effect.Effect<boolean>
}

/** Reads a ban's target; `undefined` when it is neither an IPv4 address nor a prefix. */
export const parseTarget = (text: string): IpNetwork.IpNetwork | undefined =>
  Result.getOrUndefined(IpNetwork.ipv4FromString(text.includes("/") ? text : `${text}/32`))

const networkFor = (target: BanTarget): Effect.Effect<IpNetwork.IpNetwork> => {
  const network = typeof target === "string" ? parseTarget(target) : target
  return network === undefined
    ? Effect.die(new TypeError(`not an IPv4 address or prefix: ${target}`))
    : Effect.succeed(network)
}

/** A ban as an event. */
export const bannedEvent = (ban: Ban): PyileEvent => ({
  _tag: "Banned",
  host: nameOf(ban.network),
  ...Option.match(ban.until, { onNone: () => ({}), onSome: (until) => ({ until: DateTime.formatIso(until) }) })
})

/** A network as people write it: a single address without its prefix length. */
export const nameOf = (network: IpNetwork.IpNetwork): string =>
  network.prefixLength === NetAddress.width(network.address)
    ? NetAddress.formatIp(network.address)
    : IpNetwork.format(network)

/** Moderation of one host. */
export const make = (host: Host.Host): Moderation => ({
  ban: Effect.fnUntraced(function*(target, options) {
    const network = yield* networkFor(target)
    const ban = yield* Effect.uninterruptible(enforce(host, network, options))
    yield* host.admission.keep
    return ban
  }),
  unban: Effect.fnUntraced(function*(target) {
    const network = yield* networkFor(target)
    const lifted = yield* host.admission.unban(network)
    if (!lifted) return false
    yield* host.events.publish([{ _tag: "Unbanned", host: nameOf(network) }])
    yield* host.admission.keep
    return true
  }),
  bans: host.admission.bans,
  kick: Effect.fnUntraced(function*(peer) {
    const member = Members.get(yield* host.membership.members, peer)
    if (member === undefined) return false
    const network = networkOf(NetAddress.formatHost(member.remote))
    const ban = yield* host.admission.bar(network, { reason: "kicked", for: host.config.kickFor })
    yield* Host.dismiss(host, member, "Kicked")
    yield* host.membership.announce
    yield* host.events.publish([bannedEvent(ban)])
    return true
  }),
  limbo: host.admission.limbo
})

const enforce = Effect.fnUntraced(function*(host: Host.Host, network: IpNetwork.IpNetwork, options?: BanOptions) {
  const ban = yield* host.admission.ban(network, options)
  yield* host.events.publish([bannedEvent(ban)])
  for (const member of Members.values(yield* host.membership.members)) {
    if (IpNetwork.contains(network, member.remote.address)) yield* Host.dismiss(host, member, "Banned")
  }
  return ban
})
