/** What every peer of a board is, and what happens there. */
import type { LinkError, Rejoining } from "@peerage/wire"
import type { Effect, Stream, SubscriptionRef } from "effect"
import type * as NetAddress from "effect/net/NetAddress"

export type BoardEvent =
  | { readonly _tag: "Joined" | "Left"; readonly peer: string }
  | { readonly _tag: "Posted"; readonly from: string; readonly post: string }

/** Everything that a session can fail with. */
export type SessionError = LinkError.ReceiveError | LinkError.SendError

export interface Peer<E = never> {
  readonly self: string
  /** Where the host takes joiners. */
  readonly address: NetAddress.InetAddress
  /** All who are here, without this peer. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<string>>
  /** What happens from now on. Never fails, ends with the peer's scope. */
  readonly events: Stream.Stream<BoardEvent>
  readonly status: SubscriptionRef.SubscriptionRef<Rejoining.Status>
  /** Never succeeds: fails with what ended the peer for good. */
  readonly left: Effect.Effect<never, E>
  readonly post: (text: string) => Effect.Effect<void, LinkError.SendError>
}

/** What happened from one list of peers to the next. */
export const changes = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): ReadonlyArray<BoardEvent> => [
  ...before.filter((peer) => !after.includes(peer)).map((peer) => ({ _tag: "Left", peer }) as const),
  ...after.filter((peer) => !before.includes(peer)).map((peer) => ({ _tag: "Joined", peer }) as const)
]
