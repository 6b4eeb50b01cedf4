/**
 * Finds where one frame ends and the next begins. A framing is pure and incremental: the same bytes give the same frames,
 * however the network cuts them. An incomplete frame is a value, not a failure.
 *
 * A framing reads each byte once, and does not copy a partial frame for each segment. A peer that sends one byte at a
 * time costs linear time.
 */
import type { FrameError } from "./FrameError.ts"

/** The result of decoding one chunk. */
export interface Decoded<State> {
  /** Frames that this chunk completed, in order, without their delimiters. They may share the chunk's memory. */
  readonly frames: ReadonlyArray<Uint8Array>
  /** The state for the next chunk. */
  readonly state: State
  /** Why there is no further frame after `frames`. Decoding ends here. */
  readonly error: FrameError | undefined
}

/** A way to cut a byte stream into frames. */
export interface Framing<State> {
  /** The state at the start of a stream. */
  readonly initial: State
  /**
   * Cuts `chunk`, which continues where `state` ended. A frame of more than `limit` bytes is a `FrameTooLarge` as soon as
   * its size is known, and is never buffered beyond the limit. Never throws.
   */
  readonly decode: (state: State, chunk: Uint8Array, limit: number) => Decoded<State>
  /** Bytes of an unfinished frame. Zero where the stream may end. */
  readonly pending: (state: State) => number
  /** Makes a frame of one payload. Total: a framing carries every payload that its format prints. */
  readonly encode: (payload: Uint8Array) => Uint8Array
}

/**
 * The beginning of a frame whose end has not arrived. A value: `append` returns a new one and does not change the old.
 * Each byte is copied once (amortised), as only the newest value uses the free room behind its bytes.
 */
export interface Partial {
  readonly length: number
  /** Memory, and how much of it is used by the value that uses most. */
  readonly room: { readonly bytes: Uint8Array; used: number }
}

const smallestRoom = 64

/** No bytes yet. */
export const empty: Partial = { length: 0, room: { bytes: new Uint8Array(0), used: 0 } }

/** Adds `bytes` behind a partial frame. */
export const append = (partial: Partial, bytes: Uint8Array): Partial => {
  const length = partial.length + bytes.length
  let { room } = partial
  if (room.used !== partial.length || length > room.bytes.length) {
    room = { bytes: new Uint8Array(Math.max(smallestRoom, length * 2)), used: 0 }
    room.bytes.set(partial.room.bytes.subarray(0, partial.length))
  }
  room.bytes.set(bytes, partial.length)
  room.used = length
  return { length, room }
}

/** The whole frame: a partial frame and its last bytes. Copies only where there was a partial frame. */
export const complete = (partial: Partial, last: Uint8Array): Uint8Array => {
  if (partial.length === 0) return last
  const whole = append(partial, last)
  return whole.room.bytes.subarray(0, whole.length)
}

/** What was found in a part of a chunk, and how many bytes that part has. */
export interface DecodedPart<State> extends Decoded<State> {
  readonly taken: number
}

/** Bytes that are decoded first where one frame is needed: a short message, and not many more behind it. */
const fewBytes = 1024

/**
 * Cuts a chunk as far as the next frame, and not much further: a peer that sends thousands of frames makes nobody hold
 * more of them than a step of a dialogue needs. Goes on by `bytes`, then by twice as many, until there is a frame.
 */
export const decodeNext = <State>(
  framing: Framing<State>,
  before: State,
  chunk: Uint8Array,
  { bytes = fewBytes, limit }: { readonly limit: number; readonly bytes?: number | undefined }
): DecodedPart<State> => {
  let state = before
  let taken = 0
  for (let size = bytes; taken < chunk.length; size *= 2) {
    const part = taken === 0 && chunk.length <= size ? chunk : chunk.subarray(taken, taken + size)
    const decoded = framing.decode(state, part, limit)
    taken += part.length
    state = decoded.state
    if (decoded.frames.length > 0 || decoded.error !== undefined) return { ...decoded, taken }
  }
  return { frames: [], state, error: undefined, taken }
}

/** Decodes a whole stream, given as segments: for bytes that are all there, and for tests. */
export const decodeAll = <State>(
  framing: Framing<State>,
  segments: Iterable<Uint8Array>,
  limit: number
): Decoded<State> => {
  const frames: Array<Uint8Array> = []
  let state = framing.initial
  for (const segment of segments) {
    const decoded = framing.decode(state, segment, limit)
    for (const frame of decoded.frames) frames.push(frame)
    state = decoded.state
    if (decoded.error !== undefined) return { frames, state, error: decoded.error }
  }
  return { frames, state, error: undefined }
}
