/**
 * How reading and writing a pickle fails. No error carries a value of the pickle, as it may be a secret: only names of
 * opcodes, of kinds and of what a pickle would import, and places.
 */
import { Schema } from "effect"

/**
 * The pickle is a program that would import, call or rebuild something that is not plain data. Nothing of it was done.
 * A complex number comes as such a program too. `problem` is for the middle of a sentence.
 */
export class UnsafePickle extends Schema.TaggedError<UnsafePickle>()("UnsafePickle", {
  /** Python's name of the opcode that was refused, such as "STACK_GLOBAL". */
  opcode: Schema.String,
  /** What would be imported or called, as "module.name", without control characters, each part cut to 64 characters. */
  global: Schema.optionalKey(Schema.String)
}) {
  get problem() {
    return `${this.global ?? `a pickle with ${this.opcode}`} is not plain data`
  }
  override get message() {
    return `A pickle is refused: ${this.problem}.`
  }
}

/** The bytes are no pickle, hold more than one, or would need more memory or depth than is allowed. */
export class MalformedPickle extends Schema.TaggedError<MalformedPickle>()("MalformedPickle", {
  /** What is wrong ("cut short"); never the contents. */
  reason: Schema.String,
  /** Index of the byte where the opcode in question begins. */
  at: Schema.Natural
}) {
  get problem() {
    return `malformed at byte ${this.at}: ${this.reason}`
  }
  override get message() {
    return `A pickle is ${this.problem}.`
  }
}

/** Every way reading fails. */
export type ReadError = UnsafePickle | MalformedPickle

/** A value that cannot be pickled: local misuse. */
export class UnpicklableValue extends Schema.TaggedError<UnpicklableValue>()("UnpicklableValue", {
  /** What is wrong ("a function"); never the contents. */
  reason: Schema.String
}) {
  override get message() {
    return `A value cannot be pickled: ${this.reason}.`
  }
}

const nameLength = 64

const shown = (name: string): string => name.slice(0, nameLength).replace(/\p{C}/gu, "")

/** Module and name as far as they can be shown: without control characters, each cut to 64 characters. */
export const nameOf = (module: string, name: string): string => `${shown(module)}.${shown(name)}`

/** Makes an `UnsafePickle` that names the global, if there is one, as far as it can be shown. */
export const unsafe = (opcode: string, global?: readonly [module: string, name: string]): UnsafePickle =>
  global === undefined
    ? new UnsafePickle({ opcode })
    : new UnsafePickle({ opcode, global: nameOf(...global) })
