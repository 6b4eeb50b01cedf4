/** What a host may do about peers that it does not want: ban them, kick them, and lift bans. */
import { PeerKey } from "@peerage/transport"
import type * as PeerAddress from "@peerage/transport/PeerAddress"
import { DateTime, Effect, Option, Queue, Result } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"
import type { BanStoreError } from "../../PyileError.ts"
import type { PyileEvent } from "../../PyileEvent.ts"
import * as Members from "../Members.ts"
import type { Admission } from "./Admission.ts"
import { type BanOptions, networkOf } from "./AdmissionState.ts"
import { type Target, targetOf, textOf } from "./BanFile.ts"
import type { Ban } from "./BanStore.ts"
import * as Host from "./Host.ts"

export { type Target, targetOf }

/** Whom a ban is for: an address as `10.0.0.7`, a prefix as `10.0.0.0/8`, a key, or a network. */
export type BanTarget = string | Target

/** The verbs of moderation. */
export interface Moderation extends Pick<Admission, "bans" | "limbo"> {
  /** Bans, and removes the members it is for. Then the `BanStore` keeps it: a failure means that it could not. */
  readonly ban: (target: BanTarget, options?: BanOptions) => Effect.Effect<Ban, BanStoreError>
  /** Bans a member's key, where it has one, and the address that it comes from, as `ban` does. No bans when it is none. */
  readonly banPeer: (
    peer: PeerAddress.PeerAddress,
    options?: BanOptions
  ) => Effect.Effect<ReadonlyArray<Ban>, BanStoreError>
  /** Lifts a ban, or what a kick left; false when there was none for exactly this target. */
  readonly unban: (target: BanTarget) => Effect.Effect<boolean, BanStoreError>
  /** Removes a member and bars its key, or where it has none its address, for `kickFor`; false when it is none. */
  readonly kick: (peer: PeerAddress.PeerAddress) => Effect.Effect<boolean>
}

/** Reads a ban's target; `undefined` when it is neither an IPv4 address nor a prefix nor a key. */
export const parseTarget = (text: string): Target | undefined =>
  PeerKey.parse(text) ?? Result.getOrUndefined(IpNetwork.ipv4FromString(text.includes("/") ? text : `${text}/32`))

const targetFor = (target: BanTarget): Effect.Effect<Target> => {
  const parsed = typeof target === "string" ? parseTarget(target) : target
  return parsed === undefined
    ? Effect.die(new TypeError(`not an IPv4 address or prefix, nor a key: ${target}`))
    : Effect.succeed(parsed)
}

const namesOf = (target: Target) => ({
  host: nameOf(target),
  ...(typeof target === "string" ? { key: target } : {})
})

/** A ban as an event. */
export const bannedEvent = (ban: Ban): PyileEvent => ({
  _tag: "Banned",
  ...namesOf(targetOf(ban)),
  ...Option.match(ban.until, { onNone: () => ({}), onSome: (until) => ({ until: DateTime.formatIso(until) }) })
})

/** A ban's target as people write it: a single address without its prefix length. */
export const nameOf = (target: Target): string =>
  typeof target === "string" || target.prefixLength !== NetAddress.width(target.address)
    ? textOf(target)
    : NetAddress.formatIp(target.address)

/** Moderation of one host. */
export const make = (host: Host.Host): Moderation => ({
  ban: Effect.fnUntraced(function*(target, options) {
    const ban = yield* Effect.uninterruptible(enforce(host, yield* targetFor(target), options))
    yield* host.admission.keep
    return ban
  }),
  banPeer: Effect.fnUntraced(function*(peer, options) {
    const member = Members.get(yield* host.membership.members, peer)
    if (member === undefined) return []
    const targets = [...(member.key === undefined ? [] : [member.key]), networkOf(member.host)]
    const bans = yield* Effect.uninterruptible(
      Effect.forEach(targets, (target) => enforce(host, target, options))
    )
    yield* host.admission.keep
    return bans
  }),
  unban: Effect.fnUntraced(function*(text) {
    const target = yield* targetFor(text)
    const lifted = yield* host.admission.unban(target)
    if (!lifted) return false
    yield* host.events.publish([{ _tag: "Unbanned", ...namesOf(target) }])
    yield* host.admission.keep
    return true
  }),
  bans: host.admission.bans,
  kick: Effect.fnUntraced(function*(peer) {
    const member = Members.get(yield* host.membership.members, peer)
    if (member === undefined) return false
    const target = member.key ?? networkOf(member.host)
    const ban = yield* host.admission.bar(target, { reason: "kicked", for: host.config.kickFor })
    yield* Host.dismiss(host, member, "Kicked")
    yield* host.membership.announce
    yield* host.events.publish([bannedEvent(ban)])
    return true
  }),
  limbo: host.admission.limbo
})

const isFor = (target: Target, { host, key }: Host.Member): boolean =>
  typeof target === "string" ? target === key : IpNetwork.contains(target, NetAddress.ipFromStringUnsafe(host))

const enforce = Effect.fnUntraced(function*(host: Host.Host, target: Target, options?: BanOptions) {
  const ban = yield* host.admission.ban(target, options)
  yield* host.events.publish([bannedEvent(ban)])
  for (const member of Members.values(yield* host.membership.members)) {
    if (isFor(target, member)) yield* Host.dismiss(host, member, "Banned")
  }
  return ban
})

/** Never ends: announces bans that wrong passphrases at the gate have led to, and has them kept. */
export const announceGuesses = ({ admission, events, history }: Host.Host): Effect.Effect<never> =>
  Effect.forever(
    Effect.flatMap(Queue.take(admission.guessBans), (ban) => announceGuess({ admission, events, history }, ban))
  )

/** Announces a ban that wrong passwords have led to, and has it kept. */
export const announceGuess = Effect.fnUntraced(function*(
  { admission, events, history }: Pick<Host.Host, "admission" | "events" | "history">,
  ban: Ban
) {
  yield* history.log("WARNING", `${nameOf(targetOf(ban))} is banned after ${ban.reason}`)
  yield* events.publish([bannedEvent(ban)])
  yield* Effect.catch(admission.keep, (error) => Effect.logError(error.message))
})
