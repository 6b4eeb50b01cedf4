/** Bans as a map: whom they are for, which of them are in force, and which are for an address. Pure. */
import { DateTime, Duration, Option } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"
import { type Ban, nameOf, type Target } from "./BanFile.ts"

/** Networks and keys that may not join, by their text. */
export type Bans = ReadonlyMap<string, Ban>

/** These bans. */
export const of = (bans: ReadonlyArray<Ban>): Bans => new Map(bans.map((ban) => [nameOf(ban), ban]))

/** Options of a ban. */
export interface BanOptions {
  /** Default "banned by the host". */
  readonly reason?: string | undefined
  /** How long it lasts; for ever without. */
  readonly for?: Duration.Input | undefined
}

/** The network that is just one address. */
export const networkOf = (host: string): IpNetwork.IpNetwork =>
  IpNetwork.fromAddressUnsafe(NetAddress.ipFromStringUnsafe(host), 32)

/** The address that a target is, where it is just one. */
export const hostOf = (target: Target): string | undefined =>
  typeof target !== "string" && target.prefixLength === 32 ? NetAddress.formatIp(target.address) : undefined

const inForce = (ban: Ban, now: number): boolean =>
  Option.match(ban.until, { onNone: () => true, onSome: (until) => DateTime.toEpochMillis(until) > now })

/** Those in force. */
export const current = (bans: Bans, now: number): ReadonlyArray<Ban> =>
  [...bans.values()].filter((ban) => inForce(ban, now))

/** Those in force, as a map. */
export const expire = (bans: Bans, now: number): Bans => new Map([...bans].filter(([, ban]) => inForce(ban, now)))

/** The one of this name, where it is in force. */
export const found = (bans: Bans, name: string, now: number): Ban | undefined => {
  const ban = bans.get(name)
  return ban !== undefined && inForce(ban, now) ? ban : undefined
}

/** The bans in force for this address. */
export const covering = (bans: Bans, host: string, now: number): Iterable<Ban> =>
  bans.size === 0 ? [] : among(bans, host, now)

function* among(bans: Bans, host: string, now: number): Generator<Ban> {
  const exact = found(bans, `${host}/32`, now)
  if (exact !== undefined) yield exact
  for (const ban of bans.values()) {
    if ("key" in ban || ban.network.prefixLength === 32 || !inForce(ban, now)) continue
    if (IpNetwork.contains(ban.network, NetAddress.ipFromStringUnsafe(host))) yield ban
  }
}

/** A ban from now on. */
export const make = (target: Target, options: BanOptions, now: number): Ban => ({
  ...(typeof target === "string" ? { key: target } : { network: target }),
  reason: options.reason ?? "banned by the host",
  until: options.for === undefined
    ? Option.none()
    : Option.some(DateTime.makeUnsafe(now + Duration.toMillis(Duration.fromInputUnsafe(options.for))))
})

/** The bans with one more, in place of an earlier one of the same name. */
export const add = (bans: Bans, ban: Ban): Bans => new Map(bans).set(nameOf(ban), ban)

/** A map without a key. */
export const without = <V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> => {
  if (!map.has(key)) return map
  const rest = new Map(map)
  rest.delete(key)
  return rest
}
