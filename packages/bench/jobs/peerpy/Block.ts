/** What the bytes job carries: blocks of 64 KiB, numbered at both ends of each. */
const size = 65_536

/** The block with a number. Each is new memory, as what an application sends is. */
export const of = (number: number): Uint8Array => {
  const bytes = Buffer.allocUnsafeSlow(size)
  bytes.writeUInt32LE(number, 0)
  bytes.writeUInt32LE(number, size - 4)
  return bytes
}

/** Checks that blocks come in order and whole. Throws where they do not. */
export class Reader {
  private next = 0

  read(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const number = this.next++
    if (bytes.length !== size || view.getUint32(0, true) !== number || view.getUint32(size - 4, true) !== number) {
      throw new Error("not the block that was sent")
    }
  }
}
