/** What rendering goes by, and how peers and what they said are shown. */
import type { DataType } from "@peerage/peerpy"
import { Result, type Schema } from "effect"
import * as Base64 from "effect/encoding/Base64"
import * as Hex from "effect/encoding/Hex"
import type { Style } from "../before/Style.ts"
import { printable } from "../Printable.ts"
import type { Role } from "./Line.ts"

/** What rendering goes by. */
export interface View {
  readonly style: Style
  readonly role: Role
  /** What to say at `Listening`. */
  readonly welcome: ReadonlyArray<string>
  /** True where offers wait for a person's answer. */
  readonly asks: boolean
}

/** A peer in its colour. */
export const nameOf = (style: Style) => (peer: string): string => style.named(peer, printable(peer))

// A terminal is for reading; programs get all of it.
const longestText = 2000
const mostBytes = 32

const cut = (text: string): string =>
  text.length <= longestText ? text : `${text.slice(0, longestText)}... (${text.length} characters)`

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const asText = (bytes: Uint8Array): string | undefined => {
  const text = Result.getOrUndefined(Result.try(() => decoder.decode(bytes)))
  return text === undefined || text === "" || /[^\P{C}\t\n\r]/u.test(text) ? undefined : text
}

const hex = (bytes: Uint8Array): string => {
  const digits = Hex.encode(bytes.subarray(0, mostBytes)).replaceAll(/..(?!$)/g, "$& ")
  const count = `${bytes.length} ${bytes.length === 1 ? "byte" : "bytes"}`
  return digits === "" ? count : `${count}: ${digits}${bytes.length > mostBytes ? " ..." : ""}`
}

/** What was said, in one line: text as it is, other bytes in hexadecimal digits, other values as JSON. */
export const said = (
  { data, type }: { readonly type: DataType.DataType; readonly data: Schema.Json }
): string => {
  const bytes = type === "bytes" && typeof data === "string" ? Result.getOrUndefined(Base64.decode(data)) : undefined
  if (bytes !== undefined) return printable(cut(asText(bytes) ?? hex(bytes)))
  return printable(cut(typeof data === "string" ? data : JSON.stringify(data)))
}
