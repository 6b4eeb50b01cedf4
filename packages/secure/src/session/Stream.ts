/**
 * One connection inside a session: a `Pipe` whose bytes are frames.
 *
 * What was written before a close is not lost: later data of the other end is dropped and answered with STOP, never with a
 * reset.
 */
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Observer, Pipe } from "@peerage/transport/Pipe"
import * as SocketFailure from "@peerage/transport/SocketFailure"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import * as Frame from "./Frame.ts"
import { Inbox } from "./Inbox.ts"
import type { Outlet, Source } from "./Outlet.ts"
import { SendQueue } from "./SendQueue.ts"
import * as Window from "./Window.ts"

/** Bytes in a stream above which `write` is false. */
const highWater = 65_536

const noObserver: Observer = { readable: () => {}, drained: () => {}, closed: () => {} }

/** What a stream needs of its session. */
export interface StreamHost {
  readonly key: PeerKey
  readonly outlet: Outlet
  readonly windows: Window.WindowBudget
  /** Milliseconds of the transport's clock. */
  readonly now: () => number
  readonly atTurnsEnd: (run: () => void) => void
  /** For how long the carrier's peer has taken nothing. */
  readonly stalledFor: () => number
  /** Watches a closed stream that still has something to send, and resets it when it makes no progress. */
  readonly linger: (stream: Stream) => void
  /** The stream is over. */
  readonly forget: (stream: Stream) => void
}

/** Both ends of a stream, and the number that both know it by. */
export interface StreamEnds {
  readonly id: number
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
}

/** One stream. Its session calls `received`, `finished`, `credited`, `stopped` and `fail`. */
export class Stream implements Pipe, Source {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  readonly identity: PeerKey
  readonly #id: number
  readonly #host: StreamHost
  readonly #window: Window.ReceiveWindow
  readonly #inbox = new Inbox()
  readonly #queue = new SendQueue()
  #observer = noObserver
  #credit = Window.initial
  #active: number
  #progressAt: number
  /** How many records had left when the last one with data of this stream had. */
  #record = 0
  #overfull = false
  #ending: SocketError | undefined
  #failure: SocketError | undefined
  #finGiven = false
  #finSent = false
  #finReceived = false
  #closed = false
  #freed = false
  #released = false
  /** Called once, when the stream is over. */
  #onFreed: () => void = () => {}

  constructor(host: StreamHost, { id, local, remote }: StreamEnds) {
    this.#host = host
    this.#id = id
    this.local = local
    this.remote = remote
    this.identity = host.key
    this.#window = new Window.ReceiveWindow(host.windows, host.now())
    this.#active = this.#progressAt = host.now()
  }

  get id(): number {
    return this.#id
  }

  set onFreed(run: () => void) {
    this.#onFreed = run
  }

  get queued(): number {
    return this.#queue.length
  }

  take(): NonEmptyReadonlyArray<Uint8Array> | undefined {
    const { length } = this.#inbox
    const chunks = this.#inbox.take()
    if (chunks === undefined || this.#finReceived || this.#freed) return chunks
    const credit = this.#window.took(length, this.#host.now())
    if (credit > 0) this.#host.outlet.control(Frame.types.window, this.#id, credit)
    return chunks
  }

  ended(): SocketError | undefined {
    // Bytes that came before the FIN are taken first, as those of a socket.
    return this.#ending
  }

  broken(): SocketError | undefined {
    if (this.#closed || this.#finGiven && this.#failure === undefined) return endedHere()
    return this.#failure
  }

  write(chunks: NonEmptyReadonlyArray<Uint8Array>): boolean {
    if (this.broken() !== undefined) return true
    this.#active = this.#host.now()
    for (const chunk of chunks) this.#queue.push(chunk)
    const { outlet } = this.#host
    outlet.ready(this)
    this.#overfull = this.queued >= highWater
    if (this.#overfull) return false
    if (outlet.full) outlet.block(this)
    return !outlet.full
  }

  stalledFor(): number {
    const carrier = this.#host.stalledFor()
    if (this.queued === 0 || this.#credit > 0) return carrier
    const reader = this.#host.now() - this.#progressAt
    // As long as the last record is this stream's, what the carrier's peer takes is this stream's too.
    return this.#host.outlet.records === this.#record ? Math.min(reader, carrier) : reader
  }

  end(): void {
    if (this.#finGiven || this.#failure !== undefined) return
    this.#finGiven = true
    this.#host.outlet.ready(this)
  }

  close(): void {
    if (this.#closed || this.#freed) return
    const broken = this.#failure !== undefined
    // One that has no credit sends nothing that STOP could be the answer to.
    if (this.#window.spent && !this.#finReceived) this.#host.outlet.control(Frame.types.stop, this.#id)
    this.#finGiven = true
    if (broken) this.#free()
    else {
      this.#host.outlet.ready(this)
      if (this.#finSent) this.#host.atTurnsEnd(this.#settle)
      else if (this.queued > 0) this.#host.linger(this)
    }
    this.#leave()
  }

  closeAtOnce(): void {
    this.close()
  }

  reset(): void {
    if (this.#freed) return
    if (!(this.#finSent && this.#finReceived)) this.#host.outlet.control(Frame.types.reset, this.#id)
    this.#queue.clear()
    this.#free()
    this.#leave()
  }

  activeAt(): number {
    return this.#active
  }

  observe(observer: Observer): void {
    this.#observer = observer
    if (this.#ending !== undefined || this.#inbox.length > 0) observer.readable()
    if (this.#failure !== undefined || this.#closed) observer.drained()
    if (this.#released) observer.closed()
  }

  sendable(): boolean {
    if (this.#freed) return false
    return this.queued > 0 ? this.#credit > 0 : this.#finGiven && !this.#finSent
  }

  emit(into: Uint8Array, from: number, end: number): number {
    let at = from
    const count = Math.min(this.queued, this.#credit, end - at - Frame.dataHead)
    if (count > 0) {
      at = Frame.writeDataHead(into, at, this.#id, count)
      this.#queue.move(into, at, count)
      at += count
      this.#credit -= count
      this.#progressAt = this.#host.now()
      this.#record = this.#host.outlet.records + 1
      if (this.#overfull && this.queued < highWater) this.#host.outlet.block(this)
    }
    if (this.queued > 0 || !this.#finGiven || this.#finSent || end - at < Frame.sizeOf(Frame.types.fin)) return at
    this.#finSent = true
    this.#host.atTurnsEnd(this.#settle)
    return Frame.write(into, at, Frame.types.fin, this.#id, 0)
  }

  unblocked(): void {
    this.#overfull = false
    this.#active = this.#host.now()
    this.#observer.drained()
  }

  /** Data arrived. False when it is more than the credit, or comes after a FIN. */
  received(bytes: Uint8Array): boolean {
    if (this.#finReceived || !this.#window.arrived(bytes.length)) return false
    if (this.#closed) this.#host.outlet.control(Frame.types.stop, this.#id)
    else if (bytes.length > 0) {
      this.#active = this.#host.now()
      this.#inbox.push(bytes)
      this.#observer.readable()
    }
    return true
  }

  /** True when the other end has said that it sends no more data. */
  get isFinished(): boolean {
    return this.#finReceived
  }

  /** The other end sends no more data. False when it had said so already. */
  finished(): boolean {
    if (this.#finReceived) return false
    this.#finReceived = true
    this.#ending ??= SocketFailure.closed(1000)
    if (!this.#closed) this.#observer.readable()
    this.#settle()
    return true
  }

  /** More credit. False when it is more than there can be. */
  credited(more: number): boolean {
    const credit = Window.credited(this.#credit, more)
    if (credit === undefined) return false
    this.#credit = credit
    this.#progressAt = this.#host.now()
    if (this.queued > 0) this.#host.outlet.ready(this)
    return true
  }

  /** The other end reads no more. */
  stopped(): void {
    if (this.#finSent || this.#failure !== undefined) return
    this.#failure = resetWriting()
    this.#queue.clear()
    if (this.#closed) this.#free()
    else this.#observer.drained()
  }

  /** The other end reset the stream, or the session is lost. */
  fail(reading: SocketError, writing: SocketError): void {
    if (this.#freed) return
    this.#failure ??= writing
    this.#ending ??= reading
    this.#queue.clear()
    this.#inbox.clear()
    this.#free()
    if (this.#closed) return
    this.#observer.readable()
    this.#observer.drained()
  }

  /** `fail` for a RESET. */
  wasReset(): void {
    this.fail(resetReading(), resetWriting())
  }

  readonly #settle = (): void => {
    if (this.#finSent && (this.#finReceived || this.#closed)) this.#free()
  }

  /** The program has closed or reset the stream. */
  #leave(): void {
    if (this.#closed) return
    this.#closed = true
    this.#inbox.clear()
    this.#ending ??= SocketFailure.closed(1006)
    this.#observer.readable()
    this.#observer.drained()
  }

  #free(): void {
    if (this.#freed) return
    this.#freed = true
    this.#window.close()
    this.#host.outlet.forget(this)
    this.#host.forget(this)
    this.#host.atTurnsEnd(() => {
      this.#released = true
      this.#observer.closed()
      this.#onFreed()
    })
  }
}

const endedHere = () => SocketFailure.writeFailed(SocketFailure.systemError("EPIPE", "write after this end was closed"))
const resetWriting = () => SocketFailure.writeFailed(SocketFailure.systemError("ECONNRESET", "reset by the peer"))
const resetReading = () => SocketFailure.readFailed(SocketFailure.systemError("ECONNRESET", "reset by the peer"))
