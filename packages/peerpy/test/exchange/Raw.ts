/** One end of a connection in the hand of a test, which says headers or any bytes and sees what comes, segment by segment. */
import { type Pipe, SocketFailure } from "@peerage/transport"

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

/** A pipe that is read at once. */
export class Raw {
  readonly pipe: Pipe.Pipe
  /** What came, as it came. */
  readonly segments: Array<Uint8Array> = []

  constructor(pipe: Pipe.Pipe) {
    this.pipe = pipe
    pipe.observe({ readable: () => this.segments.push(...pipe.take() ?? []), drained: () => {}, closed: () => {} })
  }

  /** Sends each header in a segment of its own. */
  say(...headers: ReadonlyArray<string>): void {
    for (const text of headers) this.pipe.write([header(text)])
  }

  /** Sends bytes, in one segment each. */
  write(...parts: ReadonlyArray<Uint8Array | string>): void {
    for (const part of parts) this.pipe.write([typeof part === "string" ? ascii(part) : part])
  }

  /** What came, as text without the padding, one for each segment. */
  get heard(): ReadonlyArray<string> {
    return this.segments.map((segment) => textOf(segment).replace(/\|+$/, ""))
  }

  /** Everything that came. */
  get bytes(): Uint8Array {
    return joined(this.segments)
  }

  /** How reading ended: not yet, politely, or with an errno. */
  get end(): string {
    const ended = this.pipe.ended()
    if (ended === undefined) return "Open"
    return SocketFailure.isFin(ended) ? "Fin" : SocketFailure.errno(ended) ?? "Closed"
  }
}
