/** Whose key is whose, as far as addresses tell. */
import * as PeerKey from "@peerage/transport/PeerKey"
import { Effect, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Style } from "../room/Style.ts"
import { Encryption, type Secured } from "./Encryption.ts"

/** A key, and the four groups of digits by which people compare it. */
export interface KnownKey {
  readonly key: PeerKey.PeerKey
  readonly fingerprint: string
}

/** The keys of peers, by their addresses. */
export type KeysOf = Readonly<Record<string, KnownKey>>

const hostOf = (address: string) => address.slice(0, address.lastIndexOf(":"))

/** An open session: where its peer is, and its key. A peer that dialed is at another port than it listens at. */
export type Seen = readonly [address: string, key: PeerKey.PeerKey]

/**
 * The key of one of the peers at these addresses: that of the session with it, or the only key that is left at its host
 * where it is the only peer left there. Pure.
 */
export const keyAt = (
  address: string,
  sessions: ReadonlyArray<Seen>,
  peers: ReadonlyArray<string>
): PeerKey.PeerKey | undefined => {
  const at = new Map(sessions)
  const isNear = (other: string) => hostOf(other) === hostOf(address)
  const taken = new Set(peers.map((peer) => at.get(peer)))
  const [left, another] = new Set(sessions.flatMap(([at, key]) => isNear(at) && !taken.has(key) ? [key] : []))
  const isOnly = another === undefined && peers.filter((peer) => isNear(peer) && !at.has(peer)).length === 1
  return at.get(address) ?? (isOnly ? left : undefined)
}

/** The open sessions; none where nothing is encrypted. */
const sessions: Effect.Effect<ReadonlyArray<Seen>> = Effect.flatMap(
  Encryption,
  (secured) =>
    secured === undefined
      ? Effect.succeed([])
      : Effect.map(
        SubscriptionRef.get(secured.sessions.open),
        (open) => open.map(({ key, remote }) => [NetAddress.formatInet(remote), key] as const)
      )
)

/**
 * The keys of the peers at these addresses: those that the protocol `told`, and others as far as sessions show them;
 * `undefined` where nothing is encrypted.
 */
export const keysOf = Effect.fnUntraced(function*(addresses: ReadonlyArray<string>, told: Iterable<Seen> = []) {
  const secured = yield* Encryption
  const seen = [...(yield* sessions), ...told]
  if (secured === undefined) return undefined
  const known = addresses.flatMap((address) => {
    const key = keyAt(address, seen, addresses)
    return key === undefined ? [] : [[address, { key, fingerprint: secured.fingerprint(key) }] as const]
  })
  return Object.fromEntries(known)
})

/** What people compare of the keys at these addresses, for a page, whose requests know nothing of the room. */
export const fingerprints =
  (secured: Secured | undefined) => (addresses: ReadonlyArray<string>): Effect.Effect<ReadonlyMap<string, string>> =>
    keysOf(addresses).pipe(
      Effect.map((keys = {}) =>
        new Map(Object.entries(keys).map(([address, { fingerprint }]) => [address, fingerprint]))
      ),
      Effect.provideService(Encryption, secured)
    )

/** What stands behind a peer in a list: its key, where that is known. */
export const suffix = (keys: KeysOf | undefined, address: string, { dim }: Pick<Style, "dim">): string => {
  const known = keys?.[address]
  return known === undefined ? "" : dim(`  ${known.fingerprint}`)
}

/** Whether a text is four groups by which people compare a key. */
export const isCompared = (text: string): boolean => /^[0-9a-f]{4}(-[0-9a-f]{4}){3}$/i.test(text)

/** Whether a text is a key, or what people compare of one. */
export const isKey = (text: string): boolean => isCompared(text) || PeerKey.parse(text) !== undefined

/** What people compare of a key. */
export const compared = (key: PeerKey.PeerKey): Effect.Effect<string> =>
  Effect.map(Encryption, (secured) => secured?.fingerprint(key) ?? key)

/** The one among some keys that is meant by a text: the key itself, or what people compare of it. */
export const named = (
  text: string,
  keys: ReadonlyArray<PeerKey.PeerKey>
): Effect.Effect<PeerKey.PeerKey | undefined> =>
  Effect.map(
    Encryption,
    (secured) => keys.find((key) => key === text || secured?.fingerprint(key) === text.toLowerCase())
  )
