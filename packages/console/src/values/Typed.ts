/**
 * What somebody types to be sent over a connection of PeerPy. Pure; failures are whole sentences.
 *
 *     hello              text
 *     /json {"x": 1}     a JSON value
 *     /hex 00 ff         bytes
 *     /say /json         text that would otherwise be something else
 */
import { Result } from "effect"
import { jsonValue } from "../fields/Json.ts"
import type { Reader } from "../fields/Reader.ts"
import { printable } from "../Printable.ts"
import { type Content, parseHex, parseJson } from "./Content.ts"

/** Text as it is. */
export const textContent = (text: string): Content => ({ _tag: "Text", text })

/** Reads a JSON value. */
export const jsonContent: Reader<Content> = (text) =>
  Result.map(jsonValue(parseJson)(text), (value) => ({ _tag: "Json", value }))

/** Reads bytes. */
export const bytesContent: Reader<Content> = (text) => {
  const bytes = parseHex(text)
  return bytes === undefined
    ? Result.fail(`Bytes are pairs of hexadecimal digits, such as /hex 00 ff, not "${printable(text)}".`)
    : Result.succeed({ _tag: "Bytes", bytes })
}

/** Reads anything. */
export const contentOf: Reader<Content> = (typed) => {
  const [, word, more = ""] = /^\s*(\/json|\/hex|\/say)(?:\s([^]*))?$/.exec(typed) ?? []
  if (word === "/json") return jsonContent(more)
  if (word === "/hex") return bytesContent(more)
  return Result.succeed(textContent(word === "/say" ? more : typed))
}
