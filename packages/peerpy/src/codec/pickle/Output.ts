/**
 * The bytes of a pickle of protocol 4, cut into frames exactly as CPython cuts them.
 *
 *     80 04   95 <u64 length> opcodes ...   95 <u64 length> opcodes ...   long contents, in no frame   95 ...
 *
 * A frame ends where an opcode begins and 64 KiB are full. Contents of 64 KiB or more stand between frames, and less
 * than four bytes get no frame.
 */
import { Opcode } from "./Opcode.ts"

const frameTarget = 65_536
const frameMinimum = 4
const frameHeader = 9

/** A buffer that grows, and the frame that is open in it. */
export class Output {
  private buffer = new Uint8Array(256)
  private length = 0
  /** Where the open frame begins. Its header is filled in when it ends. */
  private frame: number | undefined

  constructor() {
    this.append(Uint8Array.of(Opcode.PROTO, 4))
  }

  /** Says that a value begins here, where a full frame may end. */
  boundary(): void {
    if (this.frame !== undefined && this.length - this.frame - frameHeader >= frameTarget) this.endFrame()
  }

  write(...bytes: ReadonlyArray<number>): void {
    this.openFrame()
    this.append(bytes)
  }

  /** Writes an opcode and the length of the digits behind it, which stay in the frame however many there are. */
  writeDigits(header: ReadonlyArray<number>, digits: Uint8Array): void {
    this.openFrame()
    this.append(header)
    this.append(digits)
  }

  /** Writes an opcode and the length of the contents behind it. */
  writeContents(header: ReadonlyArray<number>, contents: Uint8Array): void {
    if (contents.length < frameTarget) this.openFrame()
    else this.endFrame()
    this.append(header)
    this.append(contents)
  }

  finish(): Uint8Array {
    this.write(Opcode.STOP)
    this.endFrame()
    return this.buffer.slice(0, this.length)
  }

  private openFrame(): void {
    if (this.frame !== undefined) return
    this.frame = this.length
    this.append(new Uint8Array(frameHeader))
  }

  private endFrame(): void {
    if (this.frame === undefined) return
    const size = this.length - this.frame - frameHeader
    if (size < frameMinimum) {
      this.buffer.copyWithin(this.frame, this.frame + frameHeader, this.length)
      this.length -= frameHeader
    } else {
      this.buffer[this.frame] = Opcode.FRAME
      new DataView(this.buffer.buffer).setBigUint64(this.frame + 1, BigInt(size), true)
    }
    this.frame = undefined
  }

  private append(bytes: ArrayLike<number>): void {
    const length = this.length + bytes.length
    if (length > this.buffer.length) {
      const larger = new Uint8Array(2 * length)
      larger.set(this.buffer)
      this.buffer = larger
    }
    this.buffer.set(bytes, this.length)
    this.length = length
  }
}
