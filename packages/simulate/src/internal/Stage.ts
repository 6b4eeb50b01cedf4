/**
 * Runs simulated programs and moves their time, from outside of it.
 *
 * Time stands still while anybody has something to do, and then goes to the next alarm at once. So what happens depends
 * on the programs alone, never on how fast the machine is or in which steps time is moved.
 */
import { Effect } from "effect"
import { Overlaps } from "./Overlaps.ts"
import { Gate, RunQueue } from "./RunQueue.ts"
import { Timeline } from "./Timeline.ts"

/** Why time has stopped: the given moment has come, what was waited for has happened, or nothing can happen any more. */
export type Stopped = "Reached" | "Done" | "Idle"

// After so many tasks other fibers of the process run, and the simulation can be interrupted.
const tasksPerTurn = 4096
// So many tasks without a moment passing are a loop.
const tasksPerMoment = 1_000_000
// A promise that is still open may be waiting for the process's event loop: it is given so many turns.
const turnsForPromises = 1000

/** The machinery of one simulation. */
export class Stage {
  readonly queue = new RunQueue()
  readonly timeline = new Timeline()
  readonly overlaps = new Overlaps()
  /** The gate of the network, and of the test itself. */
  readonly gate = new Gate("the test", this.queue)
  /** Hosts whose programs are being started. */
  starting = 0
  /** Called when time is about to pass, until it has done what it is for. */
  beforeTimePasses: (() => "Done" | "Again") | undefined

  /** Lets time pass until `moment`, or until `done`. */
  readonly advance = Effect.fnUntraced({ self: this }, function*(moment: number, done: () => boolean) {
    const { queue, timeline } = this
    while (true) {
      yield* this.settle(done)
      if (done()) return "Done" satisfies Stopped
      if (this.beforeTimePasses?.() === "Done") this.beforeTimePasses = undefined
      const { earliest } = timeline
      if (earliest === undefined || earliest > moment) {
        if (Number.isFinite(moment)) timeline.now = Math.max(timeline.now, moment)
        return earliest === undefined ? "Idle" satisfies Stopped : "Reached" satisfies Stopped
      }
      do {
        timeline.next()?.ring()
        queue.drain(tasksPerTurn)
      } while (timeline.earliest === earliest && queue.idle && !done())
    }
  })

  /** Lets time pass until a moment at which nothing else has happened or will: mostly none at all. */
  readonly quiet = Effect.fnUntraced({ self: this }, function*() {
    const { timeline } = this
    while (!timeline.quiet) yield* this.advance(timeline.following, () => false)
  })

  /** Runs all that can be done without time passing, and what settled promises make possible. */
  private readonly settle = Effect.fnUntraced({ self: this }, function*(done: () => boolean) {
    const { queue, timeline } = this
    let ran = 0
    let turns = 0
    while (!done()) {
      ran += queue.drain(tasksPerTurn)
      if (ran > tasksPerMoment) return yield* Effect.die(new Error(this.spinning()))
      if (done()) return
      yield* Effect.yieldNow
      if (!queue.idle) continue
      if (timeline.earliest !== undefined || ++turns > turnsForPromises) return
    }
  })

  private spinning(): string {
    return `No time passes any more: ${this.queue.last} goes on without waiting for anything, at ` +
      `${this.timeline.now} ms. Let its loop sleep, or wait for the network.`
  }
}
