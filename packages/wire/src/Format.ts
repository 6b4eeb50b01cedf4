/** What a protocol gives to a `Link`: how bytes become frames, and how a frame becomes a plain value. */
import type { Result } from "effect"
import type { Framing } from "./Framing.ts"
import type { MalformedMessage } from "./LinkError.ts"

/** Framing and notation of one protocol. The message schemas that a step names say what the values mean. */
export interface Format<State> {
  readonly framing: Framing<State>
  /** Bytes of one frame at most, where a link sets no other limit. */
  readonly limit: number
  /** Reads one frame, such as JSON from UTF-8. Never throws, whatever the frame holds. */
  readonly parse: (frame: Uint8Array) => Result.Result<unknown, MalformedMessage>
  /** Writes one value as the payload of a frame. Fails when the notation cannot express it. */
  readonly print: (value: unknown) => Result.Result<Uint8Array, MalformedMessage>
}
