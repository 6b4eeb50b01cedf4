/** What a receiver finds in bytes that arrive part by part. Pure, as `Data.next` is. */
import { Result } from "effect"
import * as Data from "../../src/exchange/Data.ts"
import { joined } from "./Raw.ts"

/** What is agreed on and has been before, and what comes. */
export interface Arriving {
  readonly terms: Data.Terms
  readonly parts: ReadonlyArray<Uint8Array>
  readonly progress?: Data.Progress | undefined
  /** Whether nothing more comes behind the last part. */
  readonly idle?: boolean | undefined
  readonly limit?: number | undefined
}

/** A payload with its type, or the tag of what else was found but headers, an error last. */
export type Found = { readonly type: string; readonly bytes: Uint8Array } | Exclude<string, "Payload">

/** Everything that is found, and the progress that follows. */
export const arrivals = (
  { idle = false, limit = 1_000_000, parts, progress: before = Data.beginning(), terms }: Arriving
): { readonly found: ReadonlyArray<Found>; readonly progress: Data.Progress } => {
  const found: Array<Found> = []
  let progress = before
  let rest: Uint8Array = new Uint8Array(0)
  const quiet = idle ? [{ part: new Uint8Array(0), idle }] : []
  for (const { idle, part } of [...parts.map((part) => ({ part, idle: false })), ...quiet]) {
    rest = joined([rest, part])
    while (true) {
      const arrived = { head: rest.subarray(0, 128), available: rest.length, idle }
      const step = Data.next({ terms, limit }, progress, arrived)
      if (Result.isFailure(step)) return { found: [...found, step.failure._tag], progress }
      const { arrival, skip } = step.success
      progress = step.success.progress
      rest = rest.subarray(skip)
      if (arrival._tag === "Nothing") break
      if (arrival._tag === "Header") continue
      if (arrival._tag !== "Payload") found.push(arrival._tag)
      if (arrival._tag === "Large") return { found, progress }
      if (arrival._tag !== "Payload") continue
      found.push({ type: arrival.type, bytes: rest.slice(0, arrival.size) })
      rest = rest.subarray(arrival.size)
    }
  }
  return { found, progress }
}
