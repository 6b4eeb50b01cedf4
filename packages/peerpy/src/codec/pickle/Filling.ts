/**
 * How containers are made and filled. Much that goes into a dict or a set goes there in slices, before the next opcode.
 * What Python cannot hash is no key and in no set here either.
 */
import { crowded } from "./Crowd.ts"
import { Cost } from "./Limits.ts"
import type { Machine } from "./Machine.ts"
import { Arguments, isPart, type Item } from "./Part.ts"
import { FrozenSet, type PickleValue, Tuple } from "./Value.ts"

/** Values that a pickle has put on the stack, in their order. */
export type Values = Array<PickleValue>

/** Pushes a list of these items, which it keeps. */
export const list = (machine: Machine, items: Values): void => {
  if (machine.charge(Cost.list)) machine.pushContainer(items)
}

/** Pushes a tuple. One with a part that is no value is no value either: it may only be what something is made of. */
export const tuple = (machine: Machine, items: ReadonlyArray<Item>): void => {
  if (!machine.charge(Cost.tuple)) return
  const values: Values = []
  for (const item of items) {
    if (isPart(item)) return machine.push(new Arguments(items, item.global))
    values.push(item)
  }
  machine.pushContainer(new Tuple(values))
}

/** Pushes a dict of keys and values in turn. */
export const dict = (machine: Machine, items: Values): void => {
  if (!machine.charge(Cost.table)) return
  const made = new Map<PickleValue, PickleValue>()
  machine.pushContainer(made)
  fill(machine, made, items)
}

const pushSet = (finish: (made: Set<PickleValue>) => PickleValue) => (machine: Machine, items: Values): void => {
  if (!machine.charge(Cost.table)) return
  const made = new Set<PickleValue>()
  machine.pushContainer(finish(made))
  add(machine, made, items)
}

/** Pushes a set. */
export const set = pushSet((made) => made)

/** Pushes a frozenset. */
export const frozenSet = pushSet((made) => new FrozenSet(made))

/** Appends to the list on top. */
export const append = (machine: Machine, items: Values): void => {
  const target = machine.topValue()
  if (!Array.isArray(target)) return machine.refuseFilling("no list to append to")
  for (const item of items) target.push(item)
}

/** Sets keys and values in turn in the dict on top. */
export const setItems = (machine: Machine, items: Values): void => {
  const target = machine.topValue()
  if (!(target instanceof Map)) return machine.refuseFilling("no dict to set items of")
  fill(machine, target, items)
}

/** Adds to the set on top. */
export const addItems = (machine: Machine, items: Values): void => {
  const target = machine.topValue()
  if (!(target instanceof Set)) return machine.refuseFilling("no set to add to")
  add(machine, target, items)
}

const fill = (machine: Machine, target: Map<PickleValue, PickleValue>, items: Values): void => {
  if (items.length % 2 === 1) return machine.input.malformed("a key without a value")
  if (!machine.charge(Cost.entry * items.length / 2)) return
  machine.each(items.length / 2, (index) => {
    const key = items[2 * index] ?? null
    const { size } = target
    machine.checkHashable(key)
    target.set(key, items[2 * index + 1] ?? null)
    if (target.size > size && !machine.crowds.add(target, key)) machine.input.malformed(crowded)
  })
}

const add = (machine: Machine, target: Set<PickleValue>, items: Values): void => {
  if (!machine.charge(Cost.entry * items.length)) return
  machine.each(items.length, (index) => {
    const item = items[index] ?? null
    const { size } = target
    machine.checkHashable(item)
    target.add(item)
    if (target.size > size && !machine.crowds.add(target, item)) machine.input.malformed(crowded)
  })
}
