/** Encodes messages as frames, and decodes frames as messages: by schema, notation and framing. */
import { Result } from "effect"
import type { Format } from "../Format.ts"
import { MalformedMessage, unexpected, type UnexpectedMessage } from "../LinkError.ts"
import * as Compiled from "./Compiled.ts"

/** A message: a schema whose encoded side is the wire's shape, named by its `identifier` annotation. */
export type Message<A> = Compiled.Message<A>

/** Encodes one value as the bytes of a frame. Fails when the value does not fit its message or the notation. */
export const encode = <State, A>(
  format: Format<State>,
  message: Message<A>,
  value: NoInfer<A>
): Result.Result<Uint8Array, MalformedMessage> => {
  const compiled = Compiled.of(message)
  const encoded = compiled.encode(value)
  if (Result.isFailure(encoded)) {
    return Result.fail(new MalformedMessage({ reason: `the value does not fit ${compiled.name}` }))
  }
  return Result.map(format.print(encoded.success), format.framing.encode)
}

/** The result of reading a frame. */
export type Decoded<A> = Result.Result<A, MalformedMessage | UnexpectedMessage>

/** Reads frames as messages. */
export const decoder = <State, A>(format: Format<State>, message: Message<A>): (frame: Uint8Array) => Decoded<A> => {
  const compiled = Compiled.of(message)
  return (frame) => {
    const parsed = format.parse(frame)
    if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
    const decoded = compiled.decode(parsed.success)
    return Result.isFailure(decoded)
      ? Result.fail(unexpected(compiled.name, parsed.success))
      : Result.succeed(decoded.success)
  }
}

/** Reads one frame as a message. */
export const decode = <State, A>(format: Format<State>, message: Message<A>, frame: Uint8Array): Decoded<A> =>
  decoder(format, message)(frame)
