/**
 * The opcodes that would import, call or rebuild something. Nothing is imported and nothing is called: what makes plain
 * data is recognised by its name, with exactly the arguments that Python gives it, and everything else is refused by name.
 */
import * as Builtins from "./calls/Builtins.ts"
import type { Call } from "./calls/Call.ts"
import * as Numpy from "./calls/Numpy.ts"
import * as Objects from "./calls/Objects.ts"
import * as Scalars from "./calls/Scalars.ts"
import { Cost } from "./Limits.ts"
import type { Machine } from "./Machine.ts"
import { Arguments, DType, Global, isPart, type Item } from "./Part.ts"
import { Tuple } from "./Value.ts"

/** What may be called, by module and name. */
const calls: ReadonlyMap<string, Call> = new Map(
  Object.entries({ ...Builtins.calls, ...Scalars.calls, ...Numpy.calls, ...Objects.calls })
)

/** Refuses an opcode, naming the global that it would use when `called` is one. */
export const refuse = (machine: Machine, opcode: string, called?: Item): void => {
  if (isPart(called) && !calls.has(called.global.key)) machine.refuse(called)
  else machine.input.unsafe(opcode, isPart(called) ? [called.global.module, called.global.name] : undefined)
}

/** GLOBAL: names in two lines. */
export const global = (machine: Machine): void => {
  const module = name(machine)
  push(machine, new Global(module, name(machine), "GLOBAL"))
}

/** STACK_GLOBAL: names on the stack. */
export const stackGlobal = (machine: Machine): void => {
  const [module, name] = machine.popValues(2)
  if (typeof module === "string" && typeof name === "string") push(machine, new Global(module, name, "STACK_GLOBAL"))
  else machine.input.malformed("a global whose names are no strings")
}

/** INST: names in two lines, arguments above the mark. Python writes no plain data so. */
export const instance = (machine: Machine): void => {
  const module = name(machine)
  machine.input.unsafe("INST", [module, name(machine)])
}

/** REDUCE: a call. */
export const reduce = (machine: Machine): void => {
  const given = machine.pop()
  const called = machine.pop()
  const call = called instanceof Global ? calls.get(called.key) : undefined
  if (!(called instanceof Global) || call === undefined) return refuse(machine, "REDUCE", called)
  const items = given instanceof Tuple || given instanceof Arguments ? given.items : undefined
  const make = items && call(items, called)
  if (make !== undefined) make(machine)
  else if (isPart(given)) machine.refuse(given)
  else refuse(machine, "REDUCE", called)
}

/** NEWOBJ: an object of a class. Python makes no built-in value and nothing that may be called so. */
export const newObject = (machine: Machine): void => {
  const given = machine.pop()
  const type = machine.pop()
  if (!(type instanceof Global) || calls.has(type.key)) return refuse(machine, "NEWOBJ", type)
  const make = given instanceof Tuple ? Objects.make(type, given.items) : undefined
  if (make !== undefined) make(machine)
  else machine.refuse(isPart(given) ? given : type)
}

/** BUILD: the state of an object. */
export const build = (machine: Machine): void => {
  const state = machine.pop()
  const target = machine.top()
  if (!(target instanceof DType)) return machine.fill(state)
  const order = Numpy.orderOf(state)
  if (order === undefined) machine.refuse(target)
  else target.order = order
}

const name = ({ input }: Machine): string => input.utf8(input.line())

const push = (machine: Machine, global: Global): void => {
  if (machine.charge(Cost.string)) machine.push(global)
}
