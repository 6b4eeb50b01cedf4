/** Readers of lengths of time. All pure. */
import { Duration, Result } from "effect"
import type { Reader } from "./Reader.ts"

const units = new Map([["ms", 1], ["s", 1000], ["m", 60_000], ["h", 3_600_000], ["d", 86_400_000], ["w", 604_800_000]])
const abbreviations = new Map(Object.entries(
  { millisecond: "ms", milli: "ms", second: "s", sec: "s", minute: "m", min: "m", hour: "h", day: "d", week: "w" }
))
const millisIn = (unit: string): number =>
  units.get(unit) ?? units.get(abbreviations.get(unit.replace(/s$/, "")) ?? "") ?? NaN

// Dates end there, and a ban of that length is one for ever.
const longest = 8.64e15 / 2

/** What a length of time should have been. */
const wantedTime = (text: string, millis: number): string => {
  const examples = "such as 90s, 10m or 1h30m"
  if (/^-?[\d.]+$/.test(text)) return `a length of time with its unit, ${examples}`
  if (text.startsWith("-") || millis < 1) return `a length of time of at least 1ms, ${examples}`
  return millis > longest ? `a length of time up to ${longest / millisIn("d")}d` : `a length of time ${examples}`
}

/** A length of time: `90s`, `10m`, `1h30m`, `2 hours`. */
export const duration: Reader<Duration.Duration> = (text) => {
  const given = text.trim().toLowerCase()
  const parts = given.match(/\d+(?:\.\d+)?\s*[a-z]+\s*/gy) ?? []
  const sum = parts.reduce((sum, part) => sum + parseFloat(part) * millisIn(part.replace(/[^a-z]/g, "")), 0)
  const millis = parts.length > 0 && parts.join("") === given ? sum : NaN
  return millis >= 1 && millis <= longest
    ? Result.succeed(Duration.millis(Math.round(millis)))
    : Result.fail(wantedTime(given, millis))
}
