/**
 * Values of Python's own that a protocol has no opcode for, as the calls that Python writes in their place.
 *
 *     protocols 0 to 2   bytes                        bytes()   _codecs.encode("...", "latin1")
 *     protocols 0 to 3   set, frozenset               set([...])   frozenset([...])
 *     protocols 0 to 4   bytearray                    bytearray()   bytearray(b"...")   bytearray("...", "latin-1")
 *     all                OrderedDict, defaultdict     OrderedDict()   defaultdict()   defaultdict(list), and then items
 */
import * as Filling from "../Filling.ts"
import { Cost } from "../Limits.ts"
import { Global, type Item } from "../Part.ts"
import { ByteArray, type PickleValue } from "../Value.ts"
import type { Call, Make } from "./Call.ts"

const bytes = (size: number, make: () => PickleValue): Make => (machine) => {
  if (machine.countCopy(size) && machine.charge(Cost.bytes + size)) machine.push(make())
}

const isLatin1 = (text: Item | undefined): text is string => typeof text === "string" && !/[^\u0000-\u00ff]/.test(text)

const fromLatin1 = (text: string): Uint8Array => {
  const made = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) made[at] = text.charCodeAt(at)
  return made
}

const setOf = (fill: typeof Filling.set): Call => ([items, ...more]) =>
  Array.isArray(items) && more.length === 0
    ? (machine) => {
      if (machine.countCopy(items.length)) fill(machine, items)
    }
    : undefined

const emptyDict: Make = (machine) => Filling.dict(machine, [])

/** The calls. */
export const calls: { readonly [name: string]: Call } = {
  "builtins set": setOf(Filling.set),
  "builtins frozenset": setOf(Filling.frozenSet),
  "builtins bytes": (items) => items.length === 0 ? bytes(0, () => new Uint8Array(0)) : undefined,
  "_codecs encode": ([text, encoding, ...more]) =>
    isLatin1(text) && encoding === "latin1" && more.length === 0
      ? bytes(text.length, () => fromLatin1(text))
      : undefined,
  "builtins bytearray": ([source, encoding, ...more]) => {
    if (source === undefined) return bytes(0, () => new ByteArray(new Uint8Array(0)))
    if (source instanceof Uint8Array && encoding === undefined) {
      return bytes(source.length, () => new ByteArray(new Uint8Array(source)))
    }
    return isLatin1(source) && encoding === "latin-1" && more.length === 0
      ? bytes(source.length, () => new ByteArray(fromLatin1(source)))
      : undefined
  },
  "collections OrderedDict": (items) => items.length === 0 ? emptyDict : undefined,
  // What makes the values of missing keys is only a name, and is dropped.
  "collections defaultdict": ([factory, ...more]) =>
    (factory === undefined || factory instanceof Global) && more.length === 0 ? emptyDict : undefined
}
