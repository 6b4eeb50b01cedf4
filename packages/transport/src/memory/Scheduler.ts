/**
 * The time of a simulated network: one heap of events, one fiber that runs them, one sleep until the earliest event.
 *
 * One wake of the fiber runs all events of an instant, in the order they were scheduled. An event that is due now runs
 * in the fiber's next turn, never inside the call that scheduled it.
 */
import { type Clock, Effect, Predicate } from "effect"
import { EventHeap, type ScheduledEvent } from "./EventHeap.ts"

// The fiber yields after this many events, so that two peers that exchange messages forever over a link without latency
// can still be interrupted.
const eventsPerTurn = 4096

// Times are rounded to microseconds. Otherwise a rounding error in a sum of fractions could put an event slightly after
// the clock's time, and the fiber would sleep again and again without reaching it.
const toMicroseconds = (millis: number): number => Math.round(millis * 1000) / 1000
const tolerance = 0.0005

/** A clock that calls back: a fiber that sleeps until an event costs more than most events do. */
export interface AlarmClock extends Clock.Clock {
  /** Calls `ring` in so many milliseconds. Call the returned function to cancel that. */
  readonly alarm: (millis: number, ring: () => void) => () => void
}

const hasAlarm = (clock: Clock.Clock): clock is AlarmClock =>
  Predicate.hasProperty(clock, "alarm") && Predicate.isFunction(clock.alarm)

/** Schedules events and runs them in order. */
export class Scheduler {
  private readonly clock: Clock.Clock
  private readonly heap = new EventHeap()
  private scheduled = 0
  private current: number | undefined
  private alarmDue = Infinity
  private awake = false
  private resume: ((effect: Effect.Effect<void>) => void) | undefined

  constructor(clock: Clock.Clock) {
    this.clock = clock
  }

  /** Events run so far. */
  ran = 0

  /** Milliseconds: the time of the running event, or the clock's time when none runs. */
  now(): number {
    return this.current ?? toMicroseconds(this.clock.currentTimeMillisUnsafe())
  }

  /** True at `time` and later. Rounds `time` as `at` does, so that it is true in an event scheduled for `time`. */
  reached(time: number): boolean {
    return this.now() >= toMicroseconds(time)
  }

  /** Calls `run` at `time` in milliseconds, or in the fiber's next turn if that is not in the future. */
  at(time: number, run: () => void): ScheduledEvent {
    const event = { time: toMicroseconds(Math.max(time, this.now())), order: this.scheduled++, run, cancelled: false }
    this.heap.push(event)
    if (this.current === undefined && event.time < this.alarmDue) this.wake()
    return event
  }

  private wake(): void {
    this.awake = true
    const resume = this.resume
    this.resume = undefined
    // A resumed fiber runs inside this call. It yields first, so that no event runs before the call returns.
    resume?.(Effect.yieldNow)
  }

  private readonly parked = Effect.callback<void>((resume) => {
    if (this.awake) return resume(Effect.void)
    this.resume = resume
  })

  /** Runs the events that are due. False when it stopped early to let other fibers run. */
  private runDue(): boolean {
    for (let count = 0; count < eventsPerTurn; count++) {
      const now = this.clock.currentTimeMillisUnsafe()
      const event = this.heap.peek()
      if (event === undefined || event.time > now + tolerance) return true
      this.heap.pop()
      this.current = event.time
      this.ran++
      event.run()
      this.current = undefined
    }
    return false
  }

  private readonly ring = (): void => {
    this.alarmDue = Infinity
    this.awake = true
    const resume = this.resume
    this.resume = undefined
    resume?.(Effect.void)
  }

  /** Rings in so many milliseconds. Succeeds with how to cancel that. */
  private arm(millis: number): Effect.Effect<() => void> {
    const { clock } = this
    if (hasAlarm(clock)) return Effect.sync(() => clock.alarm(millis, this.ring))
    const sleeping = Effect.forkChild(Effect.andThen(Effect.sleep(millis), Effect.sync(this.ring)), {
      startImmediately: true
    })
    return Effect.map(sleeping, (fiber) => () => fiber.interruptUnsafe())
  }

  /** Runs events when they are due. Never ends. Fork it once. */
  readonly drive: Effect.Effect<never> = Effect.gen({ self: this }, function*() {
    let cancel: (() => void) | undefined
    while (true) {
      this.awake = false
      if (!this.runDue()) {
        yield* Effect.yieldNow
        continue
      }
      const earliest = this.heap.peek()
      if (earliest !== undefined && earliest.time < this.alarmDue) {
        cancel?.()
        this.alarmDue = earliest.time
        cancel = yield* this.arm(earliest.time - this.clock.currentTimeMillisUnsafe())
      }
      yield* this.parked
    }
  })
}
