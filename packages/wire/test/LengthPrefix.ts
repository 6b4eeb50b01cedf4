/** A second kind of framing, for the tests: a length of four bytes, big-endian, and then the payload. */
import { FrameError, Framing } from "../src/index.ts"

interface State {
  readonly header: Framing.Partial
  readonly body: Framing.Partial
}

const initial: State = { header: Framing.empty, body: Framing.empty }
const headerLength = 4

const lengthOf = (header: Framing.Partial): number => new DataView(header.room.bytes.buffer).getUint32(0)

/** Takes at most `wanted` bytes at `from` into a partial. */
const fill = (partial: Framing.Partial, wanted: number, chunk: Uint8Array, from: number): Framing.Partial => {
  const bytes = chunk.subarray(from, from + wanted - partial.length)
  return bytes.length === 0 ? partial : Framing.append(partial, bytes)
}

const decode = (state: State, chunk: Uint8Array, limit: number): Framing.Decoded<State> => {
  const frames: Array<Uint8Array> = []
  let { body, header } = state
  let from = 0
  while (true) {
    const filled = fill(header, headerLength, chunk, from)
    from += filled.length - header.length
    header = filled
    if (header.length < headerLength) return { frames, state: { header, body }, error: undefined }
    const length = lengthOf(header)
    if (length > limit) return { frames, state: initial, error: new FrameError.FrameTooLarge({ limit, size: length }) }
    const missing = length - body.length
    if (chunk.length - from < missing) {
      return { frames, state: { header, body: fill(body, length, chunk, from) }, error: undefined }
    }
    frames.push(Framing.complete(body, chunk.subarray(from, from + missing)))
    from += missing
    header = Framing.empty
    body = Framing.empty
  }
}

/** Frames of four bytes length and a payload. */
export const framing: Framing.Framing<State> = {
  initial,
  decode,
  pending: ({ body, header }) => header.length + body.length,
  encode: (payload) => {
    const frame = new Uint8Array(headerLength + payload.length)
    new DataView(frame.buffer).setUint32(0, payload.length)
    frame.set(payload, headerLength)
    return frame
  }
}
