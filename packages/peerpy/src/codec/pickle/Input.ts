/**
 * The bytes of a pickle, read from the front. A length is compared with what is left before anything is made of it. The
 * first failure stays: what is read after it is 0 or empty, and whoever drives the reading stops at the opcode's end.
 */
import { Result } from "effect"
import { MalformedPickle, type ReadError, unsafe } from "./PickleError.ts"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const none = new Uint8Array(0)
const lineFeed = 0x0a

/** A cursor over the bytes of one pickle. */
export class Input {
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private next = 0
  private begin = 0
  /** The first failure. */
  error: ReadError | undefined

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get length(): number {
    return this.bytes.length
  }

  get left(): number {
    return this.bytes.length - this.next
  }

  /** Fails with an `UnsafePickle`, unless something failed before. */
  unsafe(opcode: string, global?: readonly [module: string, name: string]): void {
    this.error ??= unsafe(opcode, global)
  }

  /** Fails with a `MalformedPickle` at the current opcode, unless something failed before. */
  malformed(reason: string): void {
    this.error ??= new MalformedPickle({ reason, at: this.begin })
  }

  /** Reads the byte of the next opcode. Failures are placed there from now on. */
  opcode(): number {
    this.begin = this.next
    return this.u8()
  }

  u8(): number {
    return this.advance(1) ? this.view.getUint8(this.next - 1) : 0
  }

  u16(): number {
    return this.advance(2) ? this.view.getUint16(this.next - 2, true) : 0
  }

  i32(): number {
    return this.advance(4) ? this.view.getInt32(this.next - 4, true) : 0
  }

  u32(): number {
    return this.advance(4) ? this.view.getUint32(this.next - 4, true) : 0
  }

  /** Reads an unsigned number of eight bytes: exact up to 2^53, and beyond that larger than any pickle. */
  u64(): number {
    const low = this.u32()
    return low + this.u32() * 2 ** 32
  }

  /** Reads a double, the one number that is big-endian. */
  f64(): number {
    return this.advance(8) ? this.view.getFloat64(this.next - 8) : 0
  }

  /** Reads `length` bytes, as a view of the pickle. Fails when the length is negative or beyond the end. */
  take(length: number): Uint8Array {
    return this.advance(length) ? this.bytes.subarray(this.next - length, this.next) : none
  }

  /** Reads up to a line feed, which is consumed and not part of the line. */
  line(): Uint8Array {
    const end = this.bytes.indexOf(lineFeed, this.next)
    if (end < 0) this.malformed("cut short")
    const line = this.take(end - this.next)
    this.advance(1)
    return line
  }

  /** Decodes what was taken. Fails on half a surrogate pair as on anything else that is not UTF-8. */
  utf8(bytes: Uint8Array): string {
    const text = Result.try(() => decoder.decode(bytes))
    if (Result.isSuccess(text)) return text.success
    this.malformed("text that is not UTF-8")
    return ""
  }

  /** Goes on by `length` bytes, where nothing has failed and there are as many. */
  private advance(length: number): boolean {
    if (length < 0) this.malformed("a negative length")
    else if (length > this.left) this.malformed("cut short")
    if (this.error !== undefined) return false
    this.next += length
    return true
  }
}
