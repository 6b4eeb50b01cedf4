/**
 * What is on the stack and in the memo beside values: what objects are made of. None of it is a value; where one is needed
 * the pickle is refused, with the name of the global that the part came from.
 */
import type { Machine } from "./Machine.ts"
import type { PickleValue } from "./Value.ts"

/** Modules that have another name in another release of Python or numpy. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["__builtin__", "builtins"],
  ["copy_reg", "copyreg"],
  ["numpy.core.multiarray", "numpy._core.multiarray"],
  ["numpy.core.numeric", "numpy._core.numeric"]
])

// No known name is longer. A pickle may use a name of megabytes again and again.
const longest = 64

/** A name that a pickle would import. Nothing is imported. */
export class Global {
  readonly module: string
  readonly name: string
  /** Name of the opcode that brought it. */
  readonly opcode: string
  /** Module and name ("builtins set"), by the newest name of the module; empty for one that is longer than any known. */
  readonly key: string
  constructor(module: string, name: string, opcode: string) {
    this.module = module
    this.name = name
    this.opcode = opcode
    this.key = module.length > longest || name.length > longest ? "" : `${otherNames.get(module) ?? module} ${name}`
  }

  get global(): Global {
    return this
  }
}

/** A tuple with a part that is no value: what a call gets, or what an object is filled with. */
export class Arguments {
  readonly items: ReadonlyArray<Item>
  readonly global: Global
  constructor(items: ReadonlyArray<Item>, global: Global) {
    this.items = items
    this.global = global
  }
}

/** A time zone, as the text behind a time. */
export class Zone {
  readonly text: string
  readonly global: Global
  constructor(text: string, global: Global) {
    this.text = text
    this.global = global
  }
}

/** The type of numpy's numbers, which is made first ("i4") and then gets its byte order. */
export class DType {
  readonly text: string
  readonly global: Global
  order = "|"
  constructor(text: string, global: Global) {
    this.text = text
    this.global = global
  }
}

/** What a state makes of an object, or undefined when Python does not write such a state for it. */
export type Fill = (machine: Machine, state: Item) => PickleValue | undefined

/** An object that is made first, so that its state may contain it, and then filled by BUILD. */
export class Shell {
  readonly global: Global
  readonly fill: Fill
  filled = false
  /** What it is, as soon as that is known. */
  value: PickleValue | undefined
  constructor(global: Global, fill: Fill, value?: PickleValue) {
    this.global = global
    this.fill = fill
    this.value = value
  }
}

/** What is no value. */
export type Part = Global | Arguments | Zone | DType | Shell

/** What can be on the stack and in the memo. */
export type Item = PickleValue | Part

/** Whether an item is no value. */
export const isPart = (item: Item | undefined): item is Part =>
  item instanceof Global || item instanceof Arguments || item instanceof Zone || item instanceof DType ||
  item instanceof Shell
