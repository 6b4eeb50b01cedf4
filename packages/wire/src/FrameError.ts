/**
 * How a byte stream stops being a sequence of frames. All three errors are the peer's fault and end the connection, as
 * the position of the next frame is not known.
 */
import { Redacted, Schema } from "effect"

/** A frame is larger than the limit. It was not buffered beyond the limit. */
export class FrameTooLarge extends Schema.TaggedError<FrameTooLarge>()("FrameTooLarge", {
  /** Bytes allowed. */
  limit: Schema.Finite,
  /** Bytes that the frame's header announces; bytes received so far where there is no such header. */
  size: Schema.Finite
}) {
  override get message() {
    return `The peer sent a frame of ${this.size} bytes or more; at most ${this.limit} are accepted.`
  }
}

/** The peer sent FIN inside a frame. */
export class FrameTruncated extends Schema.TaggedError<FrameTruncated>()("FrameTruncated", {
  /** Bytes of the unfinished frame. */
  pending: Schema.Finite
}) {
  override get message() {
    return `The peer ended the connection inside a frame, after ${this.pending} bytes of it.`
  }
}

/** Bytes that begin or continue no frame. */
export class MalformedFrame extends Schema.TaggedError<MalformedFrame>()("MalformedFrame", {
  /** `NotAnObject`: no JSON object begins here. `TooDeep`: nested too deep. `BadHeader`: an impossible header. */
  reason: Schema.Literals(["NotAnObject", "TooDeep", "BadHeader"]),
  /** Position of the first wrong byte, counted from the end of the last whole frame. */
  offset: Schema.Finite,
  /** What was found, at most 32 bytes of it. Redacted, as it may be a password. */
  text: Schema.Redacted(Schema.String)
}) {
  override get message() {
    return `The peer sent bytes that are no frame (${this.reason} at byte ${this.offset}).`
  }
}

/** Every way framing fails. */
export type FrameError = FrameTooLarge | FrameTruncated | MalformedFrame

const excerptLength = 32

/** Makes a `MalformedFrame` that quotes `found`, cut to 32 bytes; what is not UTF-8 reads as U+FFFD. */
export const malformed = (
  reason: MalformedFrame["reason"],
  offset: number,
  found: Uint8Array
): MalformedFrame =>
  new MalformedFrame({
    reason,
    offset,
    text: Redacted.make(new TextDecoder("utf-8", { ignoreBOM: true }).decode(found.subarray(0, excerptLength)))
  })
