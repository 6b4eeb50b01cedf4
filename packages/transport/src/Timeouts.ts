/**
 * Timeouts for callbacks. Thousands may wait at once: all that wait equally long under one clock share one timer, a
 * fiber that sleeps until the first of them is due. Effect's own timeouts race two fibers for each wait, which costs
 * more than everything else in a connection that carries one message.
 */
import { Clock, Context, Duration, Effect, type Fiber } from "effect"

const nanosPerMilli = 1_000_000

/** Milliseconds of the monotonic clock, which does not follow changes of the system time. */
export const read = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / nanosPerMilli

/** Milliseconds since 1970, by the system time. */
export const sinceEpoch = (clock: Clock.Clock): number => clock.currentTimeMillisUnsafe()

/** `read` of the current clock. */
export const now: Effect.Effect<number> = Effect.map(Clock.Clock, read)

/**
 * The shortest wait, in milliseconds. A deadline can be a rounding error away: a shorter sleep would not move the clock, and a
 * loop that waits for the deadline would never end.
 */
export const shortest = 0.001

/** Sleeps for so many milliseconds, at least one microsecond. */
export const pause = (millis: number): Effect.Effect<void> => Effect.sleep(Math.max(millis, shortest))

/** Something that waits. One object, as thousands begin to wait each second. */
export interface Waiter {
  /** Called once where it waits for too long. */
  readonly late: () => void
}

/** What a wait can be cancelled at. */
export interface Timeout {
  /** Forgets a waiter, which is then never late. */
  readonly cancel: (waiter: Waiter) => void
}

/** One timer for all that wait equally long. They are due in the order they came, so only the first is checked. */
class Timer implements Timeout {
  /** When each is due, in milliseconds as `read` returns them. */
  private readonly waiters = new Map<Waiter, number>()
  private sleeper: Fiber.Fiber<void> | undefined
  /** True where it is looked soon whether anything still waits. */
  private ending = false
  private readonly clock: Clock.Clock
  private readonly millis: number
  private readonly onEmpty: () => void
  constructor(clock: Clock.Clock, millis: number, onEmpty: () => void) {
    this.clock = clock
    this.millis = millis
    this.onEmpty = onEmpty
  }

  /** Adds a waiter. The timer's fiber runs with `services`. */
  add(services: Context.Context<never>, waiter: Waiter): void {
    this.waiters.set(waiter, read(this.clock) + this.millis)
    this.sleeper ??= Effect.runForkWith(services)(this.sleep)
  }

  cancel(waiter: Waiter): void {
    if (this.waiters.delete(waiter) && this.waiters.size === 0) this.stopSoon()
  }

  private readonly sleep = Effect.whileLoop({
    while: () => this.waiters.size > 0,
    body: () => Effect.suspend(() => this.untilFirst()),
    step: () => this.callLate()
  })

  /** Always yields, because `sleeper` is set only when the fiber first yields. */
  private untilFirst(): Effect.Effect<void> {
    const due = this.waiters.values().next().value ?? 0
    const left = due - read(this.clock)
    return left > 0 ? pause(left) : Effect.yieldNow
  }

  private callLate() {
    for (const [waiter, due] of this.waiters) {
      if (due > read(this.clock)) return
      this.waiters.delete(waiter)
      waiter.late()
    }
    this.stop()
  }

  /** Stops unless something waits again by the end of this turn: most of a short wait would be its timer's own fiber. */
  private stopSoon() {
    const { sleeper } = this
    if (this.ending || sleeper === undefined) return
    this.ending = true
    sleeper.currentDispatcher.scheduleTask(() => {
      this.ending = false
      if (this.waiters.size === 0) this.stop()
    }, 0)
  }

  /** Nothing waits: ends the fiber and drops the timer. */
  private stop() {
    const sleeper = this.sleeper
    if (sleeper === undefined) return
    this.sleeper = undefined
    this.onEmpty()
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

/** Waits for `within`, measured by the clock in `services`. */
export const begin = (within: Duration.Duration, services: Context.Context<never>, waiter: Waiter): Timeout => {
  const timer = timerFor(Context.get(services, Clock.Clock), Duration.toMillis(within))
  timer.add(services, waiter)
  return timer
}

/** `begin` for a callback. Call the returned function to cancel. */
export const start = (within: Duration.Duration, services: Context.Context<never>, late: () => void): () => void => {
  const waiter = { late }
  const timeout = begin(within, services, waiter)
  return () => timeout.cancel(waiter)
}
