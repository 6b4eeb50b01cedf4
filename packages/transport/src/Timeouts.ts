/**
 * Timeouts for callbacks. Thousands may wait at once: all that wait equally long under one clock share one timer, a fiber
 * that sleeps until the first of them is due. Effect's own timeouts race two fibers for each wait, which is more than all
 * the rest of a connection that carries one message.
 */
import { Clock, Context, Duration, Effect, type Fiber } from "effect"

const nanosPerMilli = 1_000_000

/** Milliseconds of a clock that only goes forward, whatever becomes of the time of day. */
export const read = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / nanosPerMilli

/** `read` of the clock in use. */
export const now: Effect.Effect<number> = Effect.map(Clock.Clock, read)

// In milliseconds. Where times are fractions, a deadline can be so near that sleeping until then does not move the clock,
// and a loop that waits for it would go round for ever.
const shortest = 0.001

/** Sleeps for so many milliseconds, and never for none. */
export const pause = (millis: number): Effect.Effect<void> => Effect.sleep(Math.max(millis, shortest))

interface Waiter {
  /** In milliseconds, as `read` has them. */
  readonly due: number
  readonly late: () => void
}

/** One timer for all that wait equally long. The first to come is due first, so only the first is ever looked at. */
class Timer {
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

  /** Adds a waiter; the returned function removes it. The services are for the fiber that sleeps. */
  add(services: Context.Context<never>, late: () => void): () => void {
    const waiter = { due: read(this.clock) + this.millis, late }
    this.waiters.add(waiter)
    this.sleeper ??= Effect.runForkWith(services)(this.sleep)
    return () => {
      if (this.waiters.delete(waiter) && this.waiters.size === 0) this.stop()
    }
  }

  private readonly sleep = Effect.whileLoop({
    while: () => this.waiters.size > 0,
    body: () => Effect.suspend(() => this.untilFirst()),
    step: () => this.callLate()
  })

  /** Never without a pause: the timer knows its fiber only once that has paused. */
  private untilFirst(): Effect.Effect<void> {
    const due = this.waiters.values().next().value?.due ?? 0
    const left = due - read(this.clock)
    return left > 0 ? pause(left) : Effect.yieldNow
  }

  private callLate() {
    for (const waiter of this.waiters) {
      if (waiter.due > read(this.clock)) return
      this.waiters.delete(waiter)
      waiter.late()
    }
    this.stop()
  }

  /** Nothing waits any more: no timer is left behind. */
  private stop() {
    const sleeper = this.sleeper
    if (sleeper === undefined) return
    this.sleeper = undefined
    this.emptied()
    sleeper.interruptUnsafe()
  }
}

const timers = new WeakMap<Clock.Clock, Map<number, Timer>>()

const timerFor = (clock: Clock.Clock, millis: number): Timer => {
  const own = timers.get(clock) ?? new Map<number, Timer>()
  timers.set(clock, own)
  const timer = own.get(millis) ?? new Timer(clock, millis, () => own.delete(millis))
  own.set(millis, timer)
  return timer
}

/** Calls `late` after `within`, by the clock of these services. Call the returned function to cancel that. */
export const start = (
  within: Duration.Duration,
  services: Context.Context<never>,
  late: () => void
): () => void => timerFor(Context.get(services, Clock.Clock), Duration.toMillis(within)).add(services, late)

/**
 * Waits until `resume` is called, or for `within`, and then gives `late()`; the earlier of the two counts. `register` is
 * called once, at once. The function that it returns is called when a timeout or an interruption ends the wait.
 */
export const wait = <A, E>(
  within: Duration.Duration,
  register: (resume: (result: Effect.Effect<A, E>) => void) => (() => void) | void,
  late: () => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) =>
    Effect.callback((resume) => {
      let cancel = () => {}
      let resumed = false
      const abandon = register((result) => {
        resumed = true
        cancel()
        resume(result)
      })
      if (resumed) return
      cancel = start(within, fiber.context, () => {
        abandon?.()
        resume(late())
      })
      return Effect.sync(() => {
        cancel()
        abandon?.()
      })
    })
  )
