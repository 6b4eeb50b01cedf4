/**
 * The clock of one host, as one more view of the simulation's time: it may be wrong by a constant (skew) and run fast or
 * slow (drift). The wall clock has both; the monotonic clock and timers have the drift alone.
 */
import type { MemoryNetwork } from "@peerage/transport"
import { type Clock, Duration, Effect } from "effect"
import type { Gate } from "./RunQueue.ts"
import type { Timeline } from "./Timeline.ts"

/** A clock that is right. */
export const right: MemoryNetwork.HostClock = { skew: 0, drift: 0 }

const toNanos = (millis: number): bigint => BigInt(Math.round(millis * 1_000_000))

/** The clock of the fibers of this gate. */
export const make = (timeline: Timeline, gate: Gate, { drift, skew }: MemoryNetwork.HostClock): Clock.Clock => {
  const monotonic = () => timeline.now * (1 + drift)
  const wall = () => monotonic() + skew
  const sleep = (duration: Duration.Duration): Effect.Effect<void> => {
    const millis = Duration.toMillis(duration)
    if (millis <= 0) return Effect.yieldNow
    if (!Number.isFinite(millis)) return Effect.never
    return Effect.callback((resume) => {
      const alarm = timeline.set(gate, millis / (1 + drift), () => resume(Effect.void))
      return Effect.sync(() => timeline.cancel(alarm))
    })
  }
  return {
    currentTimeMillisUnsafe: wall,
    currentTimeMillis: Effect.sync(wall),
    currentTimeNanosUnsafe: () => toNanos(wall()),
    currentTimeNanos: Effect.sync(() => toNanos(wall())),
    monotonicTimeNanosUnsafe: () => toNanos(monotonic()),
    monotonicTimeNanos: Effect.sync(() => toNanos(monotonic())),
    sleep
  }
}
