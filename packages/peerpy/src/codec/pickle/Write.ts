/**
 * Writes plain data as a pickle of protocol 4, the default of Python 3.8 to 3.13, byte for byte as CPython's
 * `pickle.dumps` writes it. Goes through the value without recursion.
 */
import { Result } from "effect"
import { defaults } from "./Limits.ts"
import { UnpicklableValue } from "./PickleError.ts"
import { Writer } from "./Writer.ts"

/**
 * Writes one value: a bigint as Python's int, a number as its float, a Map as a dict, a Set as a set. An object that
 * occurs more than once, in itself too, is written once, and so are equal strings and equal bytes of up to 255, as in a
 * Python literal. Fails with `UnpicklableValue` on what is no `PickleValue` (undefined, a plain object), on half a
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
