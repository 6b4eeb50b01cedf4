/**
 * What a Python pickle of plain data holds, as values of JavaScript. Nothing here has behaviour of its own; what is one
 * object in Python is one object here, so values may share parts and may contain themselves.
 */

/**
 * A value of Python's plain data: None is null, int a bigint, float a number, str a string (never with half a surrogate
 * pair), bytes a Uint8Array, list an array, dict a Map and set a Set, in the order of the pickle.
 *
 * Quirk: a Map finds a key that is a string, a number, a bigint or a boolean by its value, and any other by identity.
 * What Python holds equal across types (1, 1.0 and True) stays apart here and becomes one key again in Python; -0.0 as
 * a key or in a set becomes 0.0.
 */
export type PickleValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | ByteArray
  | Array<PickleValue>
  | Tuple
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | FrozenSet

/** Python's bytearray. */
export class ByteArray {
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

/** Python's tuple. */
export class Tuple {
  readonly items: ReadonlyArray<PickleValue>
  constructor(items: ReadonlyArray<PickleValue>) {
    this.items = items
  }
}

/** Python's frozenset. */
export class FrozenSet {
  readonly items: ReadonlySet<PickleValue>
  constructor(items: ReadonlySet<PickleValue>) {
    this.items = items
  }
}

/** Python's name of a kind of value that changes and so is no key and in no set, or undefined when `value` may be. */
const mutableKind = (value: unknown): string | undefined => {
  if (Array.isArray(value)) return "list"
  if (value instanceof Map) return "dict"
  if (value instanceof Set) return "set"
  return value instanceof ByteArray ? "bytearray" : undefined
}

/**
 * Which tuples contain, at whatever depth, what changes. Such a tuple is no key in Python either. Tuples are shown from
 * the inside out, each once, so that no question goes deeper than one level.
 */
export class Hashing {
  private readonly unhashable = new Set<Tuple>()

  /** Looks at a tuple whose inner tuples were looked at before. */
  inspect(tuple: Tuple): void {
    if (tuple.items.some((item) => this.refusal(item) !== undefined)) this.unhashable.add(tuple)
  }

  /** What is wrong with `value` as a key of a dict or an item of a set, or undefined. */
  refusal(value: unknown): string | undefined {
    const kind = value instanceof Tuple && this.unhashable.has(value) ? "tuple with mutable parts" : mutableKind(value)
    return kind === undefined ? undefined : `a ${kind} as a key or in a set`
  }
}
