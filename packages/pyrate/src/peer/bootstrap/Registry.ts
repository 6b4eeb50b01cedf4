/**
 * The peers that are registered with a bootstrap, in order, each until it is silent for too long. Pure: times are
 * inputs, in milliseconds. (docs/wire/pyrate.md, sections 1.1 and 4.)
 */
import { PeerAddress } from "@peerage/transport"
import { Duration, HashMap, Option } from "effect"
import type { Registration } from "../../exchange/Bootstrap.ts"
import type { PyrateConfig } from "../../PyrateConfig.ts"
import type { PyrateEvent } from "../../PyrateEvent.ts"
import * as OldestFirst from "../OldestFirst.ts"

/** The bounds of a registry. */
export type Limits = Pick<PyrateConfig, "expiry" | "maxRegistrations" | "maxRegistrationsPerAddress">

/** The times of a registered peer. */
export interface Times {
  /** When it registered. */
  readonly since: number
  /** When it was last heard of. */
  readonly heard: number
}

/** Registered peers. */
export interface Registry {
  /** All, in the order of their registration. */
  readonly listed: ReadonlyArray<PeerAddress.PeerAddress>
  /** The times of each, the one first that was not heard of for longest. */
  readonly times: OldestFirst.OldestFirst<PeerAddress.PeerAddress, Times>
  readonly perHost: HashMap.HashMap<string, number>
}

/** Nobody is registered. */
export const empty: Registry = { listed: [], times: OldestFirst.empty(), perHost: HashMap.empty() }

/** A message about the registration of a peer. */
export interface Request extends Pick<Registration, "_tag"> {
  readonly peer: PeerAddress.PeerAddress
}

/** The current time, and the bounds. */
export interface Circumstances {
  readonly now: number
  readonly limits: Limits
}

/** The registry after a change, and what to announce. */
export type Step = readonly [ReadonlyArray<PyrateEvent>, Registry]

/** Forgets expired peers, then does what a message asks for. */
export const handle = (before: Registry, request: Request, circumstances: Circumstances): Step => {
  const [expired, registry] = expire(before, circumstances)
  const [events, after] = apply(registry, request, circumstances)
  return [[...expired, ...events], after]
}

const apply = (registry: Registry, { _tag, peer }: Request, circumstances: Circumstances): Step => {
  const times = OldestFirst.get(registry.times, peer)
  // Quirk: a keep-alive brings nobody back, as with the original; an expired peer has to register again.
  if (times === undefined) return _tag === "Register" ? register(registry, peer, circumstances) : [[], registry]
  if (_tag === "Unregister") return [[{ _tag: "Left", peer, reason: "Unregistered" }], forget(registry, peer)]
  return [[], { ...registry, times: OldestFirst.set(registry.times, peer, { ...times, heard: circumstances.now }) }]
}

const register = (registry: Registry, peer: PeerAddress.PeerAddress, { limits, now }: Circumstances): Step => {
  const host = PeerAddress.host(peer)
  const there = Option.getOrElse(HashMap.get(registry.perHost, host), () => 0)
  if (registry.listed.length >= limits.maxRegistrations || there >= limits.maxRegistrationsPerAddress) {
    return [[{ _tag: "Rejected", host, reason: "TooMany" }], registry]
  }
  return [[{ _tag: "Joined", peer }], {
    listed: [...registry.listed, peer],
    times: OldestFirst.set(registry.times, peer, { since: now, heard: now }),
    perHost: HashMap.set(registry.perHost, host, there + 1)
  }]
}

const forget = ({ listed, perHost, times }: Registry, peer: PeerAddress.PeerAddress): Registry => ({
  listed: listed.toSpliced(listed.indexOf(peer), 1),
  times: OldestFirst.remove(times, peer),
  perHost: HashMap.modifyAt(
    perHost,
    PeerAddress.host(peer),
    (there) => Option.filter(Option.map(there, (count) => count - 1), (left) => left > 0)
  )
})

/** Forgets all peers that are silent for longer than the expiry. */
export const expire = (before: Registry, { limits, now }: Circumstances): Step => {
  const events: Array<PyrateEvent> = []
  let registry = before
  while (now > expiresAfter(registry, limits)) {
    const [peer] = OldestFirst.oldest(registry.times) ?? []
    if (peer === undefined) break
    events.push({ _tag: "Left", peer, reason: "Expired" })
    registry = forget(registry, peer)
  }
  return [events, registry]
}

/** The last moment at which no peer has expired; `Infinity` when none is registered. */
export const expiresAfter = ({ times }: Registry, { expiry }: Limits): number => {
  const [, { heard } = { heard: Infinity }] = OldestFirst.oldest(times) ?? []
  return heard + Duration.toMillis(expiry)
}

/** A registered peer. */
export interface Registered extends Times {
  readonly peer: PeerAddress.PeerAddress
  /** When it is forgotten unless it is heard of before. */
  readonly expires: number
}

/** All registered peers with their times, in the order of their registration. */
export const roster = ({ listed, times }: Registry, { expiry }: Pick<Limits, "expiry">): ReadonlyArray<Registered> =>
  listed.flatMap((peer) => {
    const found = OldestFirst.get(times, peer)
    return found === undefined ? [] : [{ peer, ...found, expires: found.heard + Duration.toMillis(expiry) }]
  })
