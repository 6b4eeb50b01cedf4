/** Fibers that wait for what a callback brings. Each continues inside the callback that ends its wait. */
import { OptionValue, Timeouts } from "@peerage/transport"
import { type Context, Duration, Effect } from "effect"
import { PeerUnresponsive } from "../LinkError.ts"

/** The result of a wait, `undefined` where it has not come. */
export type Look<A, E> = () => Effect.Effect<A, E> | undefined

/** How long to wait, and the result after that. */
export interface Limit<A, E> {
  readonly within: Duration.Duration
  readonly late: () => Effect.Effect<A, E>
}

/** Fails when the peer did not do what is awaited; `undefined` for waiting for ever. */
export const limit = (
  input: Duration.Input | undefined,
  awaited: () => string
): Limit<never, PeerUnresponsive> | undefined => input === undefined ? undefined : limitOf(input, awaited)

/**
 * A time that was given for one step. Dies for one that cannot be: NaN would be no time at all. Numbers, texts and durations
 * cost no look at a schema, as they come with each message.
 */
export const timeOf = (input: Duration.Input): Duration.Duration => {
  const isPlain = typeof input !== "object" || Duration.isDuration(input)
  if (!isPlain || Number.isNaN(input)) OptionValue.check("the time of a step", input, OptionValue.lifetime)
  const time = Duration.fromInputUnsafe(input)
  if (Duration.isNegative(time)) OptionValue.check("the time of a step", input, OptionValue.lifetime)
  return time
}

/** `limit` where there is one. */
export const limitOf = (input: Duration.Input, awaited: () => string): Limit<never, PeerUnresponsive> => {
  const within = timeOf(input)
  return { within, late: () => Effect.fail(new PeerUnresponsive({ awaited: awaited(), within })) }
}

/** A fiber or a callback that waits for the result of a look. One object for all that belongs to a wait. */
class Waiter<A, E> implements Timeouts.Waiter {
  private waits = true
  private timeout: Timeouts.Timeout | undefined
  private readonly waiting: Waiting
  private readonly look: Look<A, E>
  private readonly found: (result: Effect.Effect<A, E>) => void
  private readonly limit: Limit<A, E> | undefined

  constructor(
    waiting: Waiting,
    look: Look<A, E>,
    found: (result: Effect.Effect<A, E>) => void,
    limit: Limit<A, E> | undefined
  ) {
    this.waiting = waiting
    this.look = look
    this.found = found
    this.limit = limit
  }

  start(services: Context.Context<never>): void {
    if (this.limit !== undefined) this.timeout = Timeouts.begin(this.limit.within, services, this)
  }

  again(): void {
    // Not one that was let go while others looked.
    const result = this.waits ? this.look() : undefined
    if (result !== undefined) this.end(result)
  }

  late(): void {
    if (this.limit !== undefined) this.end(this.limit.late())
  }

  leave(): void {
    this.waits = false
    this.timeout?.cancel(this)
    this.waiting.remove(this)
  }

  /** The fiber continues inside this call, so an interruption cannot come between taking and having. */
  private end(result: Effect.Effect<A, E>): void {
    this.leave()
    this.found(result)
  }
}

const none: ReadonlyArray<Pick<Waiter<never, never>, "again">> = []

/** Those that wait on one side of a pipe. Makes nothing before the first wait, as thousands of links are idle. */
export class Waiting {
  private waiters = none

  /** Looks `first` at once, then on each `wake`, until there is a result. */
  until<A, E>(look: Look<A, E>, limit?: Limit<A, E>, first = look): Effect.Effect<A, E> {
    return Effect.withFiber(({ context }) =>
      Effect.callback((resume) => {
        const result = first()
        if (result !== undefined) return resume(result)
        const waiter = this.add(new Waiter(this, look, resume, limit))
        waiter.start(context)
        return Effect.sync(() => waiter.leave())
      })
    )
  }

  /** Calls `found` once with a result, at once or later. Call the returned function to end that. */
  watch<A, E>(look: Look<A, E>, found: (result: Effect.Effect<A, E>) => void): () => void {
    const result = look()
    if (result !== undefined) {
      found(result)
      return () => {}
    }
    const waiter = this.add(new Waiter(this, look, found, undefined))
    return () => waiter.leave()
  }

  /** Lets all look that wait. What they begin to wait for meanwhile has its first look itself. */
  wake(): void {
    for (const waiter of this.waiters) waiter.again()
  }

  /** Lets one go. */
  remove(waiter: (typeof none)[number]): void {
    this.waiters = this.waiters.length === 1 && this.waiters[0] === waiter
      ? none
      : this.waiters.filter((other) => other !== waiter)
  }

  private add<A, E>(waiter: Waiter<A, E>): Waiter<A, E> {
    // Mostly one waits, so a list that is made anew costs less than a set.
    this.waiters = this.waiters.length === 0 ? [waiter] : [...this.waiters, waiter]
    return waiter
  }
}
