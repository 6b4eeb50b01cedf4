/**
 * The header of every message, for messages that are written and read many at a time. What it writes is what
 * `Header.encode` writes, and it reads nothing that `Header.decode` would read otherwise.
 *
 *     DATA|data_size=23&data_type=json|||||||||...
 */
import { DataType } from "./DataType.ts"

/** `size` bytes of data follow. */
export interface DataHeader {
  readonly _tag: "Data"
  readonly size: number
  readonly type: DataType
}

/** Writes a header without its padding, in ASCII. A size that is a safe integer always fits. */
export const print = (type: DataType, size: number): string => `DATA|data_size=${size}&data_type=${type}`

// 15 digits are always a safe integer.
const form = /^DATA\|data_size=(\d{1,15})&data_type=([a-z]+)\|*$/

/** Reads the text of a header in the form that all peers write; `undefined` for any other. */
export const parse = (text: string): DataHeader | undefined => {
  const [, size, named] = form.exec(text) ?? []
  const type = DataType.literals.find((literal) => literal === named)
  return type === undefined ? undefined : { _tag: "Data", size: Number(size), type }
}
