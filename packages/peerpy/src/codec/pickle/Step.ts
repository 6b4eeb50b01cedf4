/** What each opcode does. Together the steps are the whole language of pickles. */
import { Record } from "effect"
import * as Calling from "./Calling.ts"
import * as Filling from "./Filling.ts"
import * as Integer from "./Integer.ts"
import { Cost } from "./Limits.ts"
import * as Line from "./Line.ts"
import type { Machine } from "./Machine.ts"
import { Opcode, type OpcodeName } from "./Opcode.ts"
import { ByteArray, type PickleValue } from "./Value.ts"

type Step = (machine: Machine) => void

const constant = (value: PickleValue): Step => (machine) => machine.push(value)

const push = (machine: Machine, value: PickleValue): void => machine.push(value)

const number = (read: (machine: Machine) => bigint | number): Step => (machine) => {
  if (machine.charge(Cost.number)) machine.push(read(machine))
}

const integer = (machine: Machine, length: number): void => {
  const bytes = machine.input.take(length)
  if (bytes.length > Integer.maxIntegerBytes) {
    machine.input.malformed(`an integer of more than ${Integer.maxIntegerBytes} bytes`)
  } else if (machine.charge(Cost.number + bytes.length)) machine.push(Integer.decode(bytes))
}

const text = (machine: Machine, length: number): void => {
  const bytes = machine.input.take(length)
  if (machine.charge(Cost.string + 2 * bytes.length)) machine.push(machine.input.utf8(bytes))
}

/** A str of Python 2, which Python 3 takes as text when it is ASCII and otherwise fails. */
const ascii = (machine: Machine, text: string): void => {
  if (/[^\0-\x7f]/.test(text)) machine.input.malformed("text of Python 2 that is not ASCII")
  else machine.push(text)
}

const binaryString = (machine: Machine, length: number): void => {
  const bytes = machine.input.take(length)
  if (machine.charge(Cost.string + 2 * bytes.length)) ascii(machine, Line.textOf(bytes))
}

const copy = (machine: Machine, length: number): Uint8Array => {
  const bytes = machine.input.take(length)
  return machine.charge(Cost.bytes + bytes.length) ? new Uint8Array(bytes) : new Uint8Array(0)
}

const line = <A>(
  read: (line: Uint8Array) => A | undefined,
  what: string,
  push: (machine: Machine, value: A) => void
): Step =>
(machine) => {
  const bytes = machine.input.line()
  if (!machine.charge(Cost.string + 2 * bytes.length)) return
  const value = read(bytes)
  if (value === undefined) machine.input.malformed(`a line that is no ${what}`)
  else push(machine, value)
}

const index = (machine: Machine): number => {
  const index = Line.index(machine.input.line())
  if (index === undefined) machine.input.malformed("a line that is no index")
  return index ?? 0
}

/** What is not here would import, rebuild or reach for something that is not in the pickle: it is refused. */
const steps: { readonly [Name in OpcodeName]?: Step } = {
  // The program itself.
  PROTO: ({ input }) => {
    if (input.u8() > 5) input.malformed("a protocol beyond 5")
  },
  // Quirk: a frame may end inside an opcode, as in Python's unpickler in C: it only promises that bytes are there.
  FRAME: ({ input }) => {
    if (input.u64() > input.left) input.malformed("cut short")
  },
  STOP: (machine) => {
    machine.stopped = true
  },

  // The stack and the memo.
  MARK: (machine) => machine.mark(),
  POP: (machine) => {
    if (!machine.popMark()) machine.pop()
  },
  POP_MARK: (machine) => {
    machine.popToMark()
  },
  DUP: (machine) => machine.push(machine.top()),
  PUT: (machine) => machine.put(index(machine)),
  BINPUT: (machine) => machine.put(machine.input.u8()),
  LONG_BINPUT: (machine) => machine.put(machine.input.u32()),
  MEMOIZE: (machine) => machine.put(),
  GET: (machine) => machine.get(index(machine)),
  BINGET: (machine) => machine.get(machine.input.u8()),
  LONG_BINGET: (machine) => machine.get(machine.input.u32()),

  // Atoms.
  NONE: constant(null),
  NEWTRUE: constant(true),
  NEWFALSE: constant(false),
  INT: line(Line.integer, "integer", push),
  BININT: number(({ input }) => BigInt(input.i32())),
  BININT1: number(({ input }) => BigInt(input.u8())),
  BININT2: number(({ input }) => BigInt(input.u16())),
  LONG: line(Line.long, "integer", push),
  LONG1: (machine) => integer(machine, machine.input.u8()),
  LONG4: (machine) => integer(machine, machine.input.i32()),
  FLOAT: line(Line.float, "float", push),
  BINFLOAT: number(({ input }) => input.f64()),

  // Text and bytes.
  STRING: line(Line.string, "quoted string", ascii),
  BINSTRING: (machine) => binaryString(machine, machine.input.i32()),
  SHORT_BINSTRING: (machine) => binaryString(machine, machine.input.u8()),
  UNICODE: line(Line.unicode, "text", push),
  SHORT_BINUNICODE: (machine) => text(machine, machine.input.u8()),
  BINUNICODE: (machine) => text(machine, machine.input.u32()),
  BINUNICODE8: (machine) => text(machine, machine.input.u64()),
  SHORT_BINBYTES: (machine) => machine.push(copy(machine, machine.input.u8())),
  BINBYTES: (machine) => machine.push(copy(machine, machine.input.u32())),
  BINBYTES8: (machine) => machine.push(copy(machine, machine.input.u64())),
  BYTEARRAY8: (machine) => machine.push(new ByteArray(copy(machine, machine.input.u64()))),

  // Containers.
  EMPTY_LIST: (machine) => Filling.list(machine, []),
  LIST: (machine) => Filling.list(machine, machine.popMarked()),
  APPEND: (machine) => Filling.append(machine, [machine.popValue()]),
  APPENDS: (machine) => Filling.append(machine, machine.popMarked()),
  EMPTY_TUPLE: (machine) => Filling.tuple(machine, []),
  TUPLE: (machine) => Filling.tuple(machine, machine.popToMark()),
  TUPLE1: (machine) => Filling.tuple(machine, machine.popItems(1)),
  TUPLE2: (machine) => Filling.tuple(machine, machine.popItems(2)),
  TUPLE3: (machine) => Filling.tuple(machine, machine.popItems(3)),
  EMPTY_DICT: (machine) => Filling.dict(machine, []),
  DICT: (machine) => Filling.dict(machine, machine.popMarked()),
  SETITEM: (machine) => Filling.setItems(machine, machine.popValues(2)),
  SETITEMS: (machine) => Filling.setItems(machine, machine.popMarked()),
  EMPTY_SET: (machine) => Filling.set(machine, []),
  ADDITEMS: (machine) => Filling.addItems(machine, machine.popMarked()),
  FROZENSET: (machine) => Filling.frozenSet(machine, machine.popMarked()),

  // What reaches beyond data, where that is not an object of a known kind.
  GLOBAL: Calling.global,
  STACK_GLOBAL: Calling.stackGlobal,
  REDUCE: Calling.reduce,
  INST: Calling.instance,
  OBJ: (machine) => Calling.refuse(machine, "OBJ", machine.peekAboveMark()),
  NEWOBJ: Calling.newObject,
  BUILD: Calling.build,
  NEWOBJ_EX: (machine) => Calling.refuse(machine, "NEWOBJ_EX", machine.peek(2))
}

const stepOf = new Map(
  Record.toEntries(Opcode).map(([name, code]): [number, Step] => [
    code,
    steps[name] ?? ((machine) => Calling.refuse(machine, name))
  ])
)

/** Does what the next opcode says. */
export const step = (machine: Machine): void => {
  const next = stepOf.get(machine.input.opcode())
  if (next === undefined) machine.input.malformed("no opcode")
  else next(machine)
}
