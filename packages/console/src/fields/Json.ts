/** Readers of JSON. All pure; failures are whole sentences. */
import { Result } from "effect"
import { printable } from "../Printable.ts"
import type { Reader } from "./Reader.ts"

/** Reads a JSON value; `parse` gives `undefined` for a text that is none. */
export const jsonValue = <A>(parse: (text: string) => A | undefined): Reader<A> => (text) => {
  if (text.trim() === "") return Result.fail("A JSON value is missing, such as /json {\"x\": 1}.")
  const value = parse(text)
  return value === undefined
    ? Result.fail(`This is not JSON: ${printable(text)}. Text needs quotes in JSON.`)
    : Result.succeed(value)
}
