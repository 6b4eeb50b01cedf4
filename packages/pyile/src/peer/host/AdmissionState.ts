/**
 * Who may try to join, as plain data changed by pure functions: wrong passwords are counted per address and lead to a
 * ban; bans, of addresses and of keys, end by themselves or by hand. Times are milliseconds since 1970.
 */
import type { PeerKey } from "@peerage/transport"
import { DateTime, type Duration, Option } from "effect"
import type { BanStatus } from "../../codec/Message.ts"
import { type Ban, nameOf, type Target, textOf } from "./BanFile.ts"
import * as Bans from "./Bans.ts"

export { type BanOptions, networkOf } from "./Bans.ts"

/** A peer that wants to join: its address, and on a secure transport its key. */
export interface Visitor {
  readonly host: string
  readonly key?: PeerKey.PeerKey | undefined
}

/** Bans, bars and wrong passwords. */
export interface AdmissionState {
  readonly bans: Bans.Bans
  /** Bans for a while, after a kick, which no store keeps. One neither shortens a ban nor is shortened by it. */
  readonly bars: Bans.Bans
  /** Wrong passwords of each address since its last right one, the address that failed longest ago first. */
  readonly failures: ReadonlyMap<string, number>
  /** Bans that wrong passwords have led to, since the start: they do not keep out keys that are known. */
  readonly guessed: ReadonlySet<string>
  /** Keys whose latest password was right, the longest known first. */
  readonly known: ReadonlySet<PeerKey.PeerKey>
}

/** When wrong passwords lead to a ban. */
export interface Policy {
  /** Wrong passwords from one address that ban it. */
  readonly attempts: number
  /** How long such a ban lasts; for ever without. */
  readonly banFor?: Duration.Input | undefined
  /** Addresses whose wrong passwords, and keys whose right ones are remembered; the oldest are forgotten first. */
  readonly maxLimbo: number
}

/** What became of an attempt. `Refused`: the address was banned while the attempt was under way. */
export type Attempt =
  | { readonly _tag: "Admitted" }
  | { readonly _tag: "Refused" }
  | { readonly _tag: "Retry"; readonly remaining: number }
  | { readonly _tag: "Ban"; readonly ban: Ban }

/** What a wrong password leads to. `failures` counts this one too. */
const judge = (failures: number, allowed: number): "Ban" | { readonly remaining: number } =>
  failures >= allowed ? "Ban" : { remaining: allowed - failures }

/** These bans, these known keys, and no wrong passwords. */
export const fromBans = (bans: ReadonlyArray<Ban>, known: ReadonlyArray<PeerKey.PeerKey> = []): AdmissionState => ({
  bans: Bans.of(bans),
  bars: new Map(),
  failures: new Map(),
  guessed: new Set(),
  known: new Set(known)
})

/** The bans in force. */
export const bans = (state: AdmissionState, now: number): ReadonlyArray<Ban> => Bans.current(state.bans, now)

/** The bans and bars in force. */
export const bansAndBars = (state: AdmissionState, now: number): ReadonlyArray<Ban> => [
  ...Bans.current(state.bans, now),
  ...Bans.current(state.bars, now)
]

/** A ban in force for this peer. `known`: it has proved to be one that may come in, whatever others guess. */
const against = ({ bans, guessed }: AdmissionState, { host, key }: Visitor, known: boolean, now: number) => {
  const ofKey = key === undefined ? undefined : Bans.found(bans, key, now)
  if (ofKey !== undefined) return ofKey
  for (const ban of Bans.covering(bans, host, now)) if (!known || !guessed.has(nameOf(ban))) return ban
  return undefined
}

/** Whether the latest password of this peer's key was right. */
export const isKnown = ({ known }: AdmissionState, { key }: Visitor): boolean => key !== undefined && known.has(key)

/** What a peer is told: whether it may try, and where it is barred and not banned, in how many seconds it may. */
export const status = (state: AdmissionState, visitor: Visitor, now: number): BanStatus => {
  if (against(state, visitor, isKnown(state, visitor), now) !== undefined) return { banned: true }
  const { host, key } = visitor
  const ofKey = key === undefined ? undefined : Bans.found(state.bars, key, now)
  const [bar = ofKey] = Bans.covering(state.bars, host, now)
  if (bar === undefined) return { banned: false }
  return Option.match(bar.until, {
    onNone: () => ({ banned: true }),
    onSome: (until) => ({ banned: true, retry_after: Math.ceil((DateTime.toEpochMillis(until) - now) / 1000) })
  })
}

/** True when a ban or a bar is in force for this peer. */
export const isBanned = (state: AdmissionState, visitor: Visitor, now: number): boolean =>
  status(state, visitor, now).banned

/** What becomes of a peer at a secure transport: it goes on to the passphrase, or is refused. */
export type Verdict = "Pass" | "Banned" | "TooManyGuesses"

/**
 * Whether a secure transport is to let a peer in. `known`: it knows the key. It lets in whom there is only a bar for, as
 * that peer is told for how long.
 */
export const verdict = (
  state: AdmissionState,
  visitor: Visitor & { readonly known: boolean },
  now: number
): Verdict => {
  if (against(state, visitor, true, now) !== undefined) return "Banned"
  const guessed = visitor.known ? undefined : against(state, visitor, false, now)
  if (guessed === undefined) return "Pass"
  return Option.isSome(guessed.until) ? "TooManyGuesses" : "Banned"
}

/** Bans a network or a key, in place of an earlier ban of the same. */
export const ban = (
  state: AdmissionState,
  target: Target,
  { now, ...options }: Bans.BanOptions & { readonly now: number }
): readonly [AdmissionState, Ban] => {
  const made = Bans.make(target, options, now)
  return [{ ...state, bans: Bans.add(state.bans, made), guessed: withoutName(state.guessed, nameOf(made)) }, made]
}

/** Bars a network or a key for a while. */
export const bar = (
  state: AdmissionState,
  target: Target,
  { now, ...options }: Bans.BanOptions & { readonly now: number }
): readonly [AdmissionState, Ban] => {
  const made = Bans.make(target, options, now)
  return [{ ...state, bars: Bans.add(state.bars, made) }, made]
}

const withoutName = <V>(set: ReadonlySet<V>, name: V): ReadonlySet<V> =>
  set.has(name) ? new Set([...set].filter((other) => other !== name)) : set

/** Lifts a ban and a bar; false when there was neither. Wrong passwords from there are forgotten too. */
export const lift = (state: AdmissionState, target: Target): readonly [AdmissionState, boolean] => {
  const { bans, bars, failures, guessed } = state
  const name = textOf(target)
  const host = Bans.hostOf(target)
  return [
    {
      ...state,
      bans: Bans.without(bans, name),
      bars: Bans.without(bars, name),
      failures: host === undefined ? failures : Bans.without(failures, host),
      guessed: withoutName(guessed, name)
    },
    bans.has(name) || bars.has(name)
  ]
}

/** Removes what is no longer in force. */
export const expire = (state: AdmissionState, now: number): AdmissionState => {
  const bans = Bans.expire(state.bans, now)
  return {
    ...state,
    bans,
    bars: Bans.expire(state.bars, now),
    guessed: new Set([...state.guessed].filter((name) => bans.has(name)))
  }
}

/** What somebody who may not join guesses: the password, or on a secure transport its passphrase. */
export type Secret = "password" | "passphrase"

/** What is guessed at a host. `keyed`: its transport has keys, so it is a secure one. */
export const secretAt = (keyed: boolean): Secret => keyed ? "passphrase" : "password"

/** Guesses in words: `1 wrong password`, `3 wrong passphrases`. */
export const wrong = (secret: Secret, count: number): string => `${count} wrong ${secret}${count === 1 ? "" : "s"}`

/** What was wrong, as its ban calls it. */
interface Blame {
  readonly secret: Secret
  readonly now: number
  readonly policy: Policy
}

/** One more wrong password or passphrase from an address, which bans it or is remembered. */
const blame = (
  state: AdmissionState,
  host: string,
  { now, policy, secret }: Blame
): readonly [AdmissionState, Attempt] => {
  const failed = (state.failures.get(host) ?? 0) + 1
  const failures = new Map(state.failures)
  failures.delete(host)
  const verdict = judge(failed, policy.attempts)
  if (verdict === "Ban") {
    const options = { reason: wrong(secret, failed), for: policy.banFor, now }
    const [banned, made] = ban({ ...state, failures }, Bans.networkOf(host), options)
    return [{ ...banned, guessed: new Set(banned.guessed).add(nameOf(made)) }, { _tag: "Ban", ban: made }]
  }
  failures.set(host, failed)
  const oldest = failures.keys().next().value
  if (failures.size > policy.maxLimbo && oldest !== undefined) failures.delete(oldest)
  return [{ ...state, failures }, { _tag: "Retry", ...verdict }]
}

/** The keys with one more, for which the longest known make room. */
const withKnown = (known: AdmissionState["known"], key: PeerKey.PeerKey, most: number): AdmissionState["known"] =>
  known.has(key) ? known : new Set([...known, key].slice(-most))

/**
 * A password came from a peer: admitted, refused, or counted. A key that is known already does not clear its address of
 * what others there guess.
 */
export const attempt = (
  state: AdmissionState,
  visitor: Visitor,
  { correct, now, policy }: { readonly correct: boolean; readonly now: number; readonly policy: Policy }
): readonly [AdmissionState, Attempt] => {
  const { host, key } = visitor
  if (isBanned(state, visitor, now)) return [state, { _tag: "Refused" }]
  if (!correct) {
    const known = key === undefined ? state.known : withoutName(state.known, key)
    return blame({ ...state, known }, host, { secret: "password", now, policy })
  }
  const failures = isKnown(state, visitor) ? state.failures : Bans.without(state.failures, host)
  const known = key === undefined ? state.known : withKnown(state.known, key, policy.maxLimbo)
  return [{ ...state, failures, known }, { _tag: "Admitted" }]
}

/** A wrong passphrase came from a peer at a secure transport. It counts as a wrong password of the address. */
export const guess = (
  state: AdmissionState,
  { host }: Visitor,
  { now, policy }: { readonly now: number; readonly policy: Policy }
): readonly [AdmissionState, Attempt] =>
  against(state, { host }, false, now) === undefined
    ? blame(state, host, { secret: "passphrase", now, policy })
    : [state, { _tag: "Refused" }]
