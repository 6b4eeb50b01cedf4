/** Timeouts of a connection that its program has closed, and that its peer does not let end. */
import type { Scheduler } from "../Scheduler.ts"

const stuckAfter = 30_000 // as `Pipe.close` promises
const orphanedAfter = 60_000 // Linux: net.ipv4.tcp_fin_timeout

/** A closed connection that still has bytes to send. */
export interface Closing {
  /** False when everything was sent. */
  readonly sending: () => boolean
  /** When bytes were last sent or received, in milliseconds. */
  readonly activeAt: () => number
  readonly reset: () => void
}

/** Resets the connection when its peer takes no bytes for 30 seconds. */
export const resetWhenStuck = (scheduler: Scheduler, connection: Closing): void => {
  const wait = (due: number): void => {
    scheduler.at(due, () => {
      if (!connection.sending()) return
      const next = connection.activeAt() + stuckAfter
      if (!scheduler.reached(next)) wait(next)
      else connection.reset()
    })
  }
  wait(scheduler.now() + stuckAfter)
}

/** Removes the connection after 60 seconds, by which the peer should have sent its FIN. */
export const removeOrphan = (scheduler: Scheduler, remove: () => void): void => {
  scheduler.at(scheduler.now() + orphanedAfter, remove)
}
