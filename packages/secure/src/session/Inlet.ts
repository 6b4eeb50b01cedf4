/**
 * The receiving side of a carrier: passes its messages on, whoever takes them by then, and how it ended. Reading never waits
 * for writing.
 */
import type { Pipe } from "@peerage/transport/Pipe"
import * as SocketFailure from "@peerage/transport/SocketFailure"
import type { SocketError } from "effect/socket/Socket"
import type { Misfit, RecordReader } from "./Record.ts"

/** Takes what a carrier brings. */
export interface Sink {
  /** A message. False ends reading. */
  readonly message: (bytes: Uint8Array) => boolean
  /** What came is no message. */
  readonly misfit: (why: Misfit) => void
  /** A batch of messages begins. */
  readonly reading: () => void
  /** It has been read. */
  readonly read: () => void
  /** The carrier ended so. It may be said more than once. */
  readonly ended: (why: SocketError) => void
  /** The carrier has room again, or writing broke. */
  readonly drained: () => void
}

/** Reads one carrier. */
export class Inlet {
  readonly carrier: Pipe
  readonly reader: RecordReader
  /** Who takes what comes next. */
  sink: Sink

  constructor(carrier: Pipe, reader: RecordReader, sink: Sink) {
    this.carrier = carrier
    this.reader = reader
    this.sink = sink
  }

  /** Begins to read. */
  open(): void {
    this.carrier.observe({
      readable: () => this.#readable(),
      drained: () => this.sink.drained(),
      closed: () => this.sink.ended(this.carrier.ended() ?? SocketFailure.closed(1006))
    })
  }

  #readable(): void {
    this.sink.reading()
    const going = this.#readAll()
    this.sink.read()
    const ended = going ? this.carrier.ended() : undefined
    if (ended !== undefined) this.sink.ended(ended)
  }

  #readAll(): boolean {
    for (let chunks = this.carrier.take(); chunks !== undefined; chunks = this.carrier.take()) {
      for (const chunk of chunks) {
        this.reader.push(chunk)
        if (!this.#readChunk()) return false
      }
    }
    return true
  }

  #readChunk(): boolean {
    for (let message = this.reader.next(); message !== undefined; message = this.reader.next()) {
      if (typeof message === "string") {
        this.sink.misfit(message)
        return false
      }
      if (!this.sink.message(message)) return false
    }
    return true
  }
}
