/**
 * The text of a header: its type and its fields, in exactly 128 bytes (docs/wire/peerpy.md, section 1).
 *
 *     HELLO|peer_name=10.77.0.1:20008&data_type=json&strict=True||||||||...
 *     DENY||||||||...
 *
 * Writing pads with `|`. Reading takes any order of fields, any padding and none.
 */
import { Result, Schema } from "effect"
import { DataType } from "./DataType.ts"

/** Bytes of a header. */
export const size = 128

/** A header that cannot be read. The peer's fault. */
export class MalformedHeader extends Schema.TaggedError<MalformedHeader>()("MalformedHeader", {
  /** What is wrong ("DATA without data_size"); never the contents. */
  reason: Schema.String
}) {
  override get message() {
    return `The peer sent a header that cannot be read: ${this.reason}.`
  }
}

/** A type and its fields, all as text. */
export interface HeaderText {
  readonly type: string
  readonly fields: ReadonlyMap<string, string>
}

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** The whole text of a header, 128 characters. */
export const pad = (text: string): string => text.padEnd(size, "|")

/** Writes the text of a header, which is ASCII, with its padding. Throws a `RangeError` where it is too long. */
export const encode = (text: string): Uint8Array => {
  if (text.length > size) {
    throw new RangeError(`A header of ${text.length} bytes does not fit into ${size}. Use smaller numbers.`)
  }
  return encoder.encode(pad(text))
}

/** Writes the text of the header of a message. A size that is a safe integer always fits. */
export const printData = (type: DataType, size: number): string => `DATA|data_size=${size}&data_type=${type}`

// 15 digits are always a safe integer.
const data = /^DATA\|data_size=(\d{1,15})&data_type=([a-z]+)\|*$/

/**
 * Reads the header of a message in the form that all peers write; `undefined` for any other. It reads nothing that
 * `split` and the schemas would read otherwise, and takes a part of their time.
 */
export const parseData = (text: string) => {
  const [, size, named] = data.exec(text) ?? []
  const type = DataType.literals.find((literal) => literal === named)
  return type === undefined ? undefined : { _tag: "Data" as const, size: Number(size), type }
}

/** Says why a header cannot be read. */
export const malformed = (reason: string): Result.Result<never, MalformedHeader> =>
  Result.fail(new MalformedHeader({ reason }))

/**
 * Reads the text of a header, which may be shorter than 128 bytes where it is all there is. Fails on more of them, and
 * on what is not UTF-8.
 */
export const decode = (bytes: Uint8Array): Result.Result<string, MalformedHeader> =>
  bytes.length > size
    ? malformed(`more than ${size} bytes`)
    : Result.try({ try: () => decoder.decode(bytes), catch: () => new MalformedHeader({ reason: "not UTF-8" }) })

/**
 * Takes a header's text apart. Fails on fields that are not one key and one value each, or that are there twice.
 *
 * Quirk: what is behind the second `|` is not looked at, as the original does not.
 */
export const split = (text: string): Result.Result<HeaderText, MalformedHeader> => {
  const [type = "", body = ""] = text.split("|", 2)
  const fields = new Map<string, string>()
  if (body === "") return Result.succeed({ type, fields })
  for (const field of body.split("&")) {
    const [key, value, more] = field.split("=", 3)
    if (key === undefined || value === undefined || more !== undefined) {
      return malformed("a field without exactly one =")
    }
    if (fields.has(key)) return malformed("a field that is there twice")
    fields.set(key, value)
  }
  return Result.succeed({ type, fields })
}
