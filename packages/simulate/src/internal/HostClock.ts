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

// In milliseconds. A sleep always moves time: who waits for a moment that a rounding error keeps away gets there.
const shortest = 0.001

const toNanos = (millis: number): bigint => BigInt(Math.round(millis * 1_000_000))

/**
 * The clock of the fibers of this gate. As on a real machine, the time in milliseconds is a whole number: programs rely on
 * it, as `Schedule.fixed` does, which does not wait at all when a sum of fractions is a rounding error off.
 */
export const make = (timeline: Timeline, gate: Gate, { drift, skew }: MemoryNetwork.HostClock): Clock.Clock => {
  const monotonic = () => timeline.now * (1 + drift)
  const precise = () => monotonic() + skew
  const wall = () => Math.floor(precise())
  const sleep = (duration: Duration.Duration): Effect.Effect<void> => {
    const millis = Duration.toMillis(duration)
    if (millis <= 0) return Effect.yieldNow
    if (!Number.isFinite(millis)) return Effect.never
    return Effect.callback((resume) => {
      const alarm = timeline.set(gate, Math.max(millis / (1 + drift), shortest), () => resume(Effect.void))
      return Effect.sync(() => timeline.cancel(alarm))
    })
  }
  return {
    currentTimeMillisUnsafe: wall,
    currentTimeMillis: Effect.sync(wall),
    currentTimeNanosUnsafe: () => toNanos(precise()),
    currentTimeNanos: Effect.sync(() => toNanos(precise())),
    monotonicTimeNanosUnsafe: () => toNanos(monotonic()),
    monotonicTimeNanos: Effect.sync(() => toNanos(monotonic())),
    sleep
  }
}

/** The clock of the network itself, whose moments are fractions of milliseconds. It calls back, as it has much to do. */
export const precise = (timeline: Timeline, gate: Gate): MemoryNetwork.AlarmClock => ({
  ...make(timeline, gate, right),
  alarm: (millis, ring) => {
    const alarm = timeline.set(gate, Math.max(millis, shortest), ring)
    return () => timeline.cancel(alarm)
  },
  currentTimeMillisUnsafe: () => timeline.now,
  currentTimeMillis: Effect.sync(() => timeline.now)
})
