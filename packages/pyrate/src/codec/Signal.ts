/**
 * What two peers of ours say to each other about a download, on the connection over which it was asked for. An original
 * requester has closed that connection by then, and an original holder closes it without a word.
 *
 *     NUL "pyrate+ found 1234" LF        the file has so many bytes; it comes over a connection back
 *     NUL "pyrate+ missing" LF           there is no such file
 *     NUL "pyrate+ here" LF              the file follows on this connection, since none could be made back
 *     NUL "pyrate+ digest 0a1b..." LF    the SHA-256 of what was sent
 */
const prefix = "\0pyrate+ "

/** Bytes of the longest signal. */
export const longest = 128

/** A signal. */
export type Signal =
  | { readonly _tag: "Found"; readonly size: number }
  | { readonly _tag: "Missing" }
  | { readonly _tag: "Here" }
  | { readonly _tag: "Digest"; readonly sha256: string }

const encoder = new TextEncoder()

/** Writes a signal. */
export const encode = (signal: Signal): Uint8Array => encoder.encode(`${prefix}${wordsOf(signal)}\n`)

const wordsOf = (signal: Signal): string => {
  switch (signal._tag) {
    case "Found":
      return `found ${signal.size}`
    case "Missing":
      return "missing"
    case "Here":
      return "here"
    case "Digest":
      return `digest ${signal.sha256}`
  }
}

/** What stands at the beginning of bytes: a signal and its length, as much of one as there is, or something else. */
export type Begun =
  | { readonly _tag: "Signal"; readonly signal: Signal; readonly length: number }
  | { readonly _tag: "Partly" }
  | { readonly _tag: "Other" }

const start = encoder.encode(prefix)
const newline = 10
const decoder = new TextDecoder()
const whole = /^(?:found (\d{1,15})|(missing)|(here)|digest ([0-9a-f]{64}))$/

/** Looks at the beginning of what has arrived. */
export const decode = (bytes: Uint8Array): Begun => {
  for (let at = 0; at < Math.min(start.length, bytes.length); at++) {
    if (bytes[at] !== start[at]) return { _tag: "Other" }
  }
  const end = bytes.subarray(0, longest).indexOf(newline)
  if (end === -1) return bytes.length < longest ? { _tag: "Partly" } : { _tag: "Other" }
  const [words, size, missing, here, sha256] = whole.exec(decoder.decode(bytes.subarray(start.length, end))) ?? []
  if (words === undefined) return { _tag: "Other" }
  const signal: Signal = missing !== undefined
    ? { _tag: "Missing" }
    : here !== undefined
    ? { _tag: "Here" }
    : sha256 !== undefined
    ? { _tag: "Digest", sha256 }
    : { _tag: "Found", size: Number(size) }
  return { _tag: "Signal", signal, length: end + 1 }
}
