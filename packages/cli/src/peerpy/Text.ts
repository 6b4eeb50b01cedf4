/** Values of connections as lines for people. Pure. */
import { printable } from "@peerage/console/Printable"
import type { DataType } from "@peerage/peerpy"
import { Result, type Schema } from "effect"
import * as Base64 from "effect/encoding/Base64"
import * as Hex from "effect/encoding/Hex"
import { counted } from "../room/Style.ts"
import * as Utf8 from "../Utf8.ts"

// A terminal is for reading; programs get all of it.
const longestText = 2000
const mostBytes = 32

const cut = (text: string): string =>
  text.length <= longestText ? text : `${text.slice(0, longestText)}... (${text.length} characters)`

const readable = (bytes: Uint8Array): string | undefined => {
  const text = Utf8.decode(bytes)
  return text === undefined || text === "" || /[^\P{C}\t\n\r]/u.test(text) ? undefined : text
}

const digitsOf = (bytes: Uint8Array): string => {
  const digits = Hex.encode(bytes.subarray(0, mostBytes)).replaceAll(/..(?!$)/g, "$& ")
  const count = counted(bytes.length, "byte")
  return digits === "" ? count : `${count}: ${digits}${bytes.length > mostBytes ? " ..." : ""}`
}

/** A value in one line: text as it is, other bytes in hexadecimal digits, other values as JSON. */
export const textOf = (
  { data, type }: { readonly type: DataType.DataType; readonly data: Schema.Json }
): string => {
  const bytes = type === "bytes" && typeof data === "string" ? Result.getOrUndefined(Base64.decode(data)) : undefined
  if (bytes !== undefined) return printable(cut(readable(bytes) ?? digitsOf(bytes)))
  return printable(cut(typeof data === "string" ? data : JSON.stringify(data)))
}
