/**
 * Frames of Pyile: self-delimiting JSON objects, one after the other, with nothing between them but optional white
 * space (docs/wire/pyile.md, sections 2 and 3).
 *
 *     {"banned": false}{"<3": true} {"distro": [...]}
 *
 * An original parses one `recv` call as one value and breaks on two or a half; this end takes them however they come.
 */
import { type Format, FrameError, Framing, Link, PythonJson } from "@peerage/wire"
import { Result } from "effect"

/** What is open at a place in the stream. Depth zero is between two frames. */
interface Nesting {
  readonly depth: number
  readonly quoted: boolean
  readonly escaped: boolean
}

/** What is open, and the bytes of the frame so far. */
export interface State extends Nesting {
  readonly partial: Framing.Partial
}

const initial: State = { partial: Framing.empty, depth: 0, quoted: false, escaped: false }

const brace = 0x7b
const quotation = 0x22
const backslash = 0x5c
const opens = (byte: number | undefined): boolean => byte === brace || byte === 0x5b
const closes = (byte: number | undefined): boolean => byte === 0x7d || byte === 0x5d
const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** Where a scan stopped: just behind the frame's end, or behind the last byte that it was allowed to look at. */
interface Scan extends Nesting {
  readonly index: number
}

/** Brackets count like braces: what closes one with the other ends the frame early and is no JSON. */
const scan = (chunk: Uint8Array, from: number, to: number, nesting: Nesting): Scan => {
  let { depth, escaped, quoted } = nesting
  let index = from
  while (index < to) {
    const byte = chunk[index++]
    if (quoted) {
      if (escaped) escaped = false
      else if (byte === backslash) escaped = true
      else if (byte === quotation) quoted = false
    } else if (byte === quotation) quoted = true
    else if (opens(byte)) {
      if (++depth > PythonJson.maxDepth) break
    } else if (closes(byte) && --depth === 0) break
  }
  return { index, depth, quoted, escaped }
}

const decode = (state: State, chunk: Uint8Array, limit: number): Framing.Decoded<State> => {
  const frames: Array<Uint8Array> = []
  let current = state
  let from = 0
  const failed = (error: FrameError.FrameError): Framing.Decoded<State> => ({ frames, state: initial, error })
  while (true) {
    if (current.depth === 0) {
      while (isSpace(chunk[from])) from++
      if (from < chunk.length && chunk[from] !== brace) {
        return failed(FrameError.malformed("NotAnObject", 0, chunk.subarray(from)))
      }
    }
    if (from === chunk.length) return { frames, state: current, error: undefined }
    const { depth, escaped, index, quoted } = scan(
      chunk,
      from,
      Math.min(chunk.length, from + limit - current.partial.length),
      current
    )
    const isWhole = index - from === chunk.length && depth === 0 && current.partial.length === 0
    const bytes = isWhole ? chunk : chunk.subarray(from, index)
    const size = current.partial.length + bytes.length
    if (depth > PythonJson.maxDepth) return failed(FrameError.malformed("TooDeep", size - 1, bytes))
    if (depth > 0 || bytes.length === 0) {
      if (index < chunk.length) return failed(new FrameError.FrameTooLarge({ limit, size: size + 1 }))
      const partial = Framing.append(current.partial, bytes)
      return { frames, state: { depth, escaped, partial, quoted }, error: undefined }
    }
    frames.push(Framing.complete(current.partial, bytes))
    current = initial
    from = index
  }
}

/** The framing of JSON objects. A frame is exactly its braces and what is between them. */
export const framing: Framing.Framing<State> = {
  initial,
  decode,
  pending: (state) => state.partial.length,
  encode: (payload) => payload
}

/** Three times what an original can read of a peer list. */
const defaultLimit = 65_536

/** Pyile's format: JSON as Python writes it, an object per message. Integers are exact; NaN and infinities are refused. */
export const format: Format.Format<State> = {
  framing,
  limit: defaultLimit,
  parse: (frame) => PythonJson.parse(frame, "exact"),
  print: (value) => PythonJson.print(value, "exact")
}

/** A message that is always the same, as the bytes of its frame. For values that fit their message. */
export const constant = <A>(message: Link.Message<A>, value: NoInfer<A>): Uint8Array =>
  Result.getOrThrow(Link.encode(format, message, value))
