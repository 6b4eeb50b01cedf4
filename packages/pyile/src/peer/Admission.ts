/**
 * Who may try to join: wrong passwords are counted per address and lead to a ban, and bans end by themselves or by hand.
 *
 * The decision is `judge`; everything here happens in one synchronous step, so that a thousand guesses at once are
 * still a thousand guesses.
 */
import { Clock, DateTime, Duration, Effect, Option, Redacted, type Schema } from "effect"
import { timingSafeEqual } from "effect/crypto/Mac"
import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"
import type { BanStoreError } from "../PyileError.ts"
import { type Ban, BanStore } from "./BanStore.ts"

/** What a wrong password leads to. */
export type Verdict = { readonly _tag: "Retry"; readonly remaining: number } | { readonly _tag: "Ban" }

/** `failures` counts this attempt too. */
const judge = (failures: number, allowed: number): Verdict =>
  failures >= allowed ? { _tag: "Ban" } : { _tag: "Retry", remaining: allowed - failures }

/** What became of an attempt. `Refused`: the address was banned while the attempt was under way. */
export type Attempt =
  | { readonly _tag: "Admitted" }
  | { readonly _tag: "Refused" }
  | { readonly _tag: "Retry"; readonly remaining: number }
  | { readonly _tag: "Ban"; readonly ban: Ban }

/** An address with wrong passwords on its account. */
export interface Suspect {
  readonly host: string
  readonly failures: number
}

/** Options of a ban. */
export interface BanOptions {
  readonly reason?: string | undefined
  /** How long it lasts; for ever without. */
  readonly for?: Duration.Input | undefined
}

/** The rules of one host. */
export interface Policy {
  /** Wrong passwords from one address that ban it. */
  readonly attempts: number
  /** How long such a ban lasts; for ever without. */
  readonly banFor?: Duration.Input | undefined
  readonly maxLimbo: number
}

/** The keeper of the door. */
export interface Admission {
  readonly isBanned: (host: string) => Effect.Effect<boolean>
  /** Compares a password in constant time, counts, and bans when it is time to. */
  readonly attempt: (host: string, shadow: Redacted.Redacted<Schema.Json>) => Effect.Effect<Attempt>
  readonly ban: (network: IpNetwork.IpNetwork, options?: BanOptions) => Effect.Effect<Ban>
  /** Bars an address for a while: a ban that is not kept, and neither shortens nor is shortened by one that is. */
  readonly bar: (network: IpNetwork.IpNetwork, options: BanOptions) => Effect.Effect<Ban>
  /** Lifts a ban and a bar; false when there was neither. Wrong passwords from there are forgotten too. */
  readonly unban: (network: IpNetwork.IpNetwork) => Effect.Effect<boolean>
  /** Has the store keep the bans in force. They hold whether or not it can. */
  readonly keep: Effect.Effect<void, BanStoreError>
  /** The bans in force, and the bars. */
  readonly bans: Effect.Effect<ReadonlyArray<Ban>>
  readonly limbo: Effect.Effect<ReadonlyArray<Suspect>>
}

/** The first `length` UTF-16 code units of a text; zeros behind its end. Two texts with the same units are the same text. */
const units = (text: string, length: number): Uint8Array => {
  const codes = new Uint16Array(length)
  for (let index = 0; index < length; index++) codes[index] = text.charCodeAt(index)
  return new Uint8Array(codes.buffer)
}

/**
 * Whether the two are the same string, character for character. The time depends on the length of `shadow` alone: it
 * shows neither where the two differ nor how long the password is.
 */
export const matches = (password: Redacted.Redacted<string>, shadow: Redacted.Redacted<Schema.Json>): boolean => {
  const right = Redacted.value(password)
  const given = Redacted.value(shadow)
  const text = typeof given === "string" ? given : ""
  const same = timingSafeEqual(units(right, text.length), units(text, text.length))
  return same && typeof given === "string" && text.length === right.length
}

const inForce = (now: number) => (ban: Ban): boolean =>
  Option.match(ban.until, { onNone: () => true, onSome: (until) => DateTime.toEpochMillis(until) > now })

/** The door with the bans that the store has kept. */
export const make = Effect.fnUntraced(function*(
  password: Redacted.Redacted<string>,
  policy: Policy
): Effect.fn.Return<Admission, BanStoreError> {
  const store = yield* BanStore
  const bans = new Map<string, Ban>()
  const bars = new Map<string, Ban>()
  const limbo = new Map<string, number>()
  for (const ban of yield* store.load) bans.set(IpNetwork.format(ban.network), ban)

  const current = (kept: Map<string, Ban>, now: number): ReadonlyArray<Ban> => {
    for (const [key, ban] of kept) {
      if (!inForce(now)(ban)) kept.delete(key)
    }
    return [...kept.values()]
  }

  const covers = (kept: Map<string, Ban>, host: string, now: number): boolean => {
    const exact = kept.get(`${host}/32`)
    if (exact !== undefined && inForce(now)(exact)) return true
    for (const ban of kept.values()) {
      if (ban.network.prefixLength === 32 || !inForce(now)(ban)) continue
      if (IpNetwork.contains(ban.network, NetAddress.ipFromStringUnsafe(host))) return true
    }
    return false
  }

  const covered = (host: string, now: number): boolean => covers(bans, host, now) || covers(bars, host, now)

  const set = (kept: Map<string, Ban>, network: IpNetwork.IpNetwork, options: BanOptions, now: number): Ban => {
    const until = options.for === undefined
      ? Option.none()
      : Option.some(DateTime.makeUnsafe(now + Duration.toMillis(Duration.fromInputUnsafe(options.for))))
    const ban: Ban = { network, reason: options.reason ?? "banned by the host", until }
    kept.set(IpNetwork.format(network), ban)
    return ban
  }

  const blame = (host: string, now: number): Attempt => {
    const failures = (limbo.get(host) ?? 0) + 1
    limbo.delete(host)
    const verdict = judge(failures, policy.attempts)
    if (verdict._tag === "Ban") {
      return {
        _tag: "Ban",
        ban: set(bans, networkOf(host), { reason: `${failures} wrong passwords`, for: policy.banFor }, now)
      }
    }
    limbo.set(host, failures)
    const oldest = limbo.keys().next().value
    if (limbo.size > policy.maxLimbo && oldest !== undefined) limbo.delete(oldest)
    return verdict
  }

  return {
    isBanned: (host) => Effect.map(Clock.currentTimeMillis, (now) => covered(host, now)),
    attempt: (host, shadow) =>
      Effect.flatMap(Clock.currentTimeMillis, (now): Effect.Effect<Attempt> => {
        if (covered(host, now)) return Effect.succeed({ _tag: "Refused" })
        if (matches(password, shadow)) {
          limbo.delete(host)
          return Effect.succeed({ _tag: "Admitted" })
        }
        return Effect.succeed(blame(host, now))
      }),
    ban: (network, options = {}) => Effect.map(Clock.currentTimeMillis, (now) => set(bans, network, options, now)),
    bar: (network, options) => Effect.map(Clock.currentTimeMillis, (now) => set(bars, network, options, now)),
    unban: (network) =>
      Effect.sync(() => {
        if (network.prefixLength === 32) limbo.delete(NetAddress.formatIp(network.address))
        const key = IpNetwork.format(network)
        const barred = bars.delete(key)
        return bans.delete(key) || barred
      }),
    keep: Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.suspend(() => store.save(current(bans, now)))),
    bans: Effect.map(Clock.currentTimeMillis, (now) => [...current(bans, now), ...current(bars, now)]),
    limbo: Effect.sync(() => Array.from(limbo, ([host, failures]) => ({ host, failures })))
  }
})

/** The network that is just one address. */
export const networkOf = (host: string): IpNetwork.IpNetwork =>
  IpNetwork.fromAddressUnsafe(NetAddress.ipFromStringUnsafe(host), 32)
