/**
 * Frames that begin with their length. A frame that is too long is refused before any of it is buffered.
 *
 *   | length: 4 bytes, unsigned, big-endian | payload: `length` bytes |
 *
 * The length counts the payload only, and so does the limit. A length of zero is an empty frame.
 */
import { FrameTooLarge } from "./FrameError.ts"
import * as Framing from "./Framing.ts"

/** The part of a frame that has arrived. */
export interface State {
  /** The length of the payload, `undefined` until the header is complete. */
  readonly length: number | undefined
  /** The beginning of the header, later the beginning of the payload. */
  readonly part: Framing.Partial
}

const headerLength = 4

const initial: State = { length: undefined, part: Framing.empty }

// By hand: a DataView for each header costs more than all other work with a small frame.
const lengthAt = (bytes: Uint8Array, at: number): number => {
  const byte = (index: number) => bytes[at + index] ?? 0
  return ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)) >>> 0
}

const decode = (state: State, chunk: Uint8Array, limit: number): Framing.Decoded<State> => {
  const frames: Array<Uint8Array> = []
  let { length, part } = state
  let from = 0
  while (true) {
    const missing = (length ?? headerLength) - part.length
    if (chunk.length - from < missing) {
      return { frames, state: { length, part: Framing.append(part, chunk.subarray(from)) }, error: undefined }
    }
    if (length === undefined) {
      length = part.length === 0
        ? lengthAt(chunk, from)
        : lengthAt(Framing.complete(part, chunk.subarray(from, from + missing)), 0)
      if (length > limit) return { frames, state: initial, error: new FrameTooLarge({ limit, size: length }) }
    } else {
      frames.push(Framing.complete(part, chunk.subarray(from, from + missing)))
      length = undefined
    }
    part = Framing.empty
    from += missing
  }
}

const encode = (payload: Uint8Array): Uint8Array => {
  const frame = new Uint8Array(headerLength + payload.length)
  new DataView(frame.buffer).setUint32(0, payload.length)
  frame.set(payload, headerLength)
  return frame
}

/** Frames of a four-byte length and a payload. Refuses a length beyond the limit as soon as the header is complete. */
export const framing: Framing.Framing<State> = {
  initial,
  decode,
  pending: ({ length, part }) => part.length + (length === undefined ? 0 : headerLength),
  encode
}
