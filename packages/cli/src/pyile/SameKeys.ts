/** Members that joined with one key, as two runs with the same key file do: they would learn it from their first message. */
import type { AuthPeer, JoinPeer } from "@peerage/pyile"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Effect, Ref, Stream, SubscriptionRef } from "effect"
import type { Secured } from "../secure/Encryption.ts"

/** A peer with a key that is another's too, or this peer's own where no other is named. */
export interface SameKey {
  readonly peer: string
  readonly other?: string
  readonly key: PeerKey
}

/** The peers whose key one before them has, or this peer itself. */
const among = <Peer extends string>(
  peers: ReadonlyArray<Peer>,
  keys: ReadonlyMap<Peer, PeerKey>,
  own: PeerKey
): ReadonlyArray<SameKey> => {
  const before = new Map<PeerKey, string | undefined>([[own, undefined]])
  return peers.flatMap((peer) => {
    const key = keys.get(peer)
    if (key === undefined) return []
    if (!before.has(key)) {
      before.set(key, peer)
      return []
    }
    const other = before.get(key)
    return [{ peer, key, ...(other === undefined ? {} : { other }) }]
  })
}

/** Never ends: reports the members that share a key with this peer, and at a host all that share one, each once while it is here. */
export const watching = Effect.fnUntraced(function*(
  peer: AuthPeer.AuthPeerService | JoinPeer.JoinPeerService,
  secured: Secured
) {
  const { events, keys, peers } = peer
  const told = yield* Ref.make<ReadonlySet<string>>(new Set())
  const isHost = "ban" in peer
  const look = Effect.gen(function*() {
    // In the order in which they joined.
    const found = among(yield* SubscriptionRef.get(peers), yield* keys, secured.key).filter(({ other }) =>
      isHost || other === undefined
    )
    const before = yield* Ref.getAndSet(told, new Set(found.map(({ peer }) => peer)))
    yield* Effect.forEach(
      found.filter(({ peer }) => !before.has(peer)),
      (same) => secured.report({ _tag: "SameKey", ...same }),
      { discard: true }
    )
  })
  yield* look
  yield* Stream.runForEach(events, ({ _tag }) => _tag === "Peers" ? look : Effect.void)
})
