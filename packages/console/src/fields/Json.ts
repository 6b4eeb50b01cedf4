/** Readers of JSON. All pure; failures are whole sentences. */
import { Result } from "effect"
import { printable } from "../Printable.ts"
import type { Reader } from "./Reader.ts"

/** The problem of a text that is no JSON at all, as codecs say it. */
export const notJson = "not JSON"

/** Reads a JSON value to send; `parse` fails with what is wrong, as "nested deeper than 128 levels". */
export const jsonValue = <A>(parse: Reader<A>): Reader<A> => (text) => {
  if (text.trim() === "") return Result.fail("A JSON value is missing, such as /json {\"x\": 1}.")
  return Result.mapError(parse(text), (problem) =>
    problem === notJson
      ? `This is not JSON: ${printable(text)}. Text needs quotes in JSON.`
      : `This JSON cannot be sent: ${problem}. Change it and send it again.`)
}
