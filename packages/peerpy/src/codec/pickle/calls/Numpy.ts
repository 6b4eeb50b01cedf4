/**
 * Numbers of numpy and arrays of them.
 *
 *     dtype("i4", False, True), then the state (3, "<", None, None, None, -1, -1, 0)
 *     protocols 0 to 5   scalar(dtype, b"...")
 *     protocols 0 to 4   _reconstruct(ndarray, (0,), b"b"), then the state (1, shape, dtype, is Fortran order, b"...")
 *     protocol 5         _frombuffer(b"...", dtype, shape, "C" or "F")
 *                        _frombuffer(b"...", dtype, shape, "K", axes): an array in another order of its dimensions
 */
import { Cost } from "../Limits.ts"
import type { Machine } from "../Machine.ts"
import { Arguments, DType, type Fill, Global, type Item, Shell } from "../Part.ts"
import { ByteArray, NumpyArray, type PickleValue, Tuple } from "../Value.ts"
import type { Call } from "./Call.ts"

const numeric = /^(?:b1|[iu][1248]|f(?:[248]|12|16)|c(?:8|16|24|32))$/

const sizeOf = ({ text }: DType): number => Number(text.slice(1))

const dtype: Call = ([text, , , ...more], { module, name, opcode }) => {
  if (typeof text !== "string" || more.length > 0) return undefined
  // Its name says which type it is, where it is refused too.
  const global = new Global(module, `${name}('${text}')`, opcode)
  return (machine) => {
    if (!numeric.test(text)) machine.refuse(global)
    else if (machine.charge(Cost.table)) machine.push(new DType(text, global))
  }
}

/** The byte order in the state of a dtype; undefined where it has fields, an inner array, or metadata. */
export const orderOf = (state: Item): string | undefined => {
  const [, order, inner, names, fields, , , , ...more] = state instanceof Tuple ? state.items : []
  const plain = inner === null && names === null && fields === null && more.length === 0
  return plain && typeof order === "string" && /^[<>|]$/.test(order) ? order : undefined
}

const maxDimensions = 64

const lengths = (shape: Item | undefined): ReadonlyArray<number> | undefined => {
  if (!(shape instanceof Tuple) || shape.items.length > maxDimensions) return undefined
  const numbers = shape.items.map((length) => typeof length === "bigint" && length >= 0n ? Number(length) : -1)
  return numbers.every((length) => Number.isSafeInteger(length) && length >= 0) ? numbers : undefined
}

/** How numbers lie in memory: the lengths of the dimensions there, and which of them each dimension of the array is. */
interface Layout {
  readonly shape: ReadonlyArray<number>
  readonly axes: ReadonlyArray<number>
}

/** The layout of an array of this shape, in C's or Fortran's order. */
const layoutOf = (shape: ReadonlyArray<number>, fortran: boolean): Layout =>
  fortran
    ? { shape: shape.toReversed(), axes: shape.map((_, at) => shape.length - 1 - at) }
    : { shape, axes: shape.map((_, at) => at) }

/** Copies numbers of `size` bytes into C's order, before the next opcode. */
const inOrder = (machine: Machine, bytes: Uint8Array, { axes, shape }: Layout, size: number): Uint8Array => {
  const steps = shape.map(() => size)
  for (let at = shape.length - 2; at >= 0; at--) steps[at] = (steps[at + 1] ?? 0) * (shape[at + 1] ?? 0)
  const [to, by] = [axes.map((axis) => shape[axis] ?? 0), axes.map((axis) => steps[axis] ?? 0)]
  const made = new Uint8Array(bytes.length)
  const index = to.map(() => 0)
  let from = 0
  machine.each(bytes.length / size, (number) => {
    for (let byte = 0; byte < size; byte++) made[number * size + byte] = bytes[from + byte] ?? 0
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1
      from += by[axis] ?? 0
      index[axis] = next
      if (next < (to[axis] ?? 0)) break
      from -= next * (by[axis] ?? 0)
      index[axis] = 0
    }
  })
  return made
}

/** An array, or undefined when there are not as many bytes as its shape says. */
const array = (machine: Machine, type: DType, layout: Layout, source: Item | undefined): NumpyArray | undefined => {
  const bytes = source instanceof ByteArray ? source.bytes : source
  const { axes, shape } = layout
  const size = shape.reduce((product, length) => product * length, sizeOf(type))
  if (!(bytes instanceof Uint8Array) || bytes.length !== size) return undefined
  if (!machine.charge(Cost.table + Cost.place * axes.length)) return undefined
  const isOrdered = axes.every((axis, at) => axis === at)
  if (!isOrdered && !(machine.countCopy(size) && machine.charge(size))) return undefined
  const lengths = axes.map((axis) => shape[axis] ?? 0)
  const ordered = isOrdered ? bytes : inOrder(machine, bytes, layout, sizeOf(type))
  return new NumpyArray(`${type.order}${type.text}`, lengths, ordered)
}

const fillArray: Fill = (machine, state) => {
  const [, shape, type, fortran, bytes, ...more] = state instanceof Arguments ? state.items : []
  const dimensions = lengths(shape)
  if (dimensions === undefined || !(type instanceof DType) || typeof fortran !== "boolean" || more.length > 0) {
    return undefined
  }
  return array(machine, type, layoutOf(dimensions, fortran), bytes)
}

const reconstruct: Call = ([type, , , ...more]) =>
  type instanceof Global && type.key === "numpy ndarray" && more.length === 0
    ? (machine) => {
      if (machine.charge(Cost.table)) machine.pushShell(new Shell(type, fillArray), true)
    }
    : undefined

/** The axes of an array in another order, or undefined when they are not each dimension once. */
const axesOf = (axes: Item | undefined, count: number): ReadonlyArray<number> | undefined => {
  const numbers = lengths(axes)
  return numbers?.length === count && numbers.every((axis) => axis < count) && new Set(numbers).size === count
    ? numbers
    : undefined
}

const frombuffer: Call = ([bytes, type, shape, order, axes, ...more], global) => {
  const dimensions = lengths(shape)
  if (dimensions === undefined || !(type instanceof DType) || more.length > 0) return undefined
  const other = order === "K" ? axesOf(axes, dimensions.length) : undefined
  if (other === undefined && (order !== "C" && order !== "F" || axes !== undefined)) return undefined
  const layout = other === undefined ? layoutOf(dimensions, order === "F") : { shape: dimensions, axes: other }
  return (machine) => {
    const made = array(machine, type, layout, bytes)
    if (made === undefined) machine.refuse(global)
    else machine.push(made)
  }
}

/** A float of two bytes, for which not every Node has a reader. */
const float16 = (bits: number): number => {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, bits >> 10 & 0x1f, bits & 0x3ff]
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

type Read = (view: DataView, little: boolean) => PickleValue

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["b1", (view) => view.getUint8(0) !== 0],
  ["i1", (view) => BigInt(view.getInt8(0))],
  ["u1", (view) => BigInt(view.getUint8(0))],
  ["i2", (view, little) => BigInt(view.getInt16(0, little))],
  ["u2", (view, little) => BigInt(view.getUint16(0, little))],
  ["i4", (view, little) => BigInt(view.getInt32(0, little))],
  ["u4", (view, little) => BigInt(view.getUint32(0, little))],
  ["i8", (view, little) => view.getBigInt64(0, little)],
  ["u8", (view, little) => view.getBigUint64(0, little)],
  ["f2", (view, little) => float16(view.getUint16(0, little))],
  ["f4", (view, little) => view.getFloat32(0, little)],
  ["f8", (view, little) => view.getFloat64(0, little)]
])

/** A number as Python has it, where Python and JavaScript both have it. */
const scalar: Call = ([type, bytes, ...more], global) => {
  if (!(type instanceof DType) || !(bytes instanceof Uint8Array) || more.length > 0) return undefined
  if (bytes.length !== sizeOf(type)) return undefined
  const read = readers.get(type.text)
  return (machine) => {
    const value = read === undefined
      ? array(machine, type, layoutOf([], false), bytes)
      : read(new DataView(bytes.buffer, bytes.byteOffset), type.order !== ">")
    if (value === undefined) machine.refuse(global)
    else if (machine.charge(Cost.number)) machine.push(value)
  }
}

/** The calls. */
export const calls: { readonly [name: string]: Call } = {
  "numpy dtype": dtype,
  "numpy._core.multiarray scalar": scalar,
  "numpy._core.multiarray _reconstruct": reconstruct,
  "numpy._core.numeric _frombuffer": frombuffer
}
