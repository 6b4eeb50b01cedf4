/**
 * What becomes of a connection that its program has closed and that cannot end by itself: reset when its peer takes
 * nothing for 30 s (as `Pipe.close` promises), forgotten when the peer's FIN does not come for 60 s (Linux
 * tcp_fin_timeout).
 */
import type { Clockwork } from "./Clockwork.ts"

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
export const limit = (clockwork: Clockwork, closed: Stuck): void => {
  const wait = (due: number): void => {
    clockwork.at(due, () => {
      if (!closed.sending()) return
      const next = closed.activeAt() + stuckPatience
      if (!clockwork.reached(next)) wait(next)
      else closed.reset()
    })
  }
  wait(clockwork.now() + stuckPatience)
}

/** Forgets the connection after 60 s. */
export const forget = (clockwork: Clockwork, vanish: () => void): void => {
  clockwork.at(clockwork.now() + orphanPatience, vanish)
}
