/**
 * Who may try to join, as plain data changed by pure functions: wrong passwords are counted per address and lead to a
 * ban; bans end by themselves or by hand. Times are milliseconds since 1970.
 */
import { DateTime, Duration, Option } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"
import type { BanStatus } from "../../codec/Message.ts"
import type { Ban } from "./BanStore.ts"

/** Networks that may not join, by their text. */
export type Bans = ReadonlyMap<string, Ban>

/** Bans, bars and wrong passwords. */
export interface AdmissionState {
  readonly bans: Bans
  /** Bans for a while, after a kick, which no store keeps. One neither shortens a ban nor is shortened by it. */
  readonly bars: Bans
  /** Wrong passwords of each address since its last right one, the address that failed longest ago first. */
  readonly failures: ReadonlyMap<string, number>
}

/** When wrong passwords lead to a ban. */
export interface Policy {
  /** Wrong passwords from one address that ban it. */
  readonly attempts: number
  /** How long such a ban lasts; for ever without. */
  readonly banFor?: Duration.Input | undefined
  /** Addresses whose wrong passwords are remembered; the oldest are forgotten first. */
  readonly maxLimbo: number
}

/** Options of a ban. */
export interface BanOptions {
  /** Default "banned by the host". */
  readonly reason?: string | undefined
  /** How long it lasts; for ever without. */
  readonly for?: Duration.Input | undefined
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

/** These bans, and no wrong passwords. */
export const fromBans = (bans: ReadonlyArray<Ban>): AdmissionState => ({
  bans: new Map(bans.map((ban) => [IpNetwork.format(ban.network), ban])),
  bars: new Map(),
  failures: new Map()
})

/** The network that is just one address. */
export const networkOf = (host: string): IpNetwork.IpNetwork =>
  IpNetwork.fromAddressUnsafe(NetAddress.ipFromStringUnsafe(host), 32)

const inForce = (ban: Ban, now: number): boolean =>
  Option.match(ban.until, { onNone: () => true, onSome: (until) => DateTime.toEpochMillis(until) > now })

const current = (bans: Bans, now: number): ReadonlyArray<Ban> => [...bans.values()].filter((ban) => inForce(ban, now))

/** The bans in force. */
export const bans = (state: AdmissionState, now: number): ReadonlyArray<Ban> => current(state.bans, now)

/** The bans and bars in force. */
export const bansAndBars = (state: AdmissionState, now: number): ReadonlyArray<Ban> => [
  ...current(state.bans, now),
  ...current(state.bars, now)
]

/** A ban in force for this address. */
const covering = (bans: Bans, host: string, now: number): Ban | undefined => {
  const exact = bans.get(`${host}/32`)
  if (exact !== undefined && inForce(exact, now)) return exact
  for (const ban of bans.values()) {
    if (ban.network.prefixLength === 32 || !inForce(ban, now)) continue
    if (IpNetwork.contains(ban.network, NetAddress.ipFromStringUnsafe(host))) return ban
  }
  return undefined
}

/** What an address is told: whether it may try, and where it is barred and not banned, in how many seconds it may. */
export const status = ({ bans, bars }: AdmissionState, host: string, now: number): BanStatus => {
  if (covering(bans, host, now) !== undefined) return { banned: true }
  const bar = covering(bars, host, now)
  if (bar === undefined) return { banned: false }
  return Option.match(bar.until, {
    onNone: () => ({ banned: true }),
    onSome: (until) => ({ banned: true, retry_after: Math.ceil((DateTime.toEpochMillis(until) - now) / 1000) })
  })
}

/** True when a ban or a bar is in force for this address. */
export const isBanned = (state: AdmissionState, host: string, now: number): boolean => status(state, host, now).banned

const banOf = (network: IpNetwork.IpNetwork, options: BanOptions, now: number): Ban => ({
  network,
  reason: options.reason ?? "banned by the host",
  until: options.for === undefined
    ? Option.none()
    : Option.some(DateTime.makeUnsafe(now + Duration.toMillis(Duration.fromInputUnsafe(options.for))))
})

const withBan = (bans: Bans, ban: Ban): Bans => new Map(bans).set(IpNetwork.format(ban.network), ban)

/** Bans a network, in place of an earlier ban of the same network. */
export const ban = (
  state: AdmissionState,
  network: IpNetwork.IpNetwork,
  { now, ...options }: BanOptions & { readonly now: number }
): readonly [AdmissionState, Ban] => {
  const made = banOf(network, options, now)
  return [{ ...state, bans: withBan(state.bans, made) }, made]
}

/** Bars a network for a while. */
export const bar = (
  state: AdmissionState,
  network: IpNetwork.IpNetwork,
  { now, ...options }: BanOptions & { readonly now: number }
): readonly [AdmissionState, Ban] => {
  const made = banOf(network, options, now)
  return [{ ...state, bars: withBan(state.bars, made) }, made]
}

const without = <V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> => {
  if (!map.has(key)) return map
  const rest = new Map(map)
  rest.delete(key)
  return rest
}

/** Lifts a ban and a bar; false when there was neither. Wrong passwords from there are forgotten too. */
export const lift = (
  { bans, bars, failures }: AdmissionState,
  network: IpNetwork.IpNetwork
): readonly [AdmissionState, boolean] => {
  const key = IpNetwork.format(network)
  const host = network.prefixLength === 32 ? NetAddress.formatIp(network.address) : undefined
  return [
    {
      bans: without(bans, key),
      bars: without(bars, key),
      failures: host === undefined ? failures : without(failures, host)
    },
    bans.has(key) || bars.has(key)
  ]
}

/** Removes what is no longer in force. */
export const expire = (state: AdmissionState, now: number): AdmissionState => {
  const rest = (bans: Bans): Bans => new Map([...bans].filter(([, ban]) => inForce(ban, now)))
  return { ...state, bans: rest(state.bans), bars: rest(state.bars) }
}

/** One more wrong password, which bans the address or is remembered. */
const blame = (
  state: AdmissionState,
  host: string,
  { now, policy }: { readonly now: number; readonly policy: Policy }
): readonly [AdmissionState, Attempt] => {
  const failed = (state.failures.get(host) ?? 0) + 1
  const failures = new Map(state.failures)
  failures.delete(host)
  const verdict = judge(failed, policy.attempts)
  if (verdict === "Ban") {
    const options = { reason: `${failed} wrong ${failed === 1 ? "password" : "passwords"}`, for: policy.banFor, now }
    const [banned, made] = ban({ ...state, failures }, networkOf(host), options)
    return [banned, { _tag: "Ban", ban: made }]
  }
  failures.set(host, failed)
  const oldest = failures.keys().next().value
  if (failures.size > policy.maxLimbo && oldest !== undefined) failures.delete(oldest)
  return [{ ...state, failures }, { _tag: "Retry", ...verdict }]
}

/** A password came from `host`: admitted, refused, or counted. */
export const attempt = (
  state: AdmissionState,
  host: string,
  { correct, now, policy }: { readonly correct: boolean; readonly now: number; readonly policy: Policy }
): readonly [AdmissionState, Attempt] => {
  if (isBanned(state, host, now)) return [state, { _tag: "Refused" }]
  if (!correct) return blame(state, host, { now, policy })
  return [{ ...state, failures: without(state.failures, host) }, { _tag: "Admitted" }]
}
