/**
 * Reads a JSON text in slices, value by value, without recursion. It reads what `JSON.parse` reads, and Python's numbers
 * where it is told to.
 */
import type { Value } from "../PythonNumbers.ts"
import type { Sliced } from "../Slices.ts"
import { Text } from "./Text.ts"

/** Values that are read in one slice, and characters of the text that one slice goes over. */
const valuesPerSlice = 4096
const unitsPerSlice = 262_144

/** Bytes of memory that a value takes, about. */
const valueCost = 64

const comma = 0x2c
const colon = 0x3a

/** A list that is being read. */
class List {
  readonly end = 0x5d
  readonly value: Array<Value> = []

  add(value: Value): void {
    this.value.push(value)
  }
}

/** An object that is being read. */
class Members {
  readonly end = 0x7d
  readonly value: Record<string, Value> = {}
  key: string | undefined

  add(value: Value): void {
    const { key = "" } = this
    // As `JSON.parse` does: a key like any other.
    if (key === "__proto__") {
      Object.defineProperty(this.value, key, { value, enumerable: true, configurable: true, writable: true })
    } else this.value[key] = value
  }
}

const opened = (text: Text): List | Members | undefined =>
  text.takes(0x5b) ? new List() : text.takes(0x7b) ? new Members() : undefined

function* string(text: Text): Sliced<string | undefined> {
  return text.isString() ? text.string() ?? (yield* text.longString()) : undefined
}

/** Reads the key of a member. False where there is none. */
function* enter(level: List | Members, text: Text): Sliced<boolean> {
  if (level instanceof List) return true
  level.key = yield* string(text)
  return level.key !== undefined && text.takes(colon)
}

/** Reads a text. Gives `undefined` where it is no JSON. */
export function* read(text: Text): Sliced<Value | undefined> {
  const path: Array<List | Members> = []
  let next = text.at + unitsPerSlice
  for (let count = 1;; count++) {
    if (count % valuesPerSlice === 0 || text.at > next) {
      yield valuesPerSlice * valueCost
      next = text.at + unitsPerSlice
    }
    let level = opened(text)
    if (level !== undefined && !text.takes(level.end)) {
      if (!(yield* enter(level, text))) return undefined
      path.push(level)
      continue
    }
    let value = level?.value ?? (text.isString() ? yield* string(text) : text.scalar())
    // Behind a value: what it belongs to goes on, or ends and is a value as well.
    while (true) {
      if (value === undefined) return undefined
      level = path.at(-1)
      if (level === undefined) return Number.isNaN(text.next()) ? value : undefined
      level.add(value)
      if (text.takes(comma)) break
      value = text.takes(level.end) ? level.value : undefined
      path.pop()
    }
    if (!(yield* enter(level, text))) return undefined
  }
}
