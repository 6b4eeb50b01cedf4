/**
 * The sending side of a session: frames of all its streams in as few records as possible.
 *
 * The first write of a turn leaves at once, and takes waiting frames along; what else is said in that turn leaves together
 * at its end. What is said while a batch is read leaves in one record after it. While the carrier is full nothing is
 * sealed. Streams take turns: while several have something to send, each gets a slice of every record.
 */
import type { Pipe } from "@peerage/transport/Pipe"
import type { Cipher } from "../noise/Cipher.ts"
import { ControlQueue } from "./ControlQueue.ts"
import * as Frame from "./Frame.ts"
import * as Record from "./Record.ts"
import type { Rooms } from "./Rooms.ts"
import type { AtTurnsEnd } from "./Turns.ts"

/** Bytes of one stream in a record. */
const slice = 16_384

/**
 * Content of a record at most. Mostly several lie in what the other end reads at once, where it opens them and leaves their
 * content, while larger ones would need memory of their own.
 */
const content = slice + Frame.dataHead

/** Bytes waiting in a stream that do not wait for the end of the turn. */
const urgent = 32_768

/** Bytes of a batch from which a carrier says when it has no more need of them. Shorter ones are copied. */
const long = 65_536

/** Records of one direction after which a session takes no new streams. */
const maxRecords = 2 ** 32

/** A stream, as the outlet sees it. */
export interface Source {
  /** Bytes that wait to be sent. */
  readonly queued: number
  /** True when there is something that may be sent now. */
  readonly sendable: () => boolean
  /** Writes frames from `at` on, up to `end`, and returns where they end. */
  readonly emit: (into: Uint8Array, at: number, end: number) => number
  /** Called once after `block`, when the carrier has room. */
  readonly unblocked: () => void
}

/** What all outlets of a transport share. */
export interface Sending {
  readonly atTurnsEnd: AtTurnsEnd
  readonly rooms: Rooms
  /** Bytes of frames without data that may wait while the peer reads nothing. */
  readonly maxControlBytes: number
}

/** The sending side of one session. */
export class Outlet {
  readonly #carrier: Pipe
  readonly #cipher: Cipher
  readonly #sending: Sending
  readonly #ready = new Set<Source>()
  readonly #blocked = new Set<Source>()
  readonly #control = new ControlQueue()
  #full = false
  /** Where the bytes lie that the carrier has not sent yet. */
  #lent: Uint8Array | undefined
  #flushing = false
  #reading = false
  #left = false
  #scheduled = false
  #over = false

  constructor(carrier: Pipe, cipher: Cipher, sending: Sending) {
    this.#carrier = carrier
    this.#cipher = cipher
    this.#sending = sending
  }

  /** True while the carrier takes no more. */
  get full(): boolean {
    return this.#full
  }

  /** True when too many frames wait for a peer that reads nothing. */
  get overrun(): boolean {
    return this.#control.bytes > this.#sending.maxControlBytes
  }

  /** True when no new stream may begin here. */
  get spent(): boolean {
    return this.overrun || this.records >= maxRecords
  }

  /** True when nothing waits to be sent. */
  get empty(): boolean {
    return this.#control.bytes === 0 && this.#ready.size === 0
  }

  /** How many records have left. */
  get records(): number {
    return this.#cipher.records
  }

  /** Sends a frame without data, with the next record. */
  control(type: Frame.Control, stream: number, value = 0): void {
    this.#control.push(type, stream, value)
    if (!this.#reading) this.#schedule()
  }

  /** The source has something to send. */
  ready(source: Source): void {
    this.#ready.add(source)
    if (this.#reading || this.#full || this.#flushing) return
    if (!this.#left || source.queued >= urgent) {
      this.#left = true
      this.#send(true)
    }
    this.#schedule()
  }

  /** The source waits for room in the carrier. */
  block(source: Source): void {
    this.#blocked.add(source)
  }

  /** The source is gone. */
  forget(source: Source): void {
    this.#ready.delete(source)
    this.#blocked.delete(source)
  }

  /** A batch is being read: nothing leaves before `read`. */
  reading(): void {
    this.#reading = true
  }

  /** The batch has been read. */
  read(): void {
    this.#reading = false
    if (this.#ready.size > 0 || this.#control.bytes > 0) this.flush()
  }

  /** The carrier has room again. */
  drained(): void {
    this.#drained()
    if (this.#flushing) return
    // Those that wait may have more for the same record.
    if (this.#blocked.size > 0 && this.#queued < urgent) this.#unblock()
    if (!this.#full) this.flush()
  }

  /** Sends what may be sent now. */
  flush(): void {
    this.#send(false)
    if (!this.#over) this.#cipher.prepare("seal")
  }

  /** `atOnce`: the turn is not over, and what does not fill another record is sent at its end. */
  #send(atOnce: boolean): void {
    if (this.#over || this.#flushing) return
    this.#flushing = true
    while (!this.#full && this.#sendBatch(atOnce));
    this.#flushing = false
    if (!this.#full && this.#blocked.size > 0) this.#unblock()
  }

  /** Nothing leaves any more. */
  stop(): void {
    this.#over = true
    this.#ready.clear()
    this.#blocked.clear()
    this.#control.clear()
  }

  /** Bytes that wait in all streams. */
  get #queued(): number {
    let bytes = 0
    for (const source of this.#ready) bytes += source.queued
    return bytes
  }

  /** Hands a batch of records to the carrier. False when there was nothing to send. */
  #sendBatch(atOnce: boolean): boolean {
    const room = this.#sending.rooms.take()
    let end = 0
    while (room.length - end >= content + Record.overhead && !(atOnce && end > 0 && this.#queued < slice)) {
      const begin = end + Record.lengthBytes
      const length = this.#fill(room.subarray(begin, begin + content))
      if (length === 0) break
      end = Record.seal(this.#cipher, room, end, length)
    }
    if (end > 0) this.#write(room, end)
    else this.#sending.rooms.give(room)
    return end > 0 && (!atOnce || this.#queued >= slice)
  }

  /** Sends what lies in a room, and gives the room back when the carrier does not need it any more. */
  #write(room: Uint8Array, end: number): void {
    const isLong = end >= long
    const written = room.subarray(0, end)
    const bytes = isLong ? written : this.#sending.rooms.copy(written)
    // Before the write: the carrier may drain during it.
    this.#full = true
    if (isLong) this.#lent = room
    else this.#sending.rooms.give(room)
    if (this.#carrier.write([bytes])) this.#drained()
  }

  /** The carrier has room, and no need of what was written. */
  #drained(): void {
    this.#full = false
    const room = this.#lent
    this.#lent = undefined
    // Bytes of a carrier that broke may be on their way still.
    if (room !== undefined && this.#carrier.broken() === undefined) this.#sending.rooms.give(room)
  }

  /** Writes the content of a record, and returns its length. */
  #fill(into: Uint8Array): number {
    let at = this.#control.bytes === 0 ? 0 : this.#control.move(into, content)
    // A stream's data must not overtake the frame that opens it.
    if (this.#control.bytes > 0) return at
    let turns = this.#ready.size
    for (const source of this.#ready) {
      if (turns-- === 0 || content - at <= Frame.dataHead) break
      this.#ready.delete(source)
      at = source.emit(into, at, content)
      if (source.sendable()) this.#ready.add(source)
    }
    return at
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#sending.atTurnsEnd(this.#turn)
  }

  readonly #turn = (): void => {
    this.#scheduled = false
    this.#left = false
    this.flush()
  }

  #unblock(): void {
    const blocked = [...this.#blocked]
    this.#blocked.clear()
    for (const source of blocked) source.unblocked()
  }
}
