/**
 * The header of every message as text, for messages that are written and read many at a time. What it writes is what
 * `Header.encode` writes, and it reads nothing that `Header.decode` would read otherwise.
 *
 *     DATA|data_size=23&data_type=json|||||||||...
 */
import type { DataType } from "./DataType.ts"
import * as HeaderText from "./HeaderText.ts"

/** `size` bytes of data follow. */
export interface DataHeader {
  readonly _tag: "Data"
  readonly size: number
  readonly type: DataType
}

/** Writes a header without its padding, in ASCII. A size that is a safe integer always fits. */
export const print = (type: DataType, size: number): string => `DATA|data_size=${size}&data_type=${type}`

/** The whole of it, 128 characters. */
export const pad = (header: string): string => header.padEnd(HeaderText.size, "|")

// The form that all peers write. Fifteen digits are always a safe integer, and what is behind the `|` is not looked at.
const usual = /^DATA\|data_size=(\d{1,15})&data_type=(?:(raw)|(json)|(bytes))\|/

/** Reads a header's text where it has the form that all peers write; `undefined` for any other. */
export const parse = (text: string): DataHeader | undefined => {
  const [, size, raw, json] = usual.exec(text) ?? []
  if (size === undefined) return undefined
  const type = raw !== undefined ? "raw" : json !== undefined ? "json" : "bytes"
  return { _tag: "Data", size: Number(size), type }
}
