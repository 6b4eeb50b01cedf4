/**
 * A bound on the memory that all connections of a peer take together for what is unfinished or unread. A bound for each
 * connection alone bounds nothing where there are a thousand of them. What exceeds the budget is let go: of the address
 * that holds most, the connection that has held most for longest.
 */
import { Clock, Effect, type Scope } from "effect"

/** What one connection holds. */
export interface Holding {
  readonly address: string
  readonly bytes: number
  /** When it last held less, or gave something back, in milliseconds. */
  readonly since: number
}

/** Which of these to let go. Honest peers give back soon what they hold; bytes times milliseconds tell them apart. */
export const choose = <A extends Holding>(holdings: Iterable<A>, now: number): A | undefined => {
  const totals = new Map<string, number>()
  const all = [...holdings]
  for (const { address, bytes } of all) totals.set(address, (totals.get(address) ?? 0) + bytes)
  const most = Math.max(...totals.values())
  const rank = ({ bytes, since }: Holding) => bytes * (1 + now - since)
  return all.filter(({ address }) => totals.get(address) === most).reduce<A | undefined>(
    (chosen, one) => chosen === undefined || rank(one) > rank(chosen) ? one : chosen,
    undefined
  )
}

/** What all hold together, and how much that may be. */
export interface Excess {
  readonly held: number
  readonly limit: number
}

/** The part of one connection. */
export interface Share {
  /** Says how many bytes the connection holds now. Where that is too much, lets go of this or others. */
  readonly hold: (bytes: number) => Effect.Effect<void>
  /** How many bytes it holds. */
  readonly held: () => number
}

/** The budget of one peer. */
export interface Budget {
  /** A share for the scope's life. `letGo` is called once at most, and nothing counts for this share afterwards. */
  readonly enter: (
    address: string,
    letGo: (excess: Excess) => Effect.Effect<unknown>
  ) => Effect.Effect<Share, never, Scope.Scope>
}

interface Entry {
  readonly address: string
  readonly letGo: (excess: Excess) => Effect.Effect<unknown>
  bytes: number
  since: number
}

/** A budget of so many bytes. */
export const make = (limit: number): Budget => {
  const entries = new Set<Entry>()
  let total = 0

  const leave = (entry: Entry): void => {
    if (entries.delete(entry)) total -= entry.bytes
  }
  const shrink = (now: number): Effect.Effect<void> =>
    Effect.suspend(() => {
      const held = total
      const chosen = held > limit ? choose(entries, now) : undefined
      if (chosen === undefined) return Effect.void
      leave(chosen)
      return Effect.andThen(chosen.letGo({ held, limit }), shrink(now))
    })
  const hold = (entry: Entry, bytes: number): Effect.Effect<void> =>
    Clock.clockWith((clock) => {
      if (!entries.has(entry)) return Effect.void
      const now = clock.currentTimeMillisUnsafe()
      if (entry.bytes === 0 || bytes < entry.bytes) entry.since = now
      total += bytes - entry.bytes
      entry.bytes = bytes
      // What was chosen counts no longer: it is let go, whoever ends meanwhile.
      return total > limit ? Effect.uninterruptible(shrink(now)) : Effect.void
    })

  return {
    enter: (address, letGo) =>
      Effect.acquireRelease(
        Effect.sync(() => {
          const entry: Entry = { address, letGo, bytes: 0, since: 0 }
          entries.add(entry)
          return entry
        }),
        (entry) => Effect.sync(() => leave(entry))
      ).pipe(Effect.map((entry) => ({ hold: (bytes) => hold(entry, bytes), held: () => entry.bytes })))
  }
}
