/** Frames without data that wait for the next record of a session, in their order. */
import * as Frame from "./Frame.ts"

/** Frames without data. */
export class ControlQueue {
  /** Type, stream and value of each, one behind the other. */
  #frames: Array<number> = []
  #bytes = 0

  /** Bytes that they take in records. */
  get bytes(): number {
    return this.#bytes
  }

  push(type: Frame.Control, stream: number, value: number): void {
    this.#frames.push(type, stream, value)
    this.#bytes += Frame.sizeOf(type)
  }

  /** Moves those that have room before `end` to the beginning of `into`, and returns where they end. */
  move(into: Uint8Array, end: number): number {
    const frames = this.#frames
    let [at, index] = [0, 0]
    for (; index < frames.length; index += 3) {
      const type = frames[index] ?? 0
      if (at + Frame.sizeOf(type) > end) break
      at = Frame.write(into, at, type, frames[index + 1] ?? 0, frames[index + 2] ?? 0)
    }
    this.#frames = index === frames.length ? [] : frames.slice(index)
    this.#bytes -= at
    return at
  }

  clear(): void {
    this.#frames = []
    this.#bytes = 0
  }
}
