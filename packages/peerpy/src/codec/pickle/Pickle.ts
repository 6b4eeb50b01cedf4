/**
 * Python pickles of plain data: None, bool, int, float, str, bytes, bytearray, list, tuple, dict, set and frozenset, in
 * any combination. Reading executes nothing and takes protocols 0 to 5; writing gives protocol 4 as CPython does.
 */

export type { Limits } from "./Limits.ts"
export { MalformedPickle, type ReadError, UnpicklableValue, UnsafePickle } from "./PickleError.ts"
export { read } from "./Read.ts"
export { ByteArray, FrozenSet, type PickleValue, Tuple } from "./Value.ts"
export { write } from "./Write.ts"
