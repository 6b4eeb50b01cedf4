/**
 * Bytes that the recording leaves out. What it has of them, their beginnings and their digests, shows that they were
 * made of very regular contents, so that they can be made again.
 */
import type { Recording } from "@peerage/testing"
import { bytesOf, type Connection } from "../fixtures/Vectors.ts"

/** The bytes that were sent where many were wanted. */
export const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 31 + 7) % 256)

/** The text that was sent where much was wanted. */
const letters = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => 0x61 + index % 26)

const mebibyte = 1_048_576

/** The payload behind a header, where it is one of those that were left out. */
const payloadOf = (header: string): Uint8Array | undefined => {
  switch (/^DATA\|data_size=(?<size>\d+&data_type=\w+)/.exec(header)?.groups?.["size"]) {
    case "1048576&data_type=bytes":
      return bytes(mebibyte)
    case "1048588&data_type=json":
      return Buffer.concat([Buffer.from("{\"data\": \""), letters(mebibyte), Buffer.from("\"}")])
    case "1048585&data_type=raw":
      // Protocol 4, one str with a length of 4 bytes, memoised.
      return Buffer.concat([bytesOf("8004580000" + "1000"), letters(mebibyte), bytesOf("942e")])
    default:
      return undefined
  }
}

const headerBytes = 128

/** Puts the payloads in their places. The few segments of them that were recorded are not needed then. */
export const complete = (
  { client_total }: Connection,
  happenings: ReadonlyArray<Recording.Happening>
): ReadonlyArray<Recording.Happening> => {
  if (client_total === undefined) return happenings
  return happenings.flatMap((happening): ReadonlyArray<Recording.Happening> => {
    const { at, by, what } = happening
    if (by === "acceptor" || typeof what === "string") return [happening]
    if (what.length !== headerBytes) return []
    const payload = payloadOf(Buffer.from(what).toString("latin1"))
    return payload === undefined ? [happening] : [happening, { at, by, what: payload }]
  })
}
