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
 *
 * Scalars, instances and arrays are only read. An OrderedDict and a defaultdict are a Map, and a scalar of numpy that
 * Python has too is a boolean, a bigint or a number.
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
  | Scalar
  | Instance
  | NumpyArray

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

/** What a scalar is, and the text that it has. */
export type ScalarKind = "datetime" | "date" | "time" | "timedelta" | "decimal" | "uuid"

/**
 * A value that Python's standard library writes as text. A date and a time are as in ISO 8601, with the offset of their
 * zone (`2024-05-06T07:08:09.000001+02:00`) or, as in RFC 9557, its name (`07:08:09[Europe/Berlin]`); a timedelta is in
 * seconds (`-90000.5`), a decimal as Python writes it (`1.50`, `1E+5`, `NaN`), a UUID in lower case.
 */
export class Scalar {
  readonly kind: ScalarKind
  readonly text: string
  /** True for the second of two equal times, when the clock is put back. */
  readonly fold: boolean
  constructor(kind: ScalarKind, text: string, fold = false) {
    this.kind = kind
    this.text = text
    this.fold = fold
  }
}

/**
 * An object of a class, as what it holds. A dataclass and an ordinary object have `fields`. A namedtuple, and a frozen
 * dataclass with slots, have `items` in the order of the fields, whose names are not in a pickle.
 */
export class Instance {
  /** Module and name of the class ("shop.Item"). Nothing of it was imported. */
  readonly type: string
  readonly fields: ReadonlyMap<string, PickleValue>
  readonly items: ReadonlyArray<PickleValue>
  constructor(type: string, fields: ReadonlyMap<string, PickleValue>, items: ReadonlyArray<PickleValue>) {
    this.type = type
    this.fields = fields
    this.items = items
  }
}

/** An array of numbers of numpy, or one number that JavaScript has no type for (`shape` is then empty). */
export class NumpyArray {
  /** Byte order, kind and bytes of each number, as numpy writes them: "<f8", "|b1", ">i2". */
  readonly dtype: string
  /** Length in each dimension. */
  readonly shape: ReadonlyArray<number>
  /** The numbers; the last dimension changes first. */
  readonly data: Uint8Array
  constructor(dtype: string, shape: ReadonlyArray<number>, data: Uint8Array) {
    this.dtype = dtype
    this.shape = shape
    this.data = data
  }
}

/** Python's name of a kind of value that changes and so is no key and in no set, or undefined when `value` may be. */
const mutableKind = (value: unknown): string | undefined => {
  if (Array.isArray(value)) return "list"
  if (value instanceof Map) return "dict"
  if (value instanceof Set) return "set"
  if (value instanceof NumpyArray) return "numpy.ndarray"
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
