/**
 * Many small json messages at once: what has arrived becomes text in one go, and each message is a slice of it. Pure.
 * Reads only what is certain, and leaves all else to `Data.next`: other headers, text that is not ASCII, parts.
 */
import { Result } from "effect"
import * as HeaderText from "../codec/HeaderText.ts"
import * as Json from "../codec/Json.ts"
import { type Arrived, arrivedJson, type Limits } from "../codec/Payload.ts"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Below this there cannot be two messages. */
const few = 2 * HeaderText.size

const numberAt = "DATA|data_size=".length

/** The messages that were read, and how many bytes they are. */
export interface Batch {
  readonly values: ReadonlyArray<Arrived>
  readonly length: number
}

const none: Batch = { values: [], length: 0 }

/** Reads the whole messages at the beginning of some bytes, none of them larger than `largest`. It may read none. */
export const read = (bytes: Uint8Array, largest: number, limits?: Limits): Batch => {
  if (bytes.length < few) return none
  const text = Result.getOrElse(Result.try(() => decoder.decode(bytes)), () => "")
  // Then each character was one byte, and a position in the one is a position in the other.
  return text.length === bytes.length ? readText(text, largest, limits) : none
}

const readText = (text: string, largest: number, limits: Limits | undefined): Batch => {
  const values: Array<Arrived> = []
  // Of many small messages many have the same header.
  const known = new Map<number, string>()
  let at = 0
  while (true) {
    const begin = at + HeaderText.size
    const size = sizeAt(text, at)
    const end = begin + size
    if (size > largest || end > text.length) return { values, length: at }
    const header = known.get(size) ?? HeaderText.pad(HeaderText.printData("json", size))
    known.set(size, header)
    if (text.slice(at, begin) !== header) return { values, length: at }
    const value = Json.parseText(text.slice(begin, end), limits)
    if (Result.isFailure(value)) return { values, length: at }
    values.push(arrivedJson(value.success, size))
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
