/** Readers of numbers. All pure. */
import { Result } from "effect"
import type { Reader } from "./Reader.ts"

const digits = /^\d+$/

/** A whole number in a range. */
export const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Reader<number> => (text) => {
  const value = Number(text)
  if (digits.test(text) && value >= least && value <= most) return Result.succeed(value)
  // A bound that nobody comes near is not worth a word otherwise.
  const isBounded = most < Number.MAX_SAFE_INTEGER || value > most
  return Result.fail(isBounded ? `a whole number from ${least} to ${most}` : `a whole number from ${least}`)
}

/** A port that can be dialed. */
export const port: Reader<number> = (text) => Result.mapError(whole(1, 65_535)(text), () => "a port from 1 to 65535")
