/**
 * Python pickles of plain data: None, bool, int, float, str, bytes, bytearray, list, tuple, dict, set and frozenset, in
 * any combination; reading also takes the commonest objects apart (dates, decimals, UUIDs, namedtuples, dataclasses,
 * arrays of numbers). A pickle is a program that may import and call anything: reading executes nothing, refuses by name
 * whatever is more than data, and takes protocols 0 to 5. No bytes make it throw, hang, or take memory out of proportion.
 * Writing gives protocol 4 byte for byte as CPython's `pickle.dumps` does.
 *
 * Quirk: two things that Python lets pass are refused: bytes behind STOP, and anything that STOP leaves on the stack.
 */
import { Slices } from "@peerage/wire"
import { Result } from "effect"
import * as Depth from "./Depth.ts"
import { defaults, type Limits } from "./Limits.ts"
import { Machine } from "./Machine.ts"
import { MalformedPickle, type ReadError, UnpicklableValue } from "./PickleError.ts"
import { step } from "./Step.ts"
import type { PickleValue } from "./Value.ts"
import { Writer } from "./Writer.ts"

export type { Limits } from "./Limits.ts"
export { MalformedPickle, type ReadError, UnpicklableValue, UnsafePickle } from "./PickleError.ts"
export {
  ByteArray,
  FrozenSet,
  Instance,
  NumpyArray,
  type PickleValue,
  Scalar,
  type ScalarKind,
  Tuple
} from "./Value.ts"

/**
 * Reads exactly one pickle of any protocol from 0 to 5. Fails with `UnsafePickle` when it asks for more than plain data
 * and with `MalformedPickle` when it is none, is cut short, or exceeds `limits`. What Python memoised comes as one
 * object, so a list may contain itself. Bytes are copied, so `bytes` may be used again.
 */
export const read = (bytes: Uint8Array, limits: Partial<Limits> = {}): Result.Result<PickleValue, ReadError> =>
  Slices.finish(reading(bytes, limits))

/** Opcodes of one slice, and bytes of memory that it may charge before it ends. */
const stepsPerSlice = 4096
const chargedPerSlice = 524_288

/** Does what one slice may. An opcode that has much to do ends its slice. */
const slice = (machine: Machine): void => {
  const charged = machine.charged + chargedPerSlice
  for (let steps = 0; steps < stepsPerSlice && machine.charged < charged && !machine.over; steps++) {
    if (machine.proceed()) return
    step(machine)
  }
}

/** Reads as `read` does, in slices: each takes a few milliseconds, however large the pickle is. */
export function* reading(
  bytes: Uint8Array,
  limits: Partial<Limits> = {}
): Slices.Sliced<Result.Result<PickleValue, ReadError>> {
  const bounds = { ...defaults, ...limits }
  const machine = new Machine(bytes, bounds)
  const { input } = machine
  for (let charged = 0; !machine.over; charged = machine.charged) {
    slice(machine)
    yield machine.charged - charged
  }
  const value = machine.popValue()
  machine.refuseUnfilled()
  if (!machine.empty) input.malformed("more than one value")
  if (input.left > 0) input.malformed("bytes behind STOP")
  if (input.error !== undefined) return Result.fail(input.error)
  // No value is deeper than the containers that were made for it.
  const { depth } = bounds
  return machine.containers > depth && (yield* Depth.exceeds(value, depth))
    ? Result.fail(new MalformedPickle({ reason: `nested deeper than ${depth} levels`, at: 0 }))
    : Result.succeed(value)
}

/**
 * Writes one value: a bigint as Python's int, a number as its float, a Map as a dict, a Set as a set. An object that
 * occurs more than once, in itself too, is written once, and so are equal strings and equal bytes of up to 255, as in a
 * Python literal. Fails with `UnpicklableValue` on what is no `PickleValue` (undefined, a plain object) or only read (a
 * `Scalar`, an `Instance`, a `NumpyArray`), on half a
 * surrogate pair, on what Python cannot hash as a key or in a set, beyond 1000 levels, on an integer of more than 64
 * KiB, and on more than 16 million strings and objects.
 *
 * Quirk: a set is written in its own order, where Python writes its hash order.
 */
export const write = (value: unknown): Result.Result<Uint8Array, UnpicklableValue> => {
  const writer = new Writer()
  const open: Array<Iterator<unknown>> = []
  const save = (part: unknown): void => {
    const parts = writer.save(part)
    if (parts === undefined) return
    if (open.length < defaults.depth) open.push(parts)
    else writer.refuse(`nested deeper than ${defaults.depth} levels`)
  }
  save(value)
  for (let parts = open.at(-1); parts !== undefined && writer.refusal === undefined; parts = open.at(-1)) {
    const part = parts.next()
    if (part.done === true) open.pop()
    else save(part.value)
  }
  return writer.refusal === undefined
    ? Result.succeed(writer.finish())
    : Result.fail(new UnpicklableValue({ reason: writer.refusal }))
}
