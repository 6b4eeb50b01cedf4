/** How deep a value is, found without recursion and in time proportional to its size, however its parts are shared. */
import type { Slices } from "@peerage/wire"
import { ByteArray, FrozenSet, Instance, NumpyArray, type PickleValue, Scalar, Tuple } from "./Value.ts"

type Leaf = null | boolean | bigint | number | string | Uint8Array | ByteArray | Scalar | NumpyArray
type Container = Exclude<PickleValue, Leaf>

const isContainer = (value: PickleValue): value is Container =>
  typeof value === "object" && value !== null && !(value instanceof Uint8Array) && !(value instanceof ByteArray) &&
  !(value instanceof Scalar) && !(value instanceof NumpyArray)

const parts = (container: Container): Iterator<PickleValue> => {
  if (container instanceof Map) return entries(container)
  if (container instanceof Instance) return held(container)
  const items = container instanceof Tuple || container instanceof FrozenSet ? container.items : container
  return items[Symbol.iterator]()
}

function* entries(dict: ReadonlyMap<PickleValue, PickleValue>) {
  for (const [key, value] of dict) {
    yield key
    yield value
  }
}

function* held({ fields, items }: Instance) {
  yield* items
  yield* fields.values()
}

/** A container that is being walked through, and the depth of the deepest part seen yet. */
interface Level {
  readonly container: Container
  readonly parts: Iterator<PickleValue>
  below: number
}

/** Parts that one slice looks at. */
const stepsPerSlice = 8192

/**
 * Whether lists, tuples, dicts, sets and objects are inside each other for more than `depth` levels. Where a value contains
 * itself, the way from it to itself counts and goes no further.
 */
export function* exceeds(value: PickleValue, depth: number): Slices.Sliced<boolean> {
  /** Levels of each container, its own included; 0 while it is walked through. */
  const known = new Map<Container, number>()
  const path: Array<Level> = []
  const enter = (part: PickleValue): void => {
    if (!isContainer(part)) return
    const levels = known.get(part)
    if (levels === undefined) {
      known.set(part, 0)
      path.push({ container: part, parts: parts(part), below: 0 })
    } else deepen(levels)
  }
  const deepen = (levels: number): void => {
    const level = path.at(-1)
    if (level !== undefined) level.below = Math.max(level.below, levels)
  }
  enter(value)
  let steps = 0
  for (let level = path.at(-1); level !== undefined; level = path.at(-1)) {
    if (++steps % stepsPerSlice === 0) yield 0
    if (path.length + level.below > depth) return true
    const { done, value: part } = level.parts.next()
    if (done !== true) {
      enter(part)
      continue
    }
    path.pop()
    known.set(level.container, 1 + level.below)
    deepen(1 + level.below)
  }
  return false
}
