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
import type { StreamEnds, StreamHost } from "./StreamHost.ts"
import { type SenderOptions, StreamSender } from "./StreamSender.ts"
import { ReceiveWindow } from "./Window.ts"

const noObserver: Observer = { readable: () => {}, drained: () => {}, closed: () => {} }

/** One stream. The session calls what is behind `observe`. */
export class Stream implements Pipe {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  readonly identity: PeerKey
  readonly #id: number
  readonly #host: StreamHost
  readonly #window: ReceiveWindow
  readonly #inbox = new Inbox()
  readonly #sender: StreamSender
  #observer = noObserver
  #active: number
  #ending: SocketError | undefined
  #failure: SocketError | undefined
  #finReceived = false
  #closed = false
  #freed = false
  #released = false
  #onFreed: () => void = () => {}

  constructor(host: StreamHost, { id, local, remote }: StreamEnds) {
    this.#host = host
    this.#id = id
    this.local = local
    this.remote = remote
    this.identity = host.key
    this.#active = host.now()
    this.#window = new ReceiveWindow(host.windows, this.#active)
    this.#sender = new StreamSender(this.#senderOptions(host, id))
  }

  take(): NonEmptyReadonlyArray<Uint8Array> | undefined {
    const { length } = this.#inbox
    const chunks = this.#inbox.take()
    if (chunks === undefined || this.#freed) return chunks
    if (this.#finReceived) {
      this.#host.atTurnsEnd(this.#settle)
      return chunks
    }
    const credit = this.#window.took(length, this.#host.now())
    if (credit > 0) this.#host.outlet.control(Frame.types.window, this.#id, credit)
    return chunks
  }

  ended(): SocketError | undefined {
    return this.#ending
  }

  broken(): SocketError | undefined {
    if (this.#closed || this.#sender.finGiven && this.#failure === undefined) return SocketFailure.endedHere()
    return this.#failure
  }

  write(chunks: NonEmptyReadonlyArray<Uint8Array>): boolean {
    if (this.#closed || this.#failure !== undefined || this.#sender.finGiven) return true
    this.#active = this.#host.now()
    return this.#sender.write(chunks)
  }

  stalledFor(): number {
    return this.#sender.stalledFor()
  }

  end(): void {
    if (!this.#sender.finGiven && this.#failure === undefined) this.#sender.finish()
  }

  close(): void {
    if (this.#closed || this.#freed) return
    // One that has no credit sends nothing that STOP could be the answer to.
    if (this.#window.spent && !this.#finReceived) this.#host.outlet.control(Frame.types.stop, this.#id)
    if (this.#failure !== undefined) this.#free()
    else if (this.#sender.finSent) this.#host.atTurnsEnd(this.#settle)
    else {
      this.#sender.finish()
      if (this.queued > 0) this.#host.linger(this)
    }
    this.#leave()
  }

  /** `close` answers later bytes without a reset already. */
  closeAtOnce(): void {
    this.close()
  }

  reset(): void {
    if (this.#freed) return
    if (!(this.#sender.finSent && this.#finReceived)) this.#host.outlet.control(Frame.types.reset, this.#id)
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

  get id(): number {
    return this.#id
  }

  /** Bytes that wait to be sent. */
  get queued(): number {
    return this.#sender.queued
  }

  /** Called once, when the stream is over. */
  set onFreed(run: () => void) {
    this.#onFreed = run
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
    return this.#sender.credited(more)
  }

  /** The other end reads no more. */
  stopped(): void {
    if (this.#sender.finSent || this.#failure !== undefined) return
    this.#failure = resetWriting()
    this.#sender.clear()
    if (this.#closed) this.#free()
    else this.#observer.drained()
  }

  /** The other end reset the stream, or the session is lost. */
  fail(reading: SocketError, writing: SocketError): void {
    if (this.#freed) return
    this.#failure ??= writing
    this.#ending ??= reading
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

  #senderOptions({ now, outlet, sendBuffer, stalledFor }: StreamHost, id: number): SenderOptions {
    return {
      id,
      outlet,
      sendBuffer,
      now,
      stalledFor,
      finLeaves: () => this.#host.atTurnsEnd(this.#settle),
      drained: () => {
        this.#active = now()
        this.#observer.drained()
      }
    }
  }

  /** What was not read yet keeps the stream's place: an end that reads slowly holds no more streams than it may. */
  readonly #settle = (): void => {
    const allRead = this.#finReceived && this.#inbox.length === 0
    if (this.#sender.finSent && (allRead || this.#closed)) this.#free()
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
    this.#sender.stop()
    this.#host.forget(this)
    this.#host.atTurnsEnd(() => {
      this.#released = true
      this.#observer.closed()
      this.#onFreed()
    })
  }
}

const resetWriting = () => SocketFailure.writeFailed(SocketFailure.systemError("ECONNRESET", "reset by the peer"))
const resetReading = () => SocketFailure.readFailed(SocketFailure.systemError("ECONNRESET", "reset by the peer"))
