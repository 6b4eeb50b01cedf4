/**
 * Values of a connection as JSON, for programs and for the history. Pure and total, whatever a peer sends.
 *
 *     int beyond 2^53         "9007199254740993"          NaN, inf     "NaN", "Infinity"
 *     bytes, bytearray        {"base64": "AAE="}          tuple, set   [..]
 *     dict with str keys      {..}                        other dict   {"pairs": [[key, value], ..]}
 *     date, time, datetime, timedelta, Decimal, UUID      {"datetime": "2024-05-06T07:08:09+02:00"}, {"uuid": ".."}
 *     dataclass, namedtuple   {"type": "shop.Item", "fields": {..}}, {"type": "shop.Point", "items": [..]}
 *     array of numpy          {"dtype": "<f8", "shape": [2, 3], "base64": ".."}
 */
import { type Payload, Pickle } from "@peerage/peerpy"
import type { Schema } from "effect"
import * as Base64 from "effect/encoding/Base64"

/** Anything that a connection carries. */
export type Value = Payload.Value

// The most characters for one pickle, as a pickle of a hundred bytes can hold a list that is shared 2^60 times. Lists and
// the like cost more, as they take time. A pickle of 16 MiB that shares nothing is written whole, with up to a million.
const budget = 33_554_432
const priceOfParts = 32

// Python prints no longer integer either: the time for it grows faster than its length.
const longestInteger = 4300
const hexDigits = Math.floor(longestInteger * Math.log(10) / Math.log(16))

type Omission = "ContainsItself" | "TooLarge" | "TooManyDigits"

const omitted = (why: Omission) => ({ omitted: why })

/** Bytes of a connection for bytes are base64; any other value is as the header of this file says. */
export const plain = (type: Payload.Typed["type"], value: Value): Schema.Json =>
  type === "bytes" && value instanceof Uint8Array
    ? Base64.encode(value)
    // Nothing is shared in JSON.
    : new Walk(type === "json" ? Number.POSITIVE_INFINITY : budget).of(value)

/** Walks through one value. */
class Walk {
  private left: number
  /** The values around the current one. */
  private readonly around = new Set<object>()

  constructor(characters: number) {
    this.left = characters
  }

  of(value: Value): Schema.Json {
    this.left--
    if (typeof value === "number") return Number.isFinite(value) ? value : String(value)
    if (typeof value === "bigint") return this.integer(value)
    if (typeof value === "string") return this.spend(value.length) ? value : omitted("TooLarge")
    return typeof value === "boolean" || value === null ? value : this.ofObject(value)
  }

  /** False when there is no room for so many more characters. */
  private spend(characters: number): boolean {
    this.left -= characters
    return this.left >= 0
  }

  private integer(value: bigint): Schema.Json {
    const number = Number(value)
    if (Number.isSafeInteger(number)) return number
    return value.toString(16).length > hexDigits ? omitted("TooManyDigits") : String(value)
  }

  private ofObject(value: Exclude<Value, null | boolean | number | bigint | string>): Schema.Json {
    if (value instanceof Uint8Array) return this.bytes(value)
    if (value instanceof Pickle.ByteArray) return this.bytes(value.bytes)
    if (this.around.has(value)) return omitted("ContainsItself")
    this.spend(priceOfParts)
    this.around.add(value)
    const json = this.ofParts(value)
    this.around.delete(value)
    return json
  }

  private ofParts(value: Exclude<Value, null | boolean | number | bigint | string | Uint8Array | Pickle.ByteArray>) {
    if (value instanceof Pickle.Scalar) return this.scalar(value)
    if (value instanceof Pickle.Instance) return this.instance(value)
    if (value instanceof Pickle.NumpyArray) return this.array(value)
    if (isList(value) || value instanceof Set) return this.list(value)
    if (value instanceof Pickle.Tuple || value instanceof Pickle.FrozenSet) return this.list(value.items)
    return value instanceof Map ? this.dict(value) : this.members(Object.entries(value))
  }

  private bytes(bytes: Uint8Array): Schema.Json {
    return this.spend(bytes.length * 4 / 3) ? { base64: Base64.encode(bytes) } : omitted("TooLarge")
  }

  private scalar({ fold, kind, text }: Pickle.Scalar): Schema.Json {
    return this.spend(text.length) ? { [kind]: text, ...(fold ? { fold } : {}) } : omitted("TooLarge")
  }

  private instance({ fields, items, type }: Pickle.Instance): Schema.Json {
    return {
      type,
      ...(items.length > 0 ? { items: this.list(items) } : {}),
      ...(items.length === 0 || fields.size > 0 ? { fields: this.members(fields) } : {})
    }
  }

  private array({ data, dtype, shape }: Pickle.NumpyArray): Schema.Json {
    return this.spend(data.length * 4 / 3) ? { dtype, shape, base64: Base64.encode(data) } : omitted("TooLarge")
  }

  /** Writes items for as long as there is room. */
  private each<Item>(items: Iterable<Item>, write: (item: Item) => Schema.Json): ReadonlyArray<Schema.Json> {
    const list: Array<Schema.Json> = []
    for (const item of items) {
      if (this.left <= 0) return [...list, omitted("TooLarge")]
      list.push(write(item))
    }
    return list
  }

  private list(items: Iterable<Value>): Schema.Json {
    return this.each(items, (item) => this.of(item))
  }

  private dict(entries: ReadonlyMap<Value, Value>): Schema.Json {
    const pairs = [...entries]
    return pairs.every(isNamed)
      ? this.members(pairs)
      : { pairs: this.each(pairs, ([key, value]) => [this.of(key), this.of(value)]) }
  }

  private members(entries: Iterable<readonly [string, Value]>): Schema.Json {
    const members: Array<readonly [string, Schema.Json]> = []
    for (const [key, value] of entries) {
      if (!this.spend(key.length)) return omitted("TooLarge")
      members.push([key, this.of(value)])
    }
    return Object.fromEntries(members)
  }
}

const isNamed = (pair: readonly [Value, Value]): pair is [string, Value] => typeof pair[0] === "string"

const isList = (value: object): value is ReadonlyArray<Value> => Array.isArray(value)
