/** Pickles made by hand, in the characters of their bytes, and what becomes of them in a few words. */
import { Result } from "effect"
import * as Pickle from "../../../src/codec/pickle/Pickle.ts"
import { bytesOf } from "../../fixtures/Pickles.ts"

/** "a value", the opcode and the global that are refused, or what is malformed and where. */
export const verdict = (bytes: Uint8Array, limits?: Partial<Pickle.Limits>): string =>
  Result.match(Pickle.read(bytes, limits), {
    onFailure: (error) =>
      error._tag === "UnsafePickle" ? `${error.opcode} ${error.global ?? "-"}` : `${error.reason} at ${error.at}`,
    onSuccess: () => "a value"
  })

/** The same bytes many times over, with others before and behind. */
export const repeated = (head: string, unit: string, times: number, tail: string): Uint8Array => {
  const bytes = new Uint8Array(head.length + unit.length * times + tail.length)
  bytes.set(bytesOf(head))
  const body = bytes.subarray(head.length, head.length + unit.length * times)
  if (times > 0) body.set(bytesOf(unit))
  for (let done = unit.length; done < body.length; done *= 2) body.copyWithin(done, 0, done)
  bytes.set(bytesOf(tail), head.length + body.length)
  return bytes
}
