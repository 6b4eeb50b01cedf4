/** What a running peer offers in every protocol, by the same names. The scope that it was made in is its life. */
import type { PeerAddress } from "@peerage/transport"
import type { Effect, Stream, SubscriptionRef } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { Status } from "./Rejoining.ts"

/** A running peer. `Failure` is how its network can be lost for good. */
export interface PeerService<Event, Reason extends string = string, Failure = never> {
  /** The address by which others know this peer. */
  readonly self: PeerAddress.PeerAddress
  /** Where it listens, possibly at a wildcard address. */
  readonly address: NetAddress.InetAddress
  /** The peers that it knows, never with itself. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  /** What happens from now on. Never fails, ends with the scope. */
  readonly events: Stream.Stream<Event>
  /** Whether it is in its network; Left when the scope has ended. */
  readonly status: SubscriptionRef.SubscriptionRef<Status<Reason>>
  /** Never succeeds: fails with what ended it for good. Never fails where nothing but the scope ends it. */
  readonly left: Effect.Effect<never, Failure>
}
