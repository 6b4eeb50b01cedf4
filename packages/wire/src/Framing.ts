/**
 * Where one frame ends and the next begins: pure and incremental, so the same bytes give the same frames however the
 * network cuts them.
 *
 * A framing never scans a byte twice and never copies a partial frame once per segment, so a peer that sends one byte
 * at a time costs linear time. An incomplete frame is a value, not a failure.
 */
import type { FrameError } from "./FrameError.ts"

/** What one chunk gave. */
export interface Decoded<State> {
  /** Frames completed by this chunk, in order, without what delimits them. They may share the chunk's memory. */
  readonly frames: ReadonlyArray<Uint8Array>
  /** What to decode the next chunk with. */
  readonly state: State
  /** Why no further frame can be found, after `frames`. Decoding ends here. */
  readonly error: FrameError | undefined
}

/** A way to cut a byte stream into frames. */
export interface Framing<State> {
  /** The state at the start of a stream. */
  readonly initial: State
  /**
   * Cuts `chunk`, which continues where `state` left off. A frame of more than `limit` bytes is a `FrameTooLarge` as
   * soon as that is known, and never buffered beyond the limit.
   */
  readonly decode: (state: State, chunk: Uint8Array, limit: number) => Decoded<State>
  /** Bytes of an unfinished frame; zero when the stream may end here. */
  readonly pending: (state: State) => number
  /** Delimits one payload. Total: what a format prints, its framing can carry. */
  readonly encode: (payload: Uint8Array) => Uint8Array
}

/**
 * The beginning of a frame whose end has not come. A value: `append` leaves the old one as it was, yet copies each
 * byte once (amortised), as the newest value alone owns the free room behind its bytes.
 */
export interface Partial {
  readonly length: number
  readonly room: Room
}

interface Room {
  readonly bytes: Uint8Array
  /** How far `bytes` is taken, by whichever value took it. */
  used: number
}

const smallestRoom = 64
const noBytes = new Uint8Array(0)

/** No bytes yet. */
export const empty: Partial = { length: 0, room: { bytes: noBytes, used: 0 } }

/** Adds `bytes` behind a partial frame. */
export const append = (partial: Partial, bytes: Uint8Array): Partial => {
  const length = partial.length + bytes.length
  const room = partial.room.used === partial.length && length <= partial.room.bytes.length
    ? partial.room
    : grown(partial, length)
  room.bytes.set(bytes, partial.length)
  room.used = length
  return { length, room }
}

const grown = (partial: Partial, length: number): Room => {
  const bytes = new Uint8Array(Math.max(smallestRoom, length * 2))
  bytes.set(partial.room.bytes.subarray(0, partial.length))
  return { bytes, used: partial.length }
}

/** The whole frame: a partial one and its last bytes. Does not copy when there was no partial one. */
export const complete = (partial: Partial, last: Uint8Array): Uint8Array => {
  if (partial.length === 0) return last
  const whole = append(partial, last)
  return whole.room.bytes.subarray(0, whole.length)
}

/** Decodes a stream given as segments, from its start: for bytes that are all there, and for tests. */
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
