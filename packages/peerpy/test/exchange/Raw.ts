/** One end of a connection in the hand of a test, which says headers or any bytes and sees what comes, segment by segment. */
import { Stranger } from "@peerage/testing"

const encoder = new TextEncoder()
const decoder = new TextDecoder("latin1")

/** Text as bytes. */
export const ascii = (text: string): Uint8Array => encoder.encode(text)

/** Bytes as text, a character each. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes)

/** A header as it goes over the wire. */
export const header = (text: string): Uint8Array => ascii(text.padEnd(128, "|"))

/** All bytes, one behind the other. */
export const joined = (parts: ReadonlyArray<Uint8Array>): Uint8Array => new Uint8Array(Buffer.concat(parts))

/** A connection on which headers are said. */
export class Raw extends Stranger {
  /** Sends each header in a segment of its own. */
  say(...headers: ReadonlyArray<string>): void {
    this.write(...headers.map(header))
  }

  /** What came, as text without the padding, one for each segment. */
  get heard(): ReadonlyArray<string> {
    return this.segments.map((segment) => textOf(segment).replace(/\|+$/, ""))
  }
}
