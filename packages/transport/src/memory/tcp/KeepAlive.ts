/**
 * Keep-alive as Node sets it on Linux: the first probe when the connection has been idle for the configured time, then
 * one a second. Ten unanswered probes end the connection, so a dead host is found 10 seconds after the idle time.
 */
import type { Scheduler } from "../Scheduler.ts"

const probeInterval = 1000 // libuv sets TCP_KEEPINTVL to 1 second
const maxProbes = 10 // libuv sets TCP_KEEPCNT to 10

/** The connection that keep-alive probes. */
export interface Probed {
  /** When the last packet of the peer arrived, in milliseconds. */
  readonly heardAt: () => number
  /** False when the connection is over; ends the probing. */
  readonly open: () => boolean
  /** True while something is unacknowledged: then retransmission finds a dead host, and keep-alive does not probe. */
  readonly retransmitting: () => boolean
  readonly probe: () => void
  /** Called when ten probes were not answered. */
  readonly timedOut: () => void
}

/** Probes until the connection is over or its peer is found dead. `idle` in milliseconds. */
export const start = (scheduler: Scheduler, idle: number, connection: Probed): void => {
  const wait = (due: number): void => {
    scheduler.at(due, () => {
      if (!connection.open()) return
      const next = connection.heardAt() + idle
      if (!scheduler.reached(next)) wait(next)
      else if (connection.retransmitting()) wait(scheduler.now() + idle)
      else probe(1, scheduler.now())
    })
  }
  const probe = (count: number, since: number): void => {
    connection.probe()
    scheduler.at(scheduler.now() + probeInterval, () => {
      if (!connection.open()) return
      if (connection.heardAt() >= since) wait(connection.heardAt() + idle)
      else if (count === maxProbes) connection.timedOut()
      else probe(count + 1, since)
    })
  }
  wait(connection.heardAt() + idle)
}
