/** The content of one file on a simulated disk: what programs see, and what a power cut would leave of it. */

const noBytes = new Uint8Array(0)

/** One file. Several names may lead to it. */
export class DiskFile {
  readonly serial: number
  mode: number
  changedAt: number
  readonly bornAt: number
  private buffer: Uint8Array = noBytes
  private length = 0
  // Copied on the first write after a flush, so that writes that are never lost cost no copy.
  private flushed: Uint8Array = noBytes

  constructor(serial: number, mode: number, now: number) {
    this.serial = serial
    this.mode = mode
    this.bornAt = this.changedAt = now
  }

  get size(): number {
    return this.length
  }

  /** A copy of at most `length` bytes from `start` on. */
  read(start: number, length: number): Uint8Array {
    return this.buffer.slice(start, Math.min(start + length, this.length))
  }

  /** Writes at `start`. A gap behind the end is zeros. */
  write(start: number, bytes: Uint8Array, now: number): void {
    this.resize(Math.max(this.length, start + bytes.length), now)
    this.buffer.set(bytes, start)
  }

  /** Cuts or extends the file to `length` bytes. */
  resize(length: number, now: number): void {
    if (length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(length, this.buffer.length * 2))
      larger.set(this.buffer.subarray(0, this.length))
      this.buffer = larger
    }
    if (length < this.length) this.buffer.fill(0, length, this.length)
    this.length = length
    this.changedAt = now
  }

  /** From now on a power cut leaves the content as it is now. */
  flush(): void {
    this.flushed = this.read(0, this.length)
  }

  /** Loses everything since the last flush. */
  lose(): void {
    this.buffer = this.flushed.slice()
    this.length = this.flushed.length
  }
}
