/**
 * The peers that are registered with a bootstrap, in order, each until it is silent for too long. Pure: times are
 * inputs, in milliseconds. (docs/wire/pyrate.md, sections 1.1 and 4.)
 */
import { PeerAddress } from "@peerage/transport"
import { Duration, HashMap, Option } from "effect"
import type { Registration } from "../../exchange/Registration.ts"
import type { PyrateConfig } from "../../PyrateConfig.ts"
import type { PyrateEvent } from "../../PyrateEvent.ts"
import * as OldestFirst from "../OldestFirst.ts"

/** The bounds of a registry. */
export type Limits = Pick<PyrateConfig, "expiry" | "maxRegistrations" | "maxRegistrationsPerAddress">

/** Registered peers. */
export interface Registry {
  /** All, in the order of their registration. */
  readonly listed: ReadonlyArray<PeerAddress.PeerAddress>
  /** When each was last heard of. */
  readonly heard: OldestFirst.OldestFirst<PeerAddress.PeerAddress, number>
  readonly perHost: HashMap.HashMap<string, number>
}

/** Nobody is registered. */
export const empty: Registry = { listed: [], heard: OldestFirst.empty(), perHost: HashMap.empty() }

/** A message about the registration of a peer. */
export interface Request {
  readonly _tag: Registration["_tag"]
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
  const isListed = OldestFirst.get(registry.heard, peer) !== undefined
  switch (_tag) {
    case "Register":
      return isListed ? [[], refresh(registry, peer, circumstances.now)] : register(registry, peer, circumstances)
    case "KeepAlive":
      // Quirk: a keep-alive brings nobody back, as with the original; an expired peer has to register again.
      return [[], isListed ? refresh(registry, peer, circumstances.now) : registry]
    case "Unregister":
      return isListed ? [[{ _tag: "Left", peer, reason: "Unregistered" }], forget(registry, peer)] : [[], registry]
  }
}

const registeredAt = ({ perHost }: Registry, host: string): number =>
  Option.getOrElse(HashMap.get(perHost, host), () => 0)

const register = (registry: Registry, peer: PeerAddress.PeerAddress, { limits, now }: Circumstances): Step => {
  const host = PeerAddress.host(peer)
  const there = registeredAt(registry, host)
  if (registry.listed.length >= limits.maxRegistrations || there >= limits.maxRegistrationsPerAddress) {
    return [[{ _tag: "Rejected", host, reason: "TooMany" }], registry]
  }
  return [[{ _tag: "Joined", peer }], {
    listed: [...registry.listed, peer],
    heard: OldestFirst.set(registry.heard, peer, now),
    perHost: HashMap.set(registry.perHost, host, there + 1)
  }]
}

const refresh = (registry: Registry, peer: PeerAddress.PeerAddress, now: number): Registry => ({
  ...registry,
  heard: OldestFirst.set(registry.heard, peer, now)
})

const forget = (registry: Registry, peer: PeerAddress.PeerAddress): Registry => {
  const host = PeerAddress.host(peer)
  const left = registeredAt(registry, host) - 1
  return {
    listed: registry.listed.toSpliced(registry.listed.indexOf(peer), 1),
    heard: OldestFirst.remove(registry.heard, peer),
    perHost: left === 0 ? HashMap.remove(registry.perHost, host) : HashMap.set(registry.perHost, host, left)
  }
}

/** Forgets all peers that are silent for longer than the expiry. */
export const expire = (before: Registry, { limits, now }: Circumstances): Step => {
  const events: Array<PyrateEvent> = []
  let registry = before
  for (let peer = registry.heard.oldest; peer !== undefined; peer = registry.heard.oldest) {
    if (now <= expiresAfter(registry, limits)) break
    events.push({ _tag: "Left", peer, reason: "Expired" })
    registry = forget(registry, peer)
  }
  return [events, registry]
}

/** The last moment at which no peer has expired; `Infinity` when none is registered. */
export const expiresAfter = ({ heard }: Registry, { expiry }: Limits): number =>
  heard.oldest === undefined ? Infinity : (OldestFirst.get(heard, heard.oldest) ?? 0) + Duration.toMillis(expiry)
