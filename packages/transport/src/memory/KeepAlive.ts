/**
 * Keep-alive as Node sets it on Linux: the first probe after the connection was idle for the configured time, then one
 * each second; ten unanswered ones end the connection, so a dead host is found after the idle time and 10 seconds.
 */
import type { Scheduler } from "./Scheduler.ts"

const interval = 1000 // libuv sets TCP_KEEPINTVL to 1 second
const probes = 10 // and TCP_KEEPCNT to 10

/** What is watched. */
export interface Watched {
  /** When the peer was last heard, in milliseconds. */
  readonly heardAt: () => number
  /** False ends the watch. */
  readonly watched: () => boolean
  /** Something sent is still unacknowledged: retransmission finds a dead host then, not keep-alive. */
  readonly waiting: () => boolean
  readonly probe: () => void
  readonly gaveUp: () => void
}

/** Watches until `watched` is false or the peer is given up. `idle` in milliseconds. */
export const watch = (scheduler: Scheduler, idle: number, connection: Watched): void => {
  const wait = (due: number): void => {
    scheduler.at(due, () => {
      if (!connection.watched()) return
      const next = connection.heardAt() + idle
      if (!scheduler.reached(next)) wait(next)
      else if (connection.waiting()) wait(scheduler.now() + idle)
      else probe(1, scheduler.now())
    })
  }
  const probe = (count: number, since: number): void => {
    connection.probe()
    scheduler.at(scheduler.now() + interval, () => {
      if (!connection.watched()) return
      if (connection.heardAt() >= since) wait(connection.heardAt() + idle)
      else if (count === probes) connection.gaveUp()
      else probe(count + 1, since)
    })
  }
  wait(connection.heardAt() + idle)
}
