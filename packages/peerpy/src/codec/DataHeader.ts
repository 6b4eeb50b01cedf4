/**
 * The header of every message, for messages that are written and read many at a time. What it writes is what
 * `Header.encode` writes, and it reads nothing that `Header.decode` would read otherwise.
 *
 *     DATA|data_size=23&data_type=json|||||||||...
 */
import { DataType } from "./DataType.ts"
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

const encoder = new TextEncoder()

/** The same in bytes. */
export const encode = (header: string): Uint8Array => encoder.encode(pad(header))

const beforeSize = encoder.encode("DATA|data_size=")
const beforeType = encoder.encode("&data_type=")
const types = DataType.literals.map((type) => ({ type, text: encoder.encode(type) }))
const padding = 0x7c
// So many digits are always a safe integer.
const mostDigits = 15

const isAt = (bytes: Uint8Array, at: number, expected: Uint8Array): boolean => {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false
  return true
}

/** Reads a header in the form that all peers write; `undefined` for any other. */
export const parse = (bytes: Uint8Array): DataHeader | undefined => {
  if (bytes.length !== HeaderText.size || !isAt(bytes, 0, beforeSize)) return undefined
  const begin = beforeSize.length
  let at = begin
  let size = 0
  for (; at < begin + mostDigits; at++) {
    const digit = (bytes[at] ?? 0) - 0x30
    if (digit < 0 || digit > 9) break
    size = size * 10 + digit
  }
  if (at === begin || !isAt(bytes, at, beforeType)) return undefined
  at += beforeType.length
  for (const { text, type } of types) {
    if (isAt(bytes, at, text)) return isPadded(bytes, at + text.length) ? { _tag: "Data", size, type } : undefined
  }
  return undefined
}

const isPadded = (bytes: Uint8Array, from: number): boolean => {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== padding) return false
  return true
}
