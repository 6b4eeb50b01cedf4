/**
 * An open session: one encrypted carrier between a dialer and a listening address, and the streams in it. Only the dialer
 * opens streams, so two peers that dial each other at once have two sessions, and nothing is to be resolved.
 *
 *     Open --- leave, or CLOSE came ---> Leaving --- CLOSE both ways, no stream left ---> Over
 *       `------------- carrier lost, record that does not open, protocol broken ----------^
 */
import type { Accept } from "@peerage/transport/Options"
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Pipe } from "@peerage/transport/Pipe"
import * as SocketFailure from "@peerage/transport/SocketFailure"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { Cipher } from "../noise/Cipher.ts"
import { Reason, SecureError } from "../SecureError.ts"
import * as SecureEvent from "../SecureEvent.ts"
import * as Ending from "./Ending.ts"
import * as Frame from "./Frame.ts"
import type { Inlet, Sink } from "./Inlet.ts"
import { Outlet } from "./Outlet.ts"
import { Ports } from "./Ports.ts"
import { Probe } from "./Probe.ts"
import * as Record from "./Record.ts"
import type { Shared } from "./Shared.ts"
import { Stream, type StreamHost } from "./Stream.ts"
import { WindowBudget } from "./Window.ts"

const { types } = Frame

/** Numbers of streams, and records of one direction. */
const word = 2 ** 32

/** What a session begins with, once both ends know each other. */
export interface Established {
  readonly inlet: Inlet
  readonly key: PeerKey
  readonly send: Cipher
  readonly receive: Cipher
}

/** What a session tells. */
export interface SessionOwner {
  /** Takes the streams that the other end opens; `undefined` at the dialer's end. */
  readonly accept: Accept | undefined
  /** The session takes no new streams any more. Called once. */
  readonly retired: (session: Session) => void
}

/** One open session. */
export class Session implements StreamHost, Sink, Frame.Receiver {
  readonly key: PeerKey
  readonly outlet: Outlet
  readonly windows: WindowBudget
  readonly now: () => number
  readonly atTurnsEnd: (run: () => void) => void
  readonly #shared: Shared
  readonly #owner: SessionOwner
  readonly #carrier: Pipe
  readonly #inlet: Inlet
  readonly #receive: Cipher
  readonly #streams = new Map<number, Stream>()
  readonly #ports = new Ports()
  readonly #probe: Probe
  #state: "Open" | "Leaving" | "Over" = "Open"
  #peerLeaves = false
  /** Everything is said, and the other end has not left yet. */
  #waiting = false
  #lastId = 0
  #heardAt: number
  #emptyAt: number
  /** How many records had left when a PONG was put among the next. */
  #answered = -1
  #cancelIdle: () => void

  constructor(shared: Shared, { inlet, key, receive, send }: Established, owner: SessionOwner) {
    this.key = key
    this.#shared = shared
    this.#owner = owner
    this.#carrier = inlet.carrier
    this.#inlet = inlet
    this.#receive = receive
    this.outlet = new Outlet(inlet.carrier, send, shared.sending)
    this.windows = new WindowBudget(shared.numbers)
    this.now = shared.now
    this.atTurnsEnd = shared.sending.atTurnsEnd
    this.#probe = new Probe(shared)
    this.#heardAt = this.#emptyAt = shared.now()
    this.#cancelIdle = shared.after(this.#idle, this.#checkIdle)
    inlet.reader.limit = Record.maxMessage
    inlet.sink = this
    // It is opened by a message, so in the middle of a batch.
    this.outlet.reading()
  }

  /** The carrier's peer. */
  get remote(): NetAddress.InetAddress {
    return this.#carrier.remote
  }

  /** Streams that are open. */
  get streams(): number {
    return this.#streams.size
  }

  /** True when a stream can be opened. */
  get usable(): boolean {
    return this.#state === "Open" && this.#lastId < word - 1 && this.#streams.size < this.#shared.numbers.maxStreams
      && this.outlet.records < word && !this.outlet.overrun && this.#carrier.broken() === undefined
  }

  /** True when the other end was heard of lately. */
  get fresh(): boolean {
    return this.now() - this.#heardAt <= this.#shared.numbers.fresh
  }

  /** Opens a stream. Only the dialer does, while the session is `usable`. */
  open(): Stream {
    const id = ++this.#lastId
    const { address, port } = this.#carrier.local
    const taken = this.#ports.take(port)
    const local = taken === port ? this.#carrier.local : NetAddress.inetAddressUnsafe(address, taken)
    const stream = new Stream(this, { id, local, remote: this.#carrier.remote })
    this.#streams.set(id, stream)
    this.outlet.control(types.open, id, taken)
    return stream
  }

  /** Asks the other end whether it is still there. */
  probe(answered: (alive: boolean) => void): void {
    this.#probe.ask(() => this.outlet.control(types.ping, 0), answered)
  }

  /** Takes no more streams, and ends with the last one. */
  leave(): void {
    if (this.#state === "Open") this.#retire()
    this.#finish()
  }

  /** Resets the session with all its streams. */
  drop(): void {
    this.#end("Dropped", undefined)
  }

  /** The other end does not answer any more. */
  lost(): void {
    this.#fail(Reason.cases.Truncated.make({}))
  }

  stalledFor(): number {
    return this.#carrier.stalledFor()
  }

  linger(stream: Stream): void {
    const before = stream.queued
    this.#shared.after(this.#shared.numbers.lingerTimeout, () => {
      if (!this.#streams.has(stream.id) || stream.queued === 0) return
      if (stream.queued === before) stream.reset()
      else this.linger(stream)
    })
  }

  forget(stream: Stream): void {
    this.#streams.delete(stream.id)
    if (this.#owner.accept === undefined) this.#ports.give(stream.local.port)
    if (this.#streams.size > 0) return
    this.#emptyAt = this.now()
    if (this.#state === "Leaving") this.atTurnsEnd(() => this.#finish())
  }

  // What the carrier brings.

  reading(): void {
    this.#heardAt = this.now()
    this.outlet.reading()
  }

  read(): void {
    if (this.#state !== "Over") this.outlet.read()
  }

  message(bytes: Uint8Array): boolean {
    if (this.#state === "Over") return false
    const plain = this.#receive.open(bytes)
    if (plain === undefined) return this.#fail(Reason.cases.Tampered.make({}))
    this.#inlet.reader.release(bytes, plain)
    if (plain.length === 0 || !Frame.read(plain, this)) return this.#violated()
    if (this.outlet.overrun) this.outlet.flush()
    return this.outlet.overrun ? this.#violated() : !this.#isOver()
  }

  misfit(): void {
    this.#violated()
  }

  drained(): void {
    this.outlet.drained()
    if (this.#state === "Leaving") this.#finish()
  }

  ended(why: SocketError): void {
    if (this.#state === "Over") return
    if (!SocketFailure.isFin(why)) return this.#end(Ending.errnoOf(why), why)
    const streams = [...this.#streams.values()]
    if (!this.#peerLeaves || streams.some((stream) => !stream.isFinished)) {
      this.#fail(Reason.cases.Truncated.make({}))
      return
    }
    // The other end has closed all of them, and reads no more.
    for (const stream of streams) stream.stopped()
    if (!this.#isOver()) this.#part()
  }

  data(id: number, bytes: Uint8Array): boolean {
    const stream = this.#streams.get(id)
    if (stream !== undefined) return stream.received(bytes) && !this.#isOver()
    if (id > this.#lastId) return false
    this.outlet.control(types.stop, id)
    return true
  }

  control(type: Frame.Control, id: number, value: number): boolean {
    switch (type) {
      case types.open:
        return this.#accept(id, value)
      case types.close:
        return this.#leaveToo()
      case types.ping:
        return this.#answerPing()
      case types.pong:
        this.#probe.answer(true)
        return !this.#isOver()
    }
    const stream = this.#streams.get(id)
    if (stream === undefined) return id <= this.#lastId
    return this.#change(type, stream, value) && !this.#isOver()
  }

  #change(type: Frame.Control, stream: Stream, value: number): boolean {
    switch (type) {
      case types.fin:
        return stream.finished()
      case types.window:
        return stream.credited(value)
      case types.reset:
        stream.wasReset()
        return true
      default:
        stream.stopped()
        return true
    }
  }

  #accept(id: number, port: number): boolean {
    const { accept } = this.#owner
    if (accept === undefined || id !== this.#lastId + 1 || this.#peerLeaves) return false
    this.#lastId = id
    if (this.#state !== "Open" || this.#streams.size >= this.#shared.numbers.maxStreams) {
      this.outlet.control(types.reset, id)
      return true
    }
    const { local, remote } = this.#carrier
    const from = port === remote.port ? remote : NetAddress.inetAddressUnsafe(remote.address, port)
    const stream = new Stream(this, { id, local, remote: from })
    this.#streams.set(id, stream)
    stream.onFreed = accept(stream)
    return !this.#isOver()
  }

  #answerPing(): boolean {
    // One that waits answers all that came before it leaves.
    if (this.#answered !== this.outlet.records) this.outlet.control(types.pong, 0)
    this.#answered = this.outlet.records
    return true
  }

  // Ends.

  /** For the compiler: a callback may have ended the session meanwhile. */
  #isOver(): boolean {
    return this.#state === "Over"
  }

  get #idle(): number {
    return this.#shared.numbers.idle * (this.#owner.accept === undefined ? 1 : 2)
  }

  readonly #checkIdle = (): void => {
    const left = this.#streams.size > 0 ? this.#idle : this.#emptyAt + this.#idle - this.now()
    if (left > 0) this.#cancelIdle = this.#shared.after(left, this.#checkIdle)
    else this.leave()
  }

  #leaveToo(): boolean {
    if (this.#peerLeaves) return false
    this.#peerLeaves = true
    if (this.#state === "Open") this.#retire()
    this.atTurnsEnd(() => this.#finish())
    return true
  }

  #retire(): void {
    this.#state = "Leaving"
    this.outlet.control(types.close, 0)
    this.#cancelIdle()
    this.#owner.retired(this)
  }

  /** Ends a session that both ends leave, or one whose other end does not leave in time. */
  #finish(): void {
    if (this.#state !== "Leaving" || this.#streams.size > 0) return
    this.outlet.flush()
    if (this.#peerLeaves && this.outlet.empty) return this.#part()
    if (this.#waiting) return
    this.#waiting = true
    this.#cancelIdle = this.#shared.after(this.#shared.numbers.leaveTimeout, () => this.#end("Closed", undefined))
  }

  #part(): void {
    this.outlet.flush()
    if (this.#isOver()) return
    this.#over("Closed")
    Ending.leave(this.#carrier, this.#shared)
  }

  #violated(): false {
    return this.#fail(Reason.cases.ProtocolViolation.make({}))
  }

  #fail(reason: Reason): false {
    const { key, remote } = this
    this.#end(reason._tag, new SecureError({ reason, address: NetAddress.formatInet(remote), key }))
    return false
  }

  #end(reason: SecureEvent.EndReason, why: SecureError | SocketError | undefined): void {
    if (this.#state === "Over") return
    this.#over(reason)
    this.#carrier.reset()
    const { reading, writing } = Ending.ofStreams(why)
    for (const stream of [...this.#streams.values()]) stream.fail(reading, writing)
  }

  #over(reason: SecureEvent.EndReason): void {
    const wasOpen = this.#state === "Open"
    this.#state = "Over"
    this.outlet.stop()
    this.#cancelIdle()
    this.#probe.answer(false)
    if (wasOpen) this.#owner.retired(this)
    this.#shared.report(SecureEvent.Ended({ key: this.key, remote: this.remote, reason }))
  }
}
