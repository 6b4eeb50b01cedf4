/**
 * The sending half of a simulated connection: what waits, what is on its way, and what must be sent again.
 *
 * The network knows what it drops, so a retransmission is only scheduled for what was dropped, or whose acknowledgement
 * was: as long after it was sent as Linux would wait (200 ms and the round trip; 1 s in the handshake), doubling up to
 * 120 s. Until a retransmission is acknowledged nothing new is sent.
 */
import type { Event } from "./Heap.ts"
import { Outbox } from "./Outbox.ts"
import type { Segment, Wire } from "./Packet.ts"

const handshakeTimeout = 1000
const minimumTimeout = 200
const maximumTimeout = 120_000
const synPatience = 127_000 // 1 + 2 + 4 + 8 + 16 + 32 + 64 seconds: Linux with its 6 SYN retries
const synAckPatience = 63_000 // 1 + 2 + 4 + 8 + 16 + 32 seconds: Linux with its 5 SYN-ACK retries
const nothing = new Uint8Array(0)

/** What a sender needs from its socket. */
export interface SenderPort {
  readonly wire: Wire
  readonly send: (segment: Segment, again: boolean) => void
  /** Asks the peer for an acknowledgement. */
  readonly probe: () => void
  /** Too much time has passed without an acknowledgement. */
  readonly gaveUp: () => void
  readonly drained: () => void
  readonly roundTrip: () => number
}

/** Chunks in, segments out. */
export class Sender {
  finSent = false
  /** FIN was sent or waits behind the bytes. */
  finishing = false
  private readonly port: SenderPort
  private readonly outbox: Outbox
  private readonly unacked: Array<Segment> = []
  private next = 0
  private edge: number
  private open = false
  private retries = 0
  private updateLost = false
  private timer: Event | undefined
  private full = false
  private gathering = false

  constructor(port: SenderPort) {
    this.port = port
    this.edge = 1 + port.wire.settings.window
    this.outbox = new Outbox(port.wire.settings, port.wire.random)
  }

  /** Everything sent was acknowledged. */
  settled(): boolean {
    return this.unacked.length === 0
  }

  /** Bytes held: those that wait and those without an acknowledgement. */
  held(): number {
    return this.unacked.reduce((held, segment) => held + segment.bytes.length, this.outbox.waiting)
  }

  /** Sends the first segment of the handshake. */
  greet(kind: "SYN" | "SYN-ACK"): void {
    this.emit(kind, nothing)
  }

  /** Sends the handshake's segment again, as the peer seems not to have it. */
  greetAgain(): void {
    const first = this.unacked[0]
    if (first === undefined) return
    first.lost = true
    this.arm(first.sentAt)
  }

  /** The handshake is over: data may go. */
  begin(): void {
    this.open = true
    this.pump()
  }

  /** Takes bytes over; false when more than the high-water mark waits. */
  write(chunks: ReadonlyArray<Uint8Array>): boolean {
    this.outbox.add(chunks)
    if (this.port.wire.settings.chaotic) this.gather()
    else this.pump()
    this.full = this.outbox.waiting >= this.port.wire.settings.sendBuffer
    return !this.full
  }

  // Writes of the same turn can only be sent together if sending waits for the turn's end.
  private gather(): void {
    if (this.gathering) return
    this.gathering = true
    this.port.wire.scheduler.at(0, () => {
      this.gathering = false
      this.pump()
    })
  }

  finish(): void {
    this.finishing = true
    if (!this.gathering) this.pump()
  }

  stop(): void {
    this.open = false
    this.outbox.clear()
    this.unacked.length = 0
    this.disarm()
  }

  /** The peer has everything before `ack` and takes bytes up to `edge`. */
  acknowledge(ack: number, edge: number): void {
    if (edge > this.edge) this.edge = edge
    const before = this.unacked.length
    while (true) {
      const first = this.unacked[0]
      if (first === undefined || first.sequence + first.length > ack) break
      this.unacked.shift()
    }
    if (this.unacked.length < before || before === 0) this.recover()
    this.pump()
  }

  private recover(): void {
    this.updateLost = false
    if (this.retries === 0) return
    this.retries = 0
    this.disarm()
    for (const segment of this.unacked) if (segment.lost) this.sendAgain(segment)
  }

  /** A segment was dropped on its way. */
  lost(segment: Segment): void {
    segment.lost = true
    this.arm(segment.sentAt)
  }

  /** A probe was dropped on its way. */
  probeLost(): void {
    if (this.updateLost) this.arm(this.port.wire.scheduler.now())
  }

  /** An acknowledgement up to `ack` was dropped on its way here. */
  unheard(ack: number): void {
    this.updateLost = true
    const missing = this.unacked.filter((segment) => segment.sequence + segment.length <= ack)
    for (const segment of missing) segment.lost = true
    const [first] = missing
    if (first !== undefined) this.arm(first.sentAt)
    else if (this.outbox.waiting > 0) this.arm(this.port.wire.scheduler.now())
  }

  private timeout(): number {
    const first = this.open ? minimumTimeout + this.port.roundTrip() : handshakeTimeout
    return Math.min(first * 2 ** this.retries, maximumTimeout)
  }

  private patience(segment: Segment): number {
    if (segment.kind === "SYN") return synPatience
    return segment.kind === "SYN-ACK" ? synAckPatience : this.port.wire.settings.userTimeout
  }

  private arm(sentAt: number): void {
    if (this.timer !== undefined) return
    const first = this.unacked[0]
    const deadline = first === undefined ? Infinity : first.firstSentAt + this.patience(first)
    this.timer = this.port.wire.scheduler.at(Math.min(sentAt + this.timeout(), deadline), () => this.onTimer())
  }

  private disarm(): void {
    if (this.timer !== undefined) this.timer.cancelled = true
    this.timer = undefined
  }

  private onTimer(): void {
    this.timer = undefined
    const first = this.unacked[0]
    const { scheduler } = this.port.wire
    if (first !== undefined && scheduler.reached(first.firstSentAt + this.patience(first))) return this.port.gaveUp()
    const lost = this.unacked.find((segment) => segment.lost)
    if (lost !== undefined) {
      this.retries++
      this.sendAgain(lost)
    } else if (this.updateLost && this.outbox.waiting > 0) {
      this.retries++
      this.port.probe()
    }
  }

  private sendAgain(segment: Segment): void {
    segment.lost = false
    segment.sentAt = this.port.wire.scheduler.now()
    this.port.send(segment, true)
  }

  private emit(kind: Segment["kind"], bytes: Uint8Array): void {
    const now = this.port.wire.scheduler.now()
    const length = kind === "DATA" ? bytes.length : 1
    const segment = { kind, sequence: this.next, length, bytes, firstSentAt: now, sentAt: now, lost: false }
    this.next += length
    this.unacked.push(segment)
    this.port.send(segment, false)
  }

  private pump(): void {
    if (!this.open || this.retries > 0) return
    while (true) {
      const bytes = this.outbox.next(this.edge - this.next)
      if (bytes === undefined) break
      this.emit("DATA", bytes)
    }
    const { waiting } = this.outbox
    if (waiting > 0 && this.unacked.length === 0 && this.updateLost) this.arm(this.port.wire.scheduler.now())
    if (waiting === 0 && this.finishing && !this.finSent) {
      this.finSent = true
      this.emit("FIN", nothing)
    }
    if (!this.full || waiting >= this.port.wire.settings.sendBuffer) return
    this.full = false
    this.port.drained()
  }
}
