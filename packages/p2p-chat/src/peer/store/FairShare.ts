/**
 * What each origin has in the store, ordered by weight. A share's weight is the larger of its two quota fractions, of the
 * messages and of the bytes that the store may hold. So an origin with no more of both than an equal part of what own
 * messages leave loses nothing, whether the others send many small messages or large ones.
 */
import { Order } from "effect"
import type { ChatConfig } from "../../ChatConfig.ts"
import * as SortedMap from "../collections/SortedMap.ts"
import * as MessageQueue from "./MessageQueue.ts"

/** The bounds that a share is a fraction of. */
export type Bounds = Pick<ChatConfig, "maxStored" | "maxStoredBytes">

/** How much an origin holds, and since when: who ranks highest gives way first. */
export interface Rank {
  readonly weight: number
  /** The serial of the origin's oldest message. */
  readonly oldest: number
}

/** The shares of all origins that have something in the store. */
export interface FairShare {
  readonly bounds: Bounds
  readonly shares: SortedMap.SortedMap<string, MessageQueue.MessageQueue>
  /** The same, the heaviest first. */
  readonly ranking: SortedMap.SortedMap<Rank, MessageQueue.MessageQueue>
}

/** The heavier share comes first. Of two that weigh the same, the one with the oldest message does. */
const byRank: Order.Order<Rank> = (one, other) => {
  if (one.weight !== other.weight) return one.weight > other.weight ? -1 : 1
  return Order.Number(one.oldest, other.oldest)
}

/** No origin has anything in the store. */
export const empty = (bounds: Bounds): FairShare => ({
  bounds,
  shares: SortedMap.empty(Order.String),
  ranking: SortedMap.empty(byRank)
})

/** The oldest message of the heaviest origin. */
export const heaviest = ({ ranking }: FairShare): MessageQueue.Stored | undefined => {
  const share = SortedMap.first(ranking)
  return share === undefined ? undefined : SortedMap.first(share.messages)
}

/** Changes the share of an origin. */
export const update = (
  { bounds, ranking, shares }: FairShare,
  origin: string,
  change: (share: MessageQueue.MessageQueue) => MessageQueue.MessageQueue
): FairShare => {
  const before = shares.get(origin) ?? MessageQueue.empty
  const after = change(before)
  const others = SortedMap.remove(ranking, rankOf(before, bounds))
  if (after.messages.size === 0) return { bounds, shares: SortedMap.remove(shares, origin), ranking: others }
  const ranked = SortedMap.set(others, rankOf(after, bounds), after)
  return { bounds, shares: SortedMap.set(shares, origin, after), ranking: ranked }
}

const rankOf = (share: MessageQueue.MessageQueue, { maxStored, maxStoredBytes }: Bounds): Rank => ({
  weight: Math.max(share.messages.size / maxStored, share.bytes / maxStoredBytes),
  oldest: SortedMap.first(share.messages)?.serial ?? 0
})
