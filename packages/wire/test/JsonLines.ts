/** A format for the tests: one JSON value per line. */
import { Result } from "effect"
import { type Format, FrameError, Framing, LinkError } from "../src/index.ts"

const newline = 0x0a

const decode = (partial: Framing.Partial, chunk: Uint8Array, limit: number): Framing.Decoded<Framing.Partial> => {
  const frames: Array<Uint8Array> = []
  let state = partial
  let from = 0
  while (true) {
    const end = chunk.indexOf(newline, from)
    const rest = chunk.subarray(from, end === -1 ? chunk.length : end)
    const size = state.length + rest.length
    if (size > limit) return { frames, state, error: new FrameError.FrameTooLarge({ limit, size }) }
    if (end === -1) {
      return { frames, state: rest.length === 0 ? state : Framing.append(state, rest), error: undefined }
    }
    frames.push(Framing.complete(state, rest))
    state = Framing.empty
    from = end + 1
  }
}

/** Frames that end with a newline. */
const framing: Framing.Framing<Framing.Partial> = {
  initial: Framing.empty,
  decode,
  pending: (partial) => partial.length,
  encode: (payload) => new Uint8Array([...payload, newline])
}

/** JSON values, one per line, at most 100 bytes each. */
export const format: Format.Format<Framing.Partial> = {
  framing,
  limit: 100,
  parse: (frame) =>
    Result.try({
      try: (): unknown => JSON.parse(new TextDecoder().decode(frame)),
      catch: () => new LinkError.MalformedMessage({ reason: "not JSON" })
    }),
  print: (value) =>
    value === undefined
      ? Result.fail(new LinkError.MalformedMessage({ reason: "nothing to print" }))
      : Result.succeed(new TextEncoder().encode(JSON.stringify(value)))
}
