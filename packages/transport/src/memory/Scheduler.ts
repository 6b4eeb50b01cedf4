/**
 * The time of a simulated network: one heap of events, one driver fiber, one sleep until the earliest event.
 *
 * All events of an instant run in one wake, in the order they were scheduled. An event due now runs on the driver fiber
 * in its next turn, never inside the call that scheduled it.
 */
import { type Clock, Effect, type Fiber } from "effect"
import { type Event, Heap } from "./Heap.ts"

// After this many events at a stretch the driver lets other fibers run, so that an endless dialogue without latency
// can still be interrupted.
const eventsPerTurn = 4096

// Times are whole microseconds, so that sums of fractions do not keep the driver sleeping towards a moment it has reached.
const toMicroseconds = (millis: number): number => Math.round(millis * 1000) / 1000
const nearlyNow = 0.0005

/** Schedules events and runs them in order. */
export class Scheduler {
  private readonly clock: Clock.Clock
  private readonly heap = new Heap()
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

  /** Milliseconds: the moment of the event that is running, else the clock's. */
  now(): number {
    return this.current ?? toMicroseconds(this.clock.currentTimeMillisUnsafe())
  }

  /** True at `time` and later, also where rounding made it a trifle earlier for an event that was due then. */
  reached(time: number): boolean {
    return this.now() >= toMicroseconds(time)
  }

  /** Runs `run` at `time`, or in the driver's next turn if that is not in the future. */
  at(time: number, run: () => void): Event {
    const event = { time: toMicroseconds(Math.max(time, this.now())), order: this.scheduled++, run, cancelled: false }
    this.heap.push(event)
    if (this.current === undefined && event.time < this.alarmDue) this.wake()
    return event
  }

  private wake(): void {
    this.awake = true
    const resume = this.resume
    this.resume = undefined
    // A resumed fiber starts inside this call; yielding first keeps events out of it.
    resume?.(Effect.yieldNow)
  }

  private readonly parked = Effect.callback<void>((resume) => {
    if (this.awake) return resume(Effect.void)
    this.resume = resume
  })

  /** Runs what is due; false when it stopped to let others run. */
  private runDue(): boolean {
    for (let count = 0; count < eventsPerTurn; count++) {
      const now = this.clock.currentTimeMillisUnsafe()
      const event = this.heap.peek()
      if (event === undefined || event.time > now + nearlyNow) return true
      this.heap.pop()
      this.current = event.time
      this.ran++
      event.run()
      this.current = undefined
    }
    return false
  }

  private readonly alarm = (millis: number): Effect.Effect<void> =>
    Effect.andThen(
      Effect.sleep(millis),
      Effect.sync(() => {
        this.alarmDue = Infinity
        this.awake = true
        const resume = this.resume
        this.resume = undefined
        resume?.(Effect.void)
      })
    )

  /** Never ends: runs events as they fall due. Fork it once. */
  readonly drive: Effect.Effect<never> = Effect.gen({ self: this }, function*() {
    let sleeping: Fiber.Fiber<void> | undefined
    while (true) {
      this.awake = false
      if (!this.runDue()) {
        yield* Effect.yieldNow
        continue
      }
      const earliest = this.heap.peek()
      if (earliest !== undefined && earliest.time < this.alarmDue) {
        sleeping?.interruptUnsafe()
        this.alarmDue = earliest.time
        const millis = earliest.time - this.clock.currentTimeMillisUnsafe()
        sleeping = yield* Effect.forkChild(this.alarm(millis), { startImmediately: true })
      }
      yield* this.parked
    }
  })
}
