/**
 * The end of a turn: a task of Effect's scheduler, never a microtask. `TestClock` waits for the tasks that a woken fiber
 * schedules before it goes on to the next deadline, and knows nothing of microtasks.
 */
import { Context } from "effect"
import * as Scheduler from "effect/Scheduler"

/** Calls a function when this turn is over. */
export type AtTurnsEnd = (run: () => void) => void

/** Tasks of the scheduler in `services`. */
export const make = (services: Context.Context<never>): AtTurnsEnd => {
  const dispatcher = Context.get(services, Scheduler.Scheduler).makeDispatcher()
  return (run) => dispatcher.scheduleTask(run, 0)
}
