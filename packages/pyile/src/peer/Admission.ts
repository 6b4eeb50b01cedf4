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
import { type Ban, BanStore } from "./BanStore.ts"
import type { BanStoreError } from "../PyileError.ts"

/** What a wrong password leads to. */
export type Verdict = { readonly _tag: "Retry"; readonly remaining: number } | { readonly _tag: "Ban" }

/** `failures` counts this attempt too. */
export const judge = (failures: number, allowed: number): Verdict =>
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
  readonly ban: (network: IpNetwork.IpNetwork, options?: BanOptions) => Effect.Effect<Ban, BanStoreError>
  /** Bars an address for a while without writing it down. */
  readonly bar: (network: IpNetwork.IpNetwork, options: BanOptions) => Effect.Effect<Ban>
  /** Lifts a ban; false when there was none. Wrong passwords from there are forgotten too. */
  readonly unban: (network: IpNetwork.IpNetwork) => Effect.Effect<boolean, BanStoreError>
  /** The bans in force. */
  readonly bans: Effect.Effect<ReadonlyArray<Ban>>
  readonly limbo: Effect.Effect<ReadonlyArray<Suspect>>
}

const encoder = new TextEncoder()
// What an original can send: it reads a password with one recv of 2048 bytes.
const comparedBytes = 2048

const padded = (text: string): Uint8Array => {
  const bytes = new Uint8Array(comparedBytes)
  encoder.encodeInto(text, bytes)
  return bytes
}

/** Compares without telling by its time where two passwords differ, or how long the right one is. */
export const matches = (password: Redacted.Redacted<string>, shadow: Redacted.Redacted<Schema.Json>): boolean => {
  const given = Redacted.value(shadow)
  const text = typeof given === "string" ? given : ""
  const same = timingSafeEqual(padded(Redacted.value(password)), padded(text))
  return same && typeof given === "string" && text.length === Redacted.value(password).length
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
  const unrecorded = new Set<Ban>()
  const limbo = new Map<string, number>()
  for (const ban of yield* store.load) bans.set(IpNetwork.format(ban.network), ban)

  const current = (now: number): ReadonlyArray<Ban> => {
    for (const [key, ban] of bans) {
      if (!inForce(now)(ban)) bans.delete(key)
    }
    return [...bans.values()]
  }

  const covered = (host: string, now: number): boolean => {
    const ip = NetAddress.ipFromStringUnsafe(host)
    return current(now).some((ban) => IpNetwork.contains(ban.network, ip))
  }

  const set = (network: IpNetwork.IpNetwork, options: BanOptions, now: number): Ban => {
    const until = options.for === undefined
      ? Option.none()
      : Option.some(DateTime.makeUnsafe(now + Duration.toMillis(Duration.fromInputUnsafe(options.for))))
    const ban: Ban = { network, reason: options.reason ?? "banned by the host", until }
    bans.set(IpNetwork.format(network), ban)
    return ban
  }

  const record = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.suspend(() => store.save(current(now).filter((ban) => !unrecorded.has(ban)))))

  const blame = (host: string, now: number): Attempt => {
    const failures = (limbo.get(host) ?? 0) + 1
    limbo.delete(host)
    const verdict = judge(failures, policy.attempts)
    if (verdict._tag === "Ban") {
      return { _tag: "Ban", ban: set(networkOf(host), { reason: `${failures} wrong passwords`, for: policy.banFor }, now) }
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
        const verdict = blame(host, now)
        if (verdict._tag !== "Ban") return Effect.succeed(verdict)
        // The ban is in force whether or not it can be kept beyond this process.
        const kept = Effect.catch(record, (error) => Effect.logError(error.message))
        return Effect.as(kept, verdict)
      }),
    ban: (network, options = {}) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.as(record, set(network, options, now))),
    bar: (network, options) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        // A bar for a moment must not shorten a ban.
        const known = bans.get(IpNetwork.format(network))
        if (known !== undefined && inForce(now)(known) && !unrecorded.has(known)) return known
        const ban = set(network, options, now)
        unrecorded.add(ban)
        return ban
      }),
    unban: (network) =>
      Effect.suspend(() => {
        if (network.prefixLength === NetAddress.width(network.address)) limbo.delete(NetAddress.formatIp(network.address))
        return bans.delete(IpNetwork.format(network)) ? Effect.as(record, true) : Effect.succeed(false)
      }),
    bans: Effect.map(Clock.currentTimeMillis, current),
    limbo: Effect.sync(() => Array.from(limbo, ([host, failures]) => ({ host, failures })))
  }
})

/** The network that is just one address. */
export const networkOf = (host: string): IpNetwork.IpNetwork =>
  IpNetwork.fromAddressUnsafe(NetAddress.ipFromStringUnsafe(host), 32)
