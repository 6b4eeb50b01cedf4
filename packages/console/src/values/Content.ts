/** What is said over connections of PeerPy: typed text, JSON and bytes as values of each type. Pure. */
import type { DataType, Payload } from "@peerage/peerpy"
import { Match, Result, type Schema } from "effect"
import * as Hex from "effect/encoding/Hex"
import { notJson } from "../fields/Json.ts"
import type { Reader } from "../fields/Reader.ts"
import { plain } from "./Plain.ts"

/** JSON as connections carry it. An integer is a bigint; a number with a point or an exponent is a number. */
export type TypedJson = Payload.Values["json"]

/** What a person typed to be sent. */
export type Content =
  | { readonly _tag: "Text"; readonly text: string }
  | { readonly _tag: "Json"; readonly value: TypedJson }
  | { readonly _tag: "Bytes"; readonly bytes: Uint8Array }

const integer = /^-?\d+$/

// Python reads about as many levels, and writes no more.
const deepest = 900
const tooDeep = `nested deeper than ${deepest} levels`

const deeper = (value: TypedJson, levels: number): boolean =>
  typeof value === "object" && value !== null &&
  (levels === 0 || Object.values(value).some((part: TypedJson) => deeper(part, levels - 1)))

/** Reads JSON with Python's difference between 1 and 1.0. Fails with what is wrong: `notJson`, or that it is nested too deep. */
export const parseJson: Reader<TypedJson> = (text) => {
  const parsed = Result.try({
    try: (): TypedJson =>
      JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) => {
        const source = context?.source
        return typeof value === "number" && source !== undefined && integer.test(source) ? BigInt(source) : value
      }),
    // The stack has an end too.
    catch: (error) => error instanceof RangeError ? tooDeep : notJson
  })
  return Result.filterOrFail(parsed, (value) => !deeper(value, deepest), () => tooDeep)
}

/** Reads bytes as hexadecimal digits, in groups of any length; `undefined` for other text. */
export const parseHex = (text: string): Uint8Array | undefined => {
  const digits = text.replaceAll(/\s+/g, "")
  return digits === "" ? undefined : Result.getOrUndefined(Hex.decode(digits))
}

/** The value that a connection of a type carries for typed content; the failure says why there is none, as part of a sentence. */
export const valueFor = (type: DataType.DataType, content: Content): Result.Result<Payload.Value, string> => {
  switch (content._tag) {
    case "Text":
      return Result.succeed(type === "bytes" ? new TextEncoder().encode(content.text) : content.text)
    case "Bytes":
      return type === "json" ? Result.fail("JSON has no bytes") : Result.succeed(content.bytes)
    case "Json":
      if (type === "bytes") return Result.fail("it is neither text nor digits behind /hex")
      return Result.succeed(type === "json" ? content.value : python(content.value))
  }
}

/** JSON as Python's plain data: an object is a dict, an integer an int, another number a float, an array a list. */
const python = (value: TypedJson): Payload.Values["raw"] => {
  if (typeof value !== "object" || value === null) return value
  return isList(value)
    ? value.map(python)
    : new Map(Object.entries(value).map(([key, member]) => [key, python(member)] as const))
}

const isList = (value: object): value is ReadonlyArray<TypedJson> => Array.isArray(value)

/** Typed content as JSON, for the answer to the command that sent it. */
export const shown = (content: Content): Schema.Json =>
  Match.valueTags(content, {
    Text: ({ text }) => text,
    Json: ({ value }) => plain("json", value),
    Bytes: ({ bytes }) => plain("raw", bytes)
  })
