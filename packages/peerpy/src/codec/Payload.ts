/**
 * Values as the bytes of a payload, by data type (docs/wire/peerpy.md, section 3). Pure and total.
 *
 *     json    {"data": value}     as Python writes it
 *     bytes   as they are
 *     raw     a Python pickle of plain data
 */
import { type Ascii, Slices } from "@peerage/wire"
import type { MalformedMessage } from "@peerage/wire/LinkError"
import { Result } from "effect"
import { UnreadableValue, UnsendableValue } from "../PeerPyError.ts"
import type { DataType } from "./DataType.ts"
import * as Json from "./Json.ts"
import * as Pickle from "./pickle/Pickle.ts"

/** What each type carries. */
export interface Values {
  readonly json: Json.JsonValue
  readonly bytes: Uint8Array
  readonly raw: Pickle.PickleValue
}

/** A value of any type. */
export type Value = Values[DataType]

/** A value and its type. */
export type Typed<T extends DataType = DataType> = {
  readonly [K in T]: { readonly type: K; readonly value: Values[K] }
}[T]

/** A value that has arrived. */
export type Arrived = Typed & {
  /** Bytes of memory that it takes, about. Not given for a little json. */
  readonly memory?: number | undefined
}

/** Payloads of json up to this length are a little json, and how much memory that takes at most, about. */
const littleBytes = 256
const littleMemory = 2048

/** Bytes of memory that a byte of json takes, about: a long text takes one or two, an empty object twenty. */
const perByte = 8

/** A value of json that was read from so many bytes. */
export const arrivedJson = (value: Json.JsonValue, size: number): Arrived =>
  size > littleBytes ? { type: "json", value, memory: perByte * size } : { type: "json", value }

/** Bytes of memory that values take, about. */
export const memoryOf = (values: ReadonlyArray<{ readonly memory?: number | undefined }>): number =>
  values.reduce((sum, { memory = littleMemory }) => sum + memory, 0)

/** Whether a value is of a type. */
export const is = <T extends DataType>(typed: Typed, type: T): typed is Typed & Typed<T> => typed.type === type

/**
 * Writes a value. json is written behind what is in `ascii` already, and is valid as long as that. Fails with
 * `UnsendableValue` when the value cannot be written as this type.
 */
export const print = (
  ascii: Ascii.Ascii,
  type: DataType,
  value: Value
): Result.Result<Uint8Array, UnsendableValue> => {
  switch (type) {
    case "json": {
      const begin = ascii.length
      const printed = Json.print(ascii, value)
      return Result.isSuccess(printed)
        ? Result.succeed(ascii.from(begin))
        : Result.fail(new UnsendableValue({ type, problem: printed.failure.reason }))
    }
    case "bytes":
      return value instanceof Uint8Array
        ? Result.succeed(value)
        : Result.fail(new UnsendableValue({ type, problem: "it is not bytes" }))
    case "raw":
      return Result.mapError(Pickle.write(value), ({ reason }) => new UnsendableValue({ type, problem: reason }))
  }
}

/** How much the payload of one value may ask for. */
export interface Limits {
  /** Levels of lists and the like inside each other; of json 256 at most. */
  readonly depth: number
  /** Values in it. */
  readonly values: number
}

/** A payload that is longer is read in slices: one of a few values for each byte takes some milliseconds at once. */
export const shortBytes = 16_384

/** Reads a value at once. For short payloads. */
export const decode = (
  type: DataType,
  bytes: Uint8Array,
  limits?: Limits
): Result.Result<Arrived, UnreadableValue> => {
  switch (type) {
    case "json":
      return Result.mapBoth(Json.parse(bytes, limits), {
        onSuccess: (value) => arrivedJson(value, bytes.length),
        onFailure: unreadableJson
      })
    case "bytes":
      return Result.succeed(arrivedBytes(new Uint8Array(bytes)))
    case "raw": {
      const { bytes: memory, value } = Slices.measure(Pickle.reading(bytes, limits))
      return Result.map(raw(value), (typed) => ({ ...typed, memory }))
    }
  }
}

/** A value of bytes. */
export const arrivedBytes = (value: Uint8Array): Arrived => ({ type: "bytes", value, memory: value.length })

/** Reads a value in slices. */
export function* decoding(
  type: DataType,
  bytes: Uint8Array,
  limits?: Limits
): Slices.Sliced<Result.Result<Typed, UnreadableValue>> {
  switch (type) {
    case "json":
      return Result.mapBoth(yield* Json.parsing(bytes, limits), {
        onSuccess: (value) => ({ type, value }),
        onFailure: unreadableJson
      })
    case "bytes":
      return Result.succeed({ type, value: new Uint8Array(bytes) })
    case "raw":
      return raw(yield* Pickle.reading(bytes, limits))
  }
}

const unreadableJson = ({ reason }: MalformedMessage) => new UnreadableValue({ type: "json", problem: reason })

const raw = (read: Result.Result<Pickle.PickleValue, Pickle.ReadError>): Result.Result<Typed, UnreadableValue> =>
  Result.mapBoth(read, {
    onSuccess: (value) => ({ type: "raw", value }),
    onFailure: ({ problem }) => new UnreadableValue({ type: "raw", problem })
  })
