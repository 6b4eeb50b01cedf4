/**
 * Values as the payload of a `json` connection: in an envelope, as Python's `json.dumps` writes it (docs/wire/peerpy.md,
 * section 3). Neither direction throws, whatever it is given.
 *
 *     {"data": ["\u00e9", 1, 2.5, 9007199254740993, NaN, null]}
 */
import { type Ascii, PythonJson, type Slices } from "@peerage/wire"
import { MalformedMessage } from "@peerage/wire/LinkError"
import { Result } from "effect"

/** What a `json` connection carries. An integer beyond the safe ones is a bigint; NaN and the infinities are numbers. */
export type JsonValue = PythonJson.Value

/** Writes a value. Refuses what JSON has no words for, and what is nested too deep; then nothing is written. */
export const print = (ascii: Ascii.Ascii, value: unknown): Result.Result<void, MalformedMessage> =>
  PythonJson.printTo(ascii, { data: value }, "python")

/** Reads a value, at once: from any object with the key `data`, however it is spaced and escaped. */
export const parse = (bytes: Uint8Array, limits?: PythonJson.Limits): Result.Result<JsonValue, MalformedMessage> =>
  Result.flatMap(PythonJson.parse(bytes, "python", limits), valueOf)

/** Reads a value from text, at once. */
export const parseText = (text: string, limits?: PythonJson.Limits): Result.Result<JsonValue, MalformedMessage> =>
  Result.flatMap(PythonJson.parseText(text, "python", limits), valueOf)

/** Reads a value in slices. */
export function* parsing(
  bytes: Uint8Array,
  limits?: PythonJson.Limits
): Slices.Sliced<Result.Result<JsonValue, MalformedMessage>> {
  return Result.flatMap(yield* PythonJson.parsing(bytes, "python", limits), valueOf)
}

const valueOf = (envelope: JsonValue): Result.Result<JsonValue, MalformedMessage> => {
  const value = isObject(envelope) ? envelope["data"] : undefined
  return value === undefined ? notAnEnvelope : Result.succeed(value)
}

const isObject = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const notAnEnvelope = Result.fail(new MalformedMessage({ reason: "not an object with a key data" }))
