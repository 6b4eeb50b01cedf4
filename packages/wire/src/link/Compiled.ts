/** Compiles message schemas to plain functions: once per schema, and kept as long as the schema lives. */
import { type Result, Schema, SchemaAST, type SchemaIssue, SchemaParser } from "effect"

/** A message: a schema whose encoded side is the wire's shape, named by its `identifier` annotation. */
export type Message<A> = Schema.Codec<A, unknown>

/** A schema's name and its two directions. */
export interface Compiled<A> {
  readonly message: Message<A>
  readonly name: string
  readonly decode: (value: unknown) => Result.Result<A, SchemaIssue.Issue>
  readonly encode: (value: unknown) => Result.Result<unknown, SchemaIssue.Issue>
}

const compiled = new WeakMap<object, Compiled<unknown>>()

const isOf = <A>(found: Compiled<unknown> | undefined, message: Message<A>): found is Compiled<A> =>
  found?.message === message

/** The compiled form of a message. */
export const of = <A>(message: Message<A>): Compiled<A> => {
  const known = compiled.get(message)
  if (isOf(known, message)) return known
  const made: Compiled<A> = {
    message,
    name: SchemaAST.resolveIdentifier(message.ast) ?? "message",
    decode: SchemaParser.decodeUnknownResult(message),
    encode: SchemaParser.encodeUnknownResult(message)
  }
  compiled.set(message, made)
  return made
}
