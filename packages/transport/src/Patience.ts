/**
 * Waiting for a callback, but not for ever, for who waits thousands of times: Effect's own timeouts race two fibers each,
 * which is more than all the rest of a connection that carries one message.
 *
 * Whoever waits equally long under one clock shares one fiber that sleeps until the first of them has waited enough.
 */
import { Clock, Context, Duration, Effect, type Fiber } from "effect"
import * as Deadline from "./Deadline.ts"

interface Waiter {
  /** By the clock that only goes forward, in milliseconds. */
  readonly due: number
  readonly late: () => void
}

/** All who wait for one length of time. Who came first is due first, so that only the first is ever looked at. */
class Line {
  private readonly waiters = new Set<Waiter>()
  private sleeper: Fiber.Fiber<void> | undefined
  private readonly clock: Clock.Clock
  private readonly millis: number
  private readonly emptied: () => void
  constructor(clock: Clock.Clock, millis: number, emptied: () => void) {
    this.clock = clock
    this.millis = millis
    this.emptied = emptied
  }

  /** Has `late` called unless what this returns is called before. The services are for the fiber that sleeps. */
  join(services: Context.Context<never>, late: () => void): () => void {
    const waiter = { due: Deadline.read(this.clock) + this.millis, late }
    this.waiters.add(waiter)
    this.sleeper ??= Effect.runForkWith(services)(this.sleep)
    return () => {
      if (this.waiters.delete(waiter) && this.waiters.size === 0) this.close()
    }
  }

  private readonly sleep = Effect.whileLoop({
    while: () => this.waiters.size > 0,
    body: () => Effect.suspend(() => this.rest()),
    step: () => this.callLate()
  })

  /** Until the first is due. Never without a pause, as the fiber is not known to the line until it makes one. */
  private rest(): Effect.Effect<void> {
    const due = this.waiters.values().next().value?.due ?? 0
    const left = due - Deadline.read(this.clock)
    return left > 0 ? Deadline.pause(left) : Effect.yieldNow
  }

  /** Calls all whose time has come. */
  private callLate() {
    for (const waiter of this.waiters) {
      if (waiter.due > Deadline.read(this.clock)) return
      this.waiters.delete(waiter)
      waiter.late()
    }
    this.close()
  }

  /** Nobody waits any more: no timer is left behind. */
  private close() {
    const sleeper = this.sleeper
    if (sleeper === undefined) return
    this.sleeper = undefined
    this.emptied()
    sleeper.interruptUnsafe()
  }
}

const lines = new WeakMap<Clock.Clock, Map<number, Line>>()

const lineFor = (clock: Clock.Clock, millis: number): Line => {
  const own = lines.get(clock) ?? new Map<number, Line>()
  lines.set(clock, own)
  const line = own.get(millis) ?? new Line(clock, millis, () => own.delete(millis))
  own.set(millis, line)
  return line
}

/**
 * Calls `late` after `within`, by the clock of these services, unless what this returns is called before. For who waits
 * in a callback.
 */
export const enter = (
  within: Duration.Duration,
  services: Context.Context<never>,
  late: () => void
): () => void => lineFor(Context.get(services, Clock.Clock), Duration.toMillis(within)).join(services, late)

/**
 * Waits for `resume`, or for `within`, and then gives `late()`. Whichever comes first counts. `register` is called once,
 * synchronously; what it returns is called when `resume` is not waited for any more, for lateness or an interruption.
 */
export const wait = <A, E>(
  within: Duration.Duration,
  register: (resume: (result: Effect.Effect<A, E>) => void) => (() => void) | void,
  late: () => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) =>
    Effect.callback((resume) => {
      let leave = () => {}
      let resumed = false
      const abandon = register((result) => {
        resumed = true
        leave()
        resume(result)
      })
      if (resumed) return
      leave = enter(within, fiber.context, () => {
        abandon?.()
        resume(late())
      })
      return Effect.sync(() => {
        leave()
        abandon?.()
      })
    })
  )
