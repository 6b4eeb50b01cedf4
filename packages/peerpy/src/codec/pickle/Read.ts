/**
 * Reads a pickle as data. A pickle is a program that may import and call anything; here it can only build values, and
 * whatever else it asks for is refused by name. No bytes make it throw, hang, or take memory out of proportion.
 *
 * Quirk: two things that Python lets pass are refused: bytes behind STOP, and anything that STOP leaves on the stack.
 */
import { Result } from "effect"
import * as Depth from "./Depth.ts"
import { defaults, type Limits } from "./Limits.ts"
import { Machine } from "./Machine.ts"
import { MalformedPickle, type ReadError } from "./PickleError.ts"
import { step } from "./Step.ts"
import type { PickleValue } from "./Value.ts"

/**
 * Reads exactly one pickle of any protocol from 0 to 5. Fails with `UnsafePickle` when it asks for more than plain data
 * and with `MalformedPickle` when it is none, is cut short, or exceeds `limits`. What Python memoised comes as one
 * object, so a list may contain itself. Bytes are copied, so `bytes` may be used again.
 */
export const read = (bytes: Uint8Array, limits: Partial<Limits> = {}): Result.Result<PickleValue, ReadError> => {
  const { depth, memory } = { ...defaults, ...limits }
  const machine = new Machine(bytes, { depth, memory })
  const { input } = machine
  while (!machine.stopped && input.error === undefined) step(machine)
  const value = machine.popValue()
  if (!machine.empty) input.malformed("more than one value")
  if (input.left > 0) input.malformed("bytes behind STOP")
  if (input.error !== undefined) return Result.fail(input.error)
  // No value is deeper than the containers that were made for it.
  return machine.containers > depth && Depth.exceeds(value, depth)
    ? Result.fail(new MalformedPickle({ reason: `nested deeper than ${depth} levels`, at: 0 }))
    : Result.succeed(value)
}
