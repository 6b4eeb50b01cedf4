/**
 * What becomes of a connection that its program has closed and that cannot end by itself: reset when its peer takes
 * nothing for 30 s (as `Pipe.close` promises), forgotten when the peer's FIN does not come for 60 s (Linux
 * tcp_fin_timeout).
 */
import type { Scheduler } from "./Scheduler.ts"

const stuckPatience = 30_000
const orphanPatience = 60_000

/** A closed connection with bytes to send. */
export interface Stuck {
  /** False when there is no more to send. */
  readonly sending: () => boolean
  /** When bytes last went, in milliseconds. */
  readonly activeAt: () => number
  readonly reset: () => void
}

/** Resets the connection when nothing went for 30 s, counted from now or from what went last. */
export const limit = (scheduler: Scheduler, closed: Stuck): void => {
  const wait = (due: number): void => {
    scheduler.at(due, () => {
      if (!closed.sending()) return
      const next = closed.activeAt() + stuckPatience
      if (!scheduler.reached(next)) wait(next)
      else closed.reset()
    })
  }
  wait(scheduler.now() + stuckPatience)
}

/** Forgets the connection after 60 s. */
export const forget = (scheduler: Scheduler, vanish: () => void): void => {
  scheduler.at(scheduler.now() + orphanPatience, vanish)
}
