/** What a protocol gives to a `Link`: how bytes become frames, and how a frame becomes a plain value. */
import type { Result } from "effect"
import type { Framing } from "./Framing.ts"
import type { MalformedMessage } from "./LinkError.ts"

/** Framing and notation of one protocol. What the values mean is said by the message schemas given to the link. */
export interface Format<State> {
  readonly framing: Framing<State>
  /** Bytes of one frame accepted by default. A link can be made with another limit. */
  readonly limit: number
  /** Reads one frame, such as JSON from UTF-8. Total: never throws, whatever the frame holds. */
  readonly parse: (frame: Uint8Array) => Result.Result<unknown, MalformedMessage>
  /** Writes one value as the payload of a frame. Fails when the notation has no words for it. */
  readonly print: (value: unknown) => Result.Result<Uint8Array, MalformedMessage>
}
