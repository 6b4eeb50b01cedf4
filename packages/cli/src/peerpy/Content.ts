/** What somebody types, as values of the connections that it goes to. Pure. */
import type { DataType, Payload } from "@peerage/peerpy"
import { Result, type Schema } from "effect"
import * as Hex from "effect/encoding/Hex"
import { plain } from "./Plain.ts"

/** JSON as it was typed. An integer is a bigint; a number that was written with a point or an exponent is a number. */
export type Typed = Payload.Values["json"]

/** What was typed. */
export type Content =
  | { readonly _tag: "Text"; readonly text: string }
  | { readonly _tag: "Json"; readonly value: Typed }
  | { readonly _tag: "Bytes"; readonly bytes: Uint8Array }

const integer = /^-?\d+$/

// Python reads about as many levels, and writes no more.
const deepest = 900

const deeper = (value: Typed, levels: number): boolean =>
  typeof value === "object" && value !== null &&
  (levels === 0 || Object.values(value).some((part: Typed) => deeper(part, levels - 1)))

/** Reads JSON with Python's difference between 1 and 1.0; `undefined` where it is none, or nested too deep. */
export const parseJson = (text: string): Typed | undefined => {
  const parsed = Result.try((): Typed =>
    JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) => {
      const source = context?.source
      return typeof value === "number" && source !== undefined && integer.test(source) ? BigInt(source) : value
    })
  )
  return Result.isSuccess(parsed) && !deeper(parsed.success, deepest) ? parsed.success : undefined
}

/** Reads bytes as hexadecimal digits, in groups as one likes; `undefined` where they are none. */
export const parseHex = (text: string): Uint8Array | undefined => {
  const digits = text.replaceAll(/\s+/g, "")
  return digits === "" ? undefined : Result.getOrUndefined(Hex.decode(digits))
}

/** The value that a connection of a type carries for it; the failure says why it cannot, as part of a sentence. */
export const valueFor = (type: DataType.DataType, content: Content): Result.Result<Payload.Value, string> => {
  switch (content._tag) {
    case "Text":
      return Result.succeed(type === "bytes" ? new TextEncoder().encode(content.text) : content.text)
    case "Bytes":
      return type === "json" ? Result.fail("JSON has no bytes") : Result.succeed(content.bytes)
    case "Json":
      if (type === "bytes") return Result.fail("type text, or /hex and digits")
      return Result.succeed(type === "json" ? content.value : python(content.value))
  }
}

/** JSON as Python's plain data: an object is a dict, an integer an int, another number a float, an array a list. */
const python = (value: Typed): Payload.Values["raw"] => {
  if (typeof value !== "object" || value === null) return value
  return isList(value)
    ? value.map(python)
    : new Map(Object.entries(value).map(([key, member]) => [key, python(member)] as const))
}

const isList = (value: object): value is ReadonlyArray<Typed> => Array.isArray(value)

/** It as JSON, for those who read what was sent. */
export const shown = (content: Content): Schema.Json => {
  switch (content._tag) {
    case "Text":
      return content.text
    case "Json":
      return plain("json", content.value)
    case "Bytes":
      return plain("raw", content.bytes)
  }
}
