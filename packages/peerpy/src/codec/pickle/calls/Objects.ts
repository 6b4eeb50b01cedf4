/**
 * Objects of classes, as what they hold. The class is a name: nothing of it is imported, so the names of a namedtuple's
 * fields are not known.
 *
 *     protocols 2 to 5   C.__new__(C)   C.__new__(C, 1, 2)
 *     protocols 0, 1     copyreg._reconstructor(C, object, None)   copyreg._reconstructor(C, tuple, (1, 2))
 *     then the state     {"name": "tea"}   (None, {"name": "tea"})   ["tea", 1]
 *
 * An object without a state holds nothing, and is refused: a function would look the same.
 */
import { Cost } from "../Limits.ts"
import type { Machine } from "../Machine.ts"
import { type Fill, Global, type Item, Shell } from "../Part.ts"
import { nameOf } from "../PickleError.ts"
import { Instance, type PickleValue, Scalar, Tuple } from "../Value.ts"
import type { Call, Make } from "./Call.ts"

/** The dicts of a state: one, or one of an object's own fields and one of its slots. */
const dictsOf = (state: Item): ReadonlyArray<PickleValue> | undefined => {
  if (state instanceof Map) return [state]
  return state instanceof Tuple && state.items.length === 2 ? state.items : undefined
}

/** Copies fields. False for what are no fields. */
const addFields = (machine: Machine, fields: Map<string, PickleValue>, dict: PickleValue): boolean => {
  if (dict === null) return true
  if (!(dict instanceof Map) || !machine.countCopy(dict.size) || !machine.charge(Cost.entry * dict.size)) return false
  for (const [name, value] of dict) {
    if (typeof name !== "string") return false
    fields.set(name, value)
  }
  return true
}

const fillInstance = (type: string, items: Array<PickleValue>) => {
  const fields = new Map<string, PickleValue>()
  const instance = new Instance(type, fields, items)
  const fill: Fill = (machine, state) => {
    if (!Array.isArray(state)) {
      return dictsOf(state)?.every((dict) => addFields(machine, fields, dict)) === true ? instance : undefined
    }
    if (items.length > 0 || !machine.countCopy(state.length)) return undefined
    for (const item of state) items.push(item)
    return machine.charge(Cost.place * state.length) ? instance : undefined
  }
  return { fill, instance }
}

/** A UUID is an object with one integer. */
const fillUuid: Fill = (_, state) => {
  const value = state instanceof Map ? state.get("int") : undefined
  if (typeof value !== "bigint" || BigInt.asUintN(128, value) !== value) return undefined
  const digits = value.toString(16).padStart(32, "0")
  return new Scalar("uuid", digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"))
}

/** Makes an object of a class with `items` in it, or undefined where Python makes none so. */
export const make = (type: Global, items: ReadonlyArray<PickleValue>): Make | undefined => {
  if (type.key.startsWith("builtins ")) return undefined
  if (type.key === "uuid UUID") {
    return items.length > 0 ? undefined : (machine) => {
      if (machine.charge(Cost.table)) machine.pushShell(new Shell(type, fillUuid), true)
    }
  }
  return (machine) => {
    const size = Cost.table + Cost.place * items.length
    if (!machine.countCopy(items.length) || !machine.charge(size)) return
    const { fill, instance } = fillInstance(nameOf(type.module, type.name), [...items])
    machine.containers++
    machine.pushShell(new Shell(type, fill, instance), items.length === 0)
  }
}

/** The calls. */
export const calls: { readonly [name: string]: Call } = {
  "copyreg _reconstructor": ([type, base, state, ...more]) => {
    if (!(type instanceof Global) || !(base instanceof Global) || more.length > 0) return undefined
    if (base.key === "builtins object" && state === null) return make(type, [])
    return base.key === "builtins tuple" && state instanceof Tuple ? make(type, state.items) : undefined
  }
}
