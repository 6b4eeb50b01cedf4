/**
 * The opcodes that would import, call or rebuild something. Nothing is called: the constructors of plain data are
 * recognised with exactly the arguments that Python gives them where a protocol has no opcode for a value, and
 * everything else is refused by name.
 *
 *     protocols 0 to 2   bytes        bytes()   _codecs.encode("...", "latin1")
 *     protocols 0 to 3   set          set([...])   frozenset([...])
 *     protocols 0 to 4   bytearray    bytearray()   bytearray(b"...")   bytearray("...", "latin-1")
 */
import { Data } from "effect"
import * as Filling from "./Filling.ts"
import { Cost } from "./Limits.ts"
import type { Item, Machine } from "./Machine.ts"
import { ByteArray, type PickleValue, Tuple } from "./Value.ts"

/** A global that stands for one of the five. It is no value: it may only be called. */
export class Constructor extends Data.Class<{
  readonly name: "set" | "frozenset" | "bytes" | "bytearray" | "encode"
  readonly module: string
  /** Name of the opcode that brought it. */
  readonly opcode: string
}> {}

/** Finds the constructor of this name, or undefined when it is none. Python 2 named the module `__builtin__`. */
const find = (module: string, name: string): Constructor["name"] | undefined => {
  if (module === "_codecs") return name === "encode" ? name : undefined
  if (module !== "builtins" && module !== "__builtin__") return undefined
  return name === "set" || name === "frozenset" || name === "bytes" || name === "bytearray" ? name : undefined
}

/** Refuses an opcode, naming the global that it would use when `called` is one. */
export const refuse = (machine: Machine, opcode: string, called?: Item): void =>
  machine.input.unsafe(opcode, called instanceof Constructor ? [called.module, called.name] : undefined)

/** GLOBAL: names in two lines. */
export const global = (machine: Machine): void => {
  const module = name(machine)
  push(machine, "GLOBAL", [module, name(machine)])
}

/** STACK_GLOBAL: names on the stack. */
export const stackGlobal = (machine: Machine): void => {
  const [module, name] = machine.popValues(2)
  if (typeof module === "string" && typeof name === "string") push(machine, "STACK_GLOBAL", [module, name])
  else machine.input.malformed("a global whose names are no strings")
}

/** INST: names in two lines, arguments above the mark. Python writes no plain data so. */
export const instance = (machine: Machine): void => {
  const module = name(machine)
  machine.input.unsafe("INST", [module, name(machine)])
}

/** REDUCE: a call. */
export const reduce = (machine: Machine): void => {
  const argument = machine.popValue()
  const called = machine.pop()
  if (!(called instanceof Constructor) || !(argument instanceof Tuple)) return refuse(machine, "REDUCE", called)
  const make = calls[called.name](argument.items)
  if (make === undefined) return refuse(machine, "REDUCE", called)
  if (machine.countCopy(sizeOf(argument.items[0]))) make(machine)
}

const name = ({ input }: Machine): string => input.utf8(input.line())

const push = (machine: Machine, opcode: string, [module, name]: readonly [string, string]): void => {
  const known = find(module, name)
  if (known === undefined) machine.input.unsafe(opcode, [module, name])
  else if (machine.charge(Cost.string)) machine.push(new Constructor({ name: known, module, opcode }))
}

/** How much a call copies: items of a set, bytes, or characters. */
const sizeOf = (argument: PickleValue | undefined): number =>
  typeof argument === "string" || argument instanceof Uint8Array || Array.isArray(argument) ? argument.length : 0

type Make = (machine: Machine) => void
type Call = (items: ReadonlyArray<PickleValue>) => Make | undefined

const bytes = (size: number, make: () => PickleValue): Make => (machine) => {
  if (machine.charge(Cost.bytes + size)) machine.push(make())
}

const isLatin1 = (text: PickleValue | undefined): text is string =>
  typeof text === "string" && !/[^\u0000-\u00ff]/.test(text)

const fromLatin1 = (text: string): Uint8Array => {
  const made = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) made[at] = text.charCodeAt(at)
  return made
}

/** What each call makes, or undefined when Python does not write a call with these arguments. */
const calls: { readonly [Name in Constructor["name"]]: Call } = {
  set: ([items, ...more]) =>
    Array.isArray(items) && more.length === 0 ? (machine) => Filling.set(machine, items) : undefined,
  frozenset: ([items, ...more]) =>
    Array.isArray(items) && more.length === 0 ? (machine) => Filling.frozenSet(machine, items) : undefined,
  bytes: (items) => items.length === 0 ? bytes(0, () => new Uint8Array(0)) : undefined,
  encode: ([text, encoding, ...more]) =>
    isLatin1(text) && encoding === "latin1" && more.length === 0
      ? bytes(text.length, () => fromLatin1(text))
      : undefined,
  bytearray: ([source, encoding, ...more]) => {
    if (source === undefined) return bytes(0, () => new ByteArray(new Uint8Array(0)))
    if (source instanceof Uint8Array && encoding === undefined) {
      return bytes(source.length, () => new ByteArray(new Uint8Array(source)))
    }
    return isLatin1(source) && encoding === "latin-1" && more.length === 0
      ? bytes(source.length, () => new ByteArray(fromLatin1(source)))
      : undefined
  }
}
