/**
 * Many small json messages at once: what has arrived becomes text in one go, and each message is a slice of it. Takes
 * what it is sure of, and leaves all else to `Data.next`: other headers, text that is not ASCII, what is not whole.
 */
import { Result } from "effect"
import * as DataHeader from "../codec/DataHeader.ts"
import * as HeaderText from "../codec/HeaderText.ts"
import * as Json from "../codec/Json.ts"
import type { Typed } from "../codec/Payload.ts"
import type { Agreement } from "./Data.ts"
import type { Intake } from "./Intake.ts"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Below this there cannot be two messages. */
const few = 2 * HeaderText.size

const numberAt = "DATA|data_size=".length

const none: ReadonlyArray<Typed> = []

/** Takes the messages that have arrived whole, from the first on. It may always take none. */
export const take = (intake: Intake, { limit, progress, terms }: Agreement): ReadonlyArray<Typed> => {
  const { first } = intake
  if (terms.type !== "json" || terms.stream || progress.pending !== undefined || first.length < few) return none
  const text = Result.getOrElse(Result.try(() => decoder.decode(first)), () => "")
  // Then each character was one byte, and a position in the one is a position in the other.
  if (text.length !== first.length) return none
  const values: Array<Typed> = []
  const taken = read(text, limit, values)
  intake.takeNow(taken)
  if (taken > 0) progress.received = true
  return values
}

/** Reads messages from the beginning of a text. Returns how far they go. */
const read = (text: string, limit: number, values: Array<Typed>): number => {
  // Of many small messages many have the same header.
  const known = new Map<number, string>()
  let at = 0
  while (true) {
    const begin = at + HeaderText.size
    const size = sizeAt(text, at)
    const end = begin + size
    if (size > limit || end > text.length) return at
    const header = known.get(size) ?? DataHeader.pad(DataHeader.print("json", size))
    known.set(size, header)
    if (text.slice(at, begin) !== header) return at
    const value = Json.parseText(text.slice(begin, end))
    if (Result.isFailure(value)) return at
    values.push({ type: "json", value: value.success })
    at = end
  }
}

/** The number in a header, should there be one. */
const sizeAt = (text: string, at: number): number => {
  let size = 0
  for (let i = at + numberAt; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) break
    size = size * 10 + digit
  }
  return size
}
