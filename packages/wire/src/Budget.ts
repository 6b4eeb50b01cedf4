/**
 * A bound on the memory that all connections of a peer take together for what is unfinished or unread. A bound for each
 * connection alone bounds nothing where there are a thousand of them. What exceeds the budget is let go: of the address
 * that holds most, the connection that has held most for longest.
 */
import { OptionValue } from "@peerage/transport"
import { Clock, Context, Effect, type Scope } from "effect"

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

/** Ends what a connection holds. */
export type LetGo = (excess: Excess) => Effect.Effect<unknown>

/** The part of one connection. */
export interface Share {
  /** Says how many bytes the connection holds now. Where that is too much, lets go of this or others at once. */
  readonly hold: (bytes: number) => void
  /** How many bytes it holds. */
  readonly held: () => number
  /** Nothing counts for it any more. */
  readonly leave: () => void
}

/** The budget of one peer. */
export interface Budget {
  /** A share until it leaves. `letGo` runs once at most, when it has left, in a fiber of its own that begins at once. */
  readonly enter: (address: string, letGo: LetGo) => Share
}

interface Entry {
  readonly address: string
  readonly letGo: LetGo
  bytes: number
  since: number
}

/** A budget of so many bytes. */
export const make = (limit: number): Effect.Effect<Budget> =>
  Effect.map(Effect.context<never>(), (services) => {
    OptionValue.check("limit of Budget.make", limit, OptionValue.rate)
    const clock = Context.get(services, Clock.Clock)
    const run = Effect.runForkWith(services)
    const entries = new Set<Entry>()
    let total = 0

    const leave = (entry: Entry): void => {
      if (entries.delete(entry)) total -= entry.bytes
    }
    const shrink = (now: number): void => {
      while (total > limit) {
        const held = total
        const chosen = choose(entries, now)
        if (chosen === undefined) return
        leave(chosen)
        run(chosen.letGo({ held, limit }))
      }
    }
    const hold = (entry: Entry, bytes: number): void => {
      if (bytes === entry.bytes || !entries.has(entry)) return
      const now = clock.currentTimeMillisUnsafe()
      if (entry.bytes === 0 || bytes < entry.bytes) entry.since = now
      total += bytes - entry.bytes
      entry.bytes = bytes
      if (total > limit) shrink(now)
    }

    return {
      enter: (address, letGo) => {
        const entry: Entry = { address, letGo, bytes: 0, since: 0 }
        entries.add(entry)
        return { hold: (bytes) => hold(entry, bytes), held: () => entry.bytes, leave: () => leave(entry) }
      }
    }
  })

/** A share for the scope's life. */
export const share = (
  budget: Budget,
  address: string,
  letGo: LetGo
): Effect.Effect<Share, never, Scope.Scope> =>
  Effect.acquireRelease(Effect.sync(() => budget.enter(address, letGo)), ({ leave }) => Effect.sync(leave))
