/** Fibers that wait for what a callback brings. Each continues inside the callback that ends its wait. */
import { OptionValue, Timeouts } from "@peerage/transport"
import { Duration, Effect } from "effect"
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

const none: ReadonlyArray<() => void> = []

/** Those that wait on one side of a pipe. Makes nothing before the first wait, as thousands of links are idle. */
export class Waiting {
  private looks: ReadonlyArray<() => void> = none

  /** Looks `first` at once, then on each `wake`, until there is a result. */
  until<A, E>(look: Look<A, E>, limit?: Limit<A, E>, first = look): Effect.Effect<A, E> {
    const register = (resume: (result: Effect.Effect<A, E>) => void) => this.watch(look, resume, first)
    if (limit !== undefined) return Timeouts.wait(limit.within, register, limit.late)
    return Effect.callback((resume) => {
      const leave = register(resume)
      return leave === undefined ? undefined : Effect.sync(leave)
    })
  }

  /** `until` as a callback: calls `found` once, at once or later. Call the returned function, if any, to end that. */
  watch<A, E>(look: Look<A, E>, found: (result: Effect.Effect<A, E>) => void, first = look): (() => void) | void {
    const result = first()
    return result === undefined ? this.add(look, found) : found(result)
  }

  /** Lets all look that wait. What they begin to wait for meanwhile has its first look itself. */
  wake(): void {
    for (const look of this.looks) look()
  }

  private add<A, E>(look: Look<A, E>, resume: (result: Effect.Effect<A, E>) => void): () => void {
    const again = () => {
      // One that was let go while others looked.
      if (!this.looks.includes(again)) return
      const result = look()
      if (result === undefined) return
      leave()
      // The fiber continues inside this call, so an interruption cannot come between taking and having.
      resume(result)
    }
    const leave = () => {
      this.looks = this.looks.length === 1 && this.looks[0] === again ? none : this.looks.filter((one) => one !== again)
    }
    // Mostly one waits, so a list that is made anew costs less than a set.
    this.looks = this.looks.length === 0 ? [again] : [...this.looks, again]
    return leave
  }
}
