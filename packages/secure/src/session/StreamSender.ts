/** The sending half of a stream: what waits to be sent, the credit for it, and FIN behind it. */
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Frame from "./Frame.ts"
import type { Outlet, Source } from "./Outlet.ts"
import { SendQueue } from "./SendQueue.ts"
import * as Window from "./Window.ts"

/** Bytes of a write from which a carrier says when it has no more need of them. */
const long = 65_536

/** What the sending half needs of the rest. */
export interface SenderOptions {
  readonly id: number
  readonly outlet: Outlet
  /** Bytes in a stream from which it is full. */
  readonly sendBuffer: number
  /** Milliseconds of the transport's clock. */
  readonly now: () => number
  /** For how long the carrier's peer has taken nothing. */
  readonly stalledFor: () => number
  /** FIN is in a record that leaves now. */
  readonly finLeaves: () => void
  /** A stream that was full is so no more. */
  readonly drained: () => void
}

/** The sending half. */
export class StreamSender implements Source {
  readonly #options: SenderOptions
  readonly #queue = new SendQueue()
  #credit = Window.initial
  #progressAt: number
  /** How many records had left when the last one with data of this stream had. */
  #record = 0
  #overfull = false
  #finGiven = false
  #finSent = false
  #over = false

  constructor(options: SenderOptions) {
    this.#options = options
    this.#progressAt = options.now()
  }

  get queued(): number {
    return this.#queue.length
  }

  /** True when nothing more may be written. */
  get finGiven(): boolean {
    return this.#finGiven
  }

  get finSent(): boolean {
    return this.#finSent
  }

  /** Queues chunks. False when the stream is full: `drained` is called later. */
  write(chunks: NonEmptyReadonlyArray<Uint8Array>): boolean {
    const before = this.queued
    for (const chunk of chunks) this.#queue.push(chunk)
    const isLong = this.queued - before >= long
    const { outlet, sendBuffer } = this.#options
    outlet.ready(this)
    this.#overfull = this.queued >= sendBuffer
    if (this.#overfull) return false
    if (outlet.full) outlet.block(this)
    else if (isLong) this.#queue.own()
    return !outlet.full
  }

  /** Queues FIN. */
  finish(): void {
    this.#finGiven = true
    this.#options.outlet.ready(this)
  }

  /** Drops what waits. */
  clear(): void {
    this.#queue.clear()
  }

  /** Nothing leaves any more. */
  stop(): void {
    this.#over = true
    this.#queue.clear()
    this.#options.outlet.forget(this)
  }

  /** More credit. False when it is more than there can be. */
  credited(more: number): boolean {
    const credit = Window.credited(this.#credit, more)
    if (credit === undefined) return false
    this.#credit = credit
    this.#progressAt = this.#options.now()
    if (this.queued > 0) this.#options.outlet.ready(this)
    return true
  }

  stalledFor(): number {
    const { now, outlet, stalledFor } = this.#options
    const carrier = stalledFor()
    if (this.queued === 0 || this.#credit > 0) return carrier
    const reader = now() - this.#progressAt
    // As long as the last record is this stream's, what the carrier's peer takes is this stream's too.
    return outlet.records === this.#record ? Math.min(reader, carrier) : reader
  }

  sendable(): boolean {
    if (this.#over) return false
    return this.queued > 0 ? this.#credit > 0 : this.#finGiven && !this.#finSent
  }

  emit(into: Uint8Array, from: number, end: number): number {
    const at = this.#emitData(into, from, end)
    if (this.queued > 0 || !this.#finGiven || this.#finSent || end - at < Frame.sizeOf(Frame.types.fin)) return at
    this.#finSent = true
    this.#options.finLeaves()
    return Frame.write(into, at, Frame.types.fin, this.#options.id, 0)
  }

  unblocked(): void {
    this.#overfull = false
    this.#options.drained()
  }

  #emitData(into: Uint8Array, from: number, end: number): number {
    const count = Math.min(this.queued, this.#credit, end - from - Frame.dataHead)
    if (count <= 0) return from
    const { id, now, outlet, sendBuffer } = this.#options
    const at = Frame.writeDataHead(into, from, id, count)
    this.#queue.move(into, at, count)
    this.#credit -= count
    this.#progressAt = now()
    this.#record = outlet.records + 1
    if (this.#overfull && this.queued < sendBuffer) outlet.block(this)
    return at + count
  }
}
