/**
 * What extended peers (those of this package) send each other about a download, on the connection of the request. An
 * original requester has closed that connection by then, and an original holder closes it without a byte.
 *
 *     NUL "pyrate+ waiting" LF           the request waits for its turn; comes again and again until that
 *     NUL "pyrate+ found 1234" LF        the file has 1234 bytes; it comes over a connection back
 *     NUL "pyrate+ missing" LF           there is no such file
 *     NUL "pyrate+ unreadable" LF        there is one, which the holder may not read
 *     NUL "pyrate+ here" LF              the file follows on this connection, as no connection back could be made
 *     NUL "pyrate+ digest 0a1b..." LF    the SHA-256 of what was sent
 */
import type { ByteReader } from "@peerage/wire"
import { Schema } from "effect"

const prefix = "\0pyrate+ "

/** Length of the longest signal, in bytes. */
export const longest = 128

/** A signal. */
export const Signal = Schema.TaggedUnion({
  Waiting: {},
  Found: { size: Schema.Int },
  Missing: {},
  Unreadable: {},
  Here: {},
  Digest: { sha256: Schema.String }
})
export type Signal = typeof Signal.Type

const encoder = new TextEncoder()

/** Writes a signal. */
export const encode = (signal: Signal): Uint8Array => {
  const words = Signal.match(signal, {
    Waiting: () => "waiting",
    Found: ({ size }) => `found ${size}`,
    Missing: () => "missing",
    Unreadable: () => "unreadable",
    Here: () => "here",
    Digest: ({ sha256 }) => `digest ${sha256}`
  })
  return encoder.encode(`${prefix}${words}\n`)
}

/** What bytes begin with: a signal and its length, or no signal and no length. */
export type Parsed = ByteReader.Parsed<Signal | undefined>

/** Bytes begin with something else. */
export const other: Parsed = { value: undefined, length: 0 }

const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
const whole = /^(?:found (\d{1,15})|(waiting|missing|unreadable|here)|digest ([0-9a-f]{64}))$/
const plain = { waiting: "Waiting", missing: "Missing", unreadable: "Unreadable", here: "Here" } as const
const isPlain = (word: string): word is keyof typeof plain => word in plain

/** Whether bytes begin as a signal does, even one that cannot be read, as of a later version. */
export const begins = (bytes: Uint8Array): boolean => decoder.decode(bytes.subarray(0, prefix.length)) === prefix

/** Reads a signal at the beginning of bytes; `undefined` while more bytes are needed. */
export const parse = (bytes: Uint8Array): Parsed | undefined => {
  // Signals are ASCII: each byte of one is a character.
  const text = decoder.decode(bytes.subarray(0, longest))
  if (!text.startsWith(prefix.slice(0, text.length))) return other
  const end = text.indexOf("\n")
  if (end === -1) return bytes.length < longest ? undefined : other
  const signal = read(text.slice(prefix.length, end))
  return signal === undefined ? other : { value: signal, length: end + 1 }
}

const read = (text: string): Signal | undefined => {
  const [words, size, word, sha256] = whole.exec(text) ?? []
  if (words === undefined) return undefined
  if (word !== undefined) return isPlain(word) ? { _tag: plain[word] } : undefined
  return sha256 === undefined ? { _tag: "Found", size: Number(size) } : { _tag: "Digest", sha256 }
}
