/** Encodes messages as frames, and decodes frames as messages: by schema, notation and framing. */
import { Result, Schema, SchemaAST, type SchemaIssue, SchemaParser } from "effect"
import type { Format } from "../Format.ts"
import { MalformedMessage, unexpected, type UnexpectedMessage } from "../LinkError.ts"
import { Recent } from "./Recent.ts"

/**
 * A message: a schema whose encoded side is the wire's shape, named by its `identifier` annotation. With the annotation
 * `shared: true` peers of one process that receive the same bytes share the value, which nobody may change.
 */
export type Message<A> = Schema.Codec<A, unknown>

/** A message's name and its two directions, as plain functions. */
interface Compiled<A> {
  readonly message: Message<A>
  readonly name: string
  readonly decode: (value: unknown) => Result.Result<A, SchemaIssue.Issue>
  readonly encode: (value: unknown) => Result.Result<unknown, SchemaIssue.Issue>
  /** Values that were read lately in each format, where peers share them. */
  readonly recent: WeakMap<object, Recent<A>> | undefined
}

// Once per schema, and kept as long as the schema lives.
const compiled = new WeakMap<object, Compiled<unknown>>()

const isOf = <A>(found: Compiled<unknown> | undefined, message: Message<A>): found is Compiled<A> =>
  found?.message === message

const compile = <A>(message: Message<A>): Compiled<A> => {
  const known = compiled.get(message)
  if (isOf(known, message)) return known
  const made: Compiled<A> = {
    message,
    name: SchemaAST.resolveIdentifier(message.ast) ?? "message",
    decode: SchemaParser.decodeUnknownResult(message),
    encode: SchemaParser.encodeUnknownResult(message),
    recent: SchemaAST.resolveAt<boolean>("shared")(message.ast) === true ? new WeakMap() : undefined
  }
  compiled.set(message, made)
  return made
}

/** The name of a message. */
export const nameOf = <A>(message: Message<A>): string => compile(message).name

/** Encodes one value as the bytes of a frame. Fails when the value does not fit its message or the notation. */
export const encode = <State, A>(
  format: Format<State>,
  message: Message<A>,
  value: NoInfer<A>
): Result.Result<Uint8Array, MalformedMessage> => {
  const { encode, name } = compile(message)
  const encoded = encode(value)
  return Result.isFailure(encoded)
    ? Result.fail(new MalformedMessage({ reason: `the value does not fit ${name}` }))
    : Result.map(format.print(encoded.success), format.framing.encode)
}

/** The result of reading a frame. */
export type Decoded<A> = Result.Result<A, MalformedMessage | UnexpectedMessage>

/** Reads frames as messages. */
export const decoder = <State, A>(format: Format<State>, message: Message<A>): (frame: Uint8Array) => Decoded<A> => {
  const { decode, name, recent } = compile(message)
  const read = (frame: Uint8Array): Decoded<A> => {
    const parsed = format.parse(frame)
    if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
    const decoded = decode(parsed.success)
    return Result.isFailure(decoded)
      ? Result.fail(unexpected(name, parsed.success))
      : Result.succeed(decoded.success)
  }
  return recent === undefined ? read : sharing(recentOf(recent, format), read)
}

const recentOf = <A>(recent: WeakMap<object, Recent<A>>, format: object): Recent<A> => {
  const known = recent.get(format) ?? new Recent<A>()
  recent.set(format, known)
  return known
}

/** Reads what was not read lately. */
const sharing = <A>(recent: Recent<A>, read: (frame: Uint8Array) => Decoded<A>) => (frame: Uint8Array): Decoded<A> => {
  const known = recent.get(frame)
  if (known !== undefined) return Result.succeed(known)
  const decoded = read(frame)
  if (Result.isSuccess(decoded)) recent.add(frame, decoded.success)
  return decoded
}

/** Reads one frame as a message. */
export const decode = <State, A>(format: Format<State>, message: Message<A>, frame: Uint8Array): Decoded<A> =>
  decoder(format, message)(frame)
