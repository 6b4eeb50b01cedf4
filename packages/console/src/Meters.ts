/** What panels count: the bytes of this process's connections, and metrics of the libraries. Read once a second at most. */
import { Traffic } from "@peerage/transport/Traffic"
import { Effect, Metric } from "effect"
import type { Meter } from "./api/Frame.ts"

/** Bytes that all connections of this process have carried; 0 on a simulated transport. */
export const traffic: Effect.Effect<ReadonlyArray<Meter>> = Effect.map(Traffic, ({ received, sent }) => [
  { name: "received", label: "Bytes in", unit: "bytes", total: received },
  { name: "sent", label: "Bytes out", unit: "bytes", total: sent }
])

/** A counter of a library. */
export const counter = (meter: Omit<Meter, "total">, metric: Metric.Counter<number>): Effect.Effect<Meter> =>
  Effect.map(Metric.value(metric), ({ count }) => ({ ...meter, total: count }))
