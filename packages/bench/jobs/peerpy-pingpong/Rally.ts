/** What goes to and fro in a round, and for how long. */
import type { Facts } from "../../src/Facts.ts"

const size = 100

/** Counts the messages that came back. */
export class Rally {
  private number = 0
  private left = 0
  private over: () => void = () => {}

  /** The next message: 100 bytes, with its number in them. */
  get message(): Uint8Array {
    const bytes = Buffer.alloc(size)
    bytes.writeUInt32LE(this.number, 0)
    return bytes
  }

  /** Resolves with microseconds for one way there and back when all of a round were. */
  begin(count: number): Promise<Facts> {
    this.left = count
    const begun = performance.now()
    return new Promise((resolve) => {
      this.over = () => resolve({ roundTrip: (performance.now() - begun) / count * 1000 })
    })
  }

  /** Takes what came back; true when there is more to send. Throws where it is something else. */
  isBack(bytes: Uint8Array): boolean {
    const number = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true)
    if (bytes.length !== size || number !== this.number) throw new Error(`message ${this.number} is not what was sent`)
    this.number++
    this.left--
    if (this.left === 0) this.over()
    return this.left > 0
  }
}
