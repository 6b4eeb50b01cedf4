/**
 * The sending half of a simulated connection: what waits, what is on its way, and what must be sent again.
 *
 * The network knows what it drops, so a retransmission is only scheduled for what was dropped, or whose acknowledgement
 * was: as long after it was sent as Linux would wait (200 ms and the round trip; 1 s in the handshake), doubling up to
 * 120 s. Until a retransmission is acknowledged nothing new is sent.
 */
import { concat } from "../Request.ts"
import type { Event } from "./Heap.ts"
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
  /** Bytes written and not yet sent. */
  unsentBytes = 0
  private readonly port: SenderPort
  private readonly unsent: Array<Uint8Array> = []
  private readonly unacked: Array<Segment> = []
  private next = 0
  private edge: number
  private open = false
  finWanted = false
  private retries = 0
  private updateLost = false
  private timer: Event | undefined
  private full = false
  private gathering = false

  constructor(port: SenderPort) {
    this.port = port
    this.edge = 1 + port.wire.settings.window
  }

  /** Everything sent was acknowledged. */
  settled(): boolean {
    return this.unacked.length === 0
  }

  /** Bytes held: those that wait and those without an acknowledgement. */
  held(): number {
    return this.unacked.reduce((held, segment) => held + segment.bytes.length, this.unsentBytes)
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
    for (const chunk of chunks) {
      if (chunk.length === 0) continue
      this.unsent.push(chunk.slice())
      this.unsentBytes += chunk.length
    }
    if (this.port.wire.settings.chaotic) this.gather()
    else this.pump()
    this.full = this.unsentBytes >= this.port.wire.settings.sendBuffer
    return !this.full
  }

  // Writes of the same turn can only be sent together if sending waits for the turn's end.
  private gather(): void {
    if (this.gathering) return
    this.gathering = true
    this.port.wire.clockwork.at(0, () => {
      this.gathering = false
      this.pump()
    })
  }

  finish(): void {
    this.finWanted = true
    if (!this.gathering) this.pump()
  }

  stop(): void {
    this.open = false
    this.unsent.length = 0
    this.unsentBytes = 0
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
    if (this.updateLost) this.arm(this.port.wire.clockwork.now())
  }

  /** An acknowledgement up to `ack` was dropped on its way here. */
  unheard(ack: number): void {
    this.updateLost = true
    for (const segment of this.unacked) if (segment.sequence + segment.length <= ack) segment.lost = true
    this.arm(this.unacked[0]?.sentAt ?? this.port.wire.clockwork.now())
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
    this.timer = this.port.wire.clockwork.at(Math.min(sentAt + this.timeout(), deadline), () => this.onTimer())
  }

  private disarm(): void {
    if (this.timer !== undefined) this.timer.cancelled = true
    this.timer = undefined
  }

  private onTimer(): void {
    this.timer = undefined
    const now = this.port.wire.clockwork.now()
    const first = this.unacked[0]
    if (first !== undefined && now >= first.firstSentAt + this.patience(first)) return this.port.gaveUp()
    const lost = this.unacked.find((segment) => segment.lost)
    if (lost !== undefined) {
      this.retries++
      this.sendAgain(lost)
    } else if (this.updateLost && this.unsent.length > 0) {
      this.retries++
      this.port.probe()
    }
  }

  private sendAgain(segment: Segment): void {
    segment.lost = false
    segment.sentAt = this.port.wire.clockwork.now()
    this.port.send(segment, true)
  }

  private emit(kind: Segment["kind"], bytes: Uint8Array): void {
    const now = this.port.wire.clockwork.now()
    const length = kind === "DATA" ? bytes.length : 1
    const segment = { kind, sequence: this.next, length, bytes, firstSentAt: now, sentAt: now, lost: false }
    this.next += length
    this.unacked.push(segment)
    this.port.send(segment, false)
  }

  private pump(): void {
    if (!this.open || this.retries > 0) return
    while (this.unsent.length > 0) {
      const bytes = this.cut()
      if (bytes === undefined) break
      this.unsentBytes -= bytes.length
      this.emit("DATA", bytes)
    }
    if (this.unsent.length > 0 && this.unacked.length === 0 && this.updateLost) this.arm(this.port.wire.clockwork.now())
    if (this.unsent.length === 0 && this.finWanted && !this.finSent) {
      this.finSent = true
      this.emit("FIN", nothing)
    }
    if (this.full && this.unsentBytes < this.port.wire.settings.sendBuffer) {
      this.full = false
      this.port.drained()
    }
  }

  /** The next segment's bytes; `undefined` when the window has no room for them. */
  private cut(): Uint8Array | undefined {
    const { chaotic, segment } = this.port.wire.settings
    const room = this.edge - this.next
    const first = this.unsent[0]
    if (first === undefined) return undefined
    if (chaotic) {
      const most = Math.min(this.unsentBytes, segment, room)
      return most === 0 ? undefined : this.gathered(this.anySize(most))
    }
    const size = Math.min(first.length, segment)
    return size > room ? undefined : this.gathered(size)
  }

  // Half of the segments carry all they can, a quarter a few bytes, a quarter anything: headers get cut in their midst.
  private anySize(most: number): number {
    const { random } = this.port.wire
    const choice = random.nextDoubleUnsafe()
    if (choice < 0.5) return most
    return 1 + Math.floor(random.nextDoubleUnsafe() * (choice < 0.75 ? Math.min(most, 8) : most))
  }

  /** Removes `size` bytes from the queue. A whole chunk is not copied. */
  private gathered(size: number): Uint8Array {
    const parts: Array<Uint8Array> = []
    let missing = size
    while (missing > 0) {
      const first = this.unsent.shift()
      if (first === undefined) break
      parts.push(first.subarray(0, missing))
      if (first.length > missing) this.unsent.unshift(first.subarray(missing))
      missing -= Math.min(first.length, missing)
    }
    return concat(parts)
  }
}
