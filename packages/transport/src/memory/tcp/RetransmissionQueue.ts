/**
 * The segments of a connection that are not acknowledged yet, and the timer that sends lost ones again.
 *
 * The network reports what it loses, so the timer runs only when a segment or an acknowledgement was lost. It waits as
 * long as Linux would after the segment was sent: 1 s in the handshake, else 200 ms and the round trip, doubled with
 * each retry up to 120 s.
 */
import type { ScheduledEvent } from "../EventHeap.ts"
import type { Segment, TcpPacket } from "../Packet.ts"
import type { PacketNetwork } from "../PacketNetwork.ts"

// Milliseconds.
const handshakeTimeout = 1000
const minimumTimeout = 200
const maximumTimeout = 120_000
const synGivenUpAfter = 127_000 // 1 + 2 + 4 + 8 + 16 + 32 + 64 seconds: Linux with its 6 SYN retries
const synAckGivenUpAfter = 63_000 // 1 + 2 + 4 + 8 + 16 + 32 seconds: Linux with its 5 SYN-ACK retries

const isHandshake = (segment: Segment | undefined): boolean => segment?.kind === "SYN" || segment?.kind === "SYN-ACK"

/** What the queue needs of its socket. */
export interface RetransmissionOptions {
  readonly network: PacketNetwork
  readonly send: (segment: Segment, again: boolean) => void
  /** Asks the peer for an acknowledgement. */
  readonly probe: () => void
  /** Called when a segment was not acknowledged for too long. */
  readonly timedOut: () => void
  /** Milliseconds to the peer and back. */
  readonly roundTrip: () => number
  /** True while bytes wait for the peer to open its window. */
  readonly waitsForWindow: () => boolean
}

/** The unacknowledged segments of one direction, oldest first. */
export class RetransmissionQueue {
  /** Retransmissions since the peer last acknowledged something. While there are any, nothing new is sent. */
  retries = 0
  private readonly segments: Array<Segment> = []
  private readonly options: RetransmissionOptions
  // An acknowledgement was lost, and with it perhaps the news that the peer opened its window.
  private windowUpdateLost = false
  private timer: ScheduledEvent | undefined

  constructor(options: RetransmissionOptions) {
    this.options = options
  }

  isEmpty(): boolean {
    return this.segments.length === 0
  }

  heldBytes(): number {
    return this.segments.reduce((held, segment) => held + segment.bytes.length, 0)
  }

  /** Sends a segment for the first time. */
  send(segment: Segment): void {
    this.segments.push(segment)
    this.options.send(segment, false)
  }

  clear(): void {
    this.segments.length = 0
    this.stopTimer()
  }

  /** Removes what the peer acknowledged, and sends lost segments again if the peer was unreachable before. */
  acknowledge(ack: number): void {
    const before = this.segments.length
    while (true) {
      const first = this.segments[0]
      if (first === undefined || first.sequence + first.length > ack) break
      this.segments.shift()
    }
    if (this.segments.length < before || before === 0) this.recover()
  }

  private recover(): void {
    this.windowUpdateLost = false
    if (this.retries === 0) return
    this.retries = 0
    this.stopTimer()
    for (const segment of this.segments) if (segment.lost) this.sendAgain(segment)
  }

  /** Schedules the oldest segment, that of the handshake, to be sent again: the peer seems not to have received it. */
  repeatFirst(): void {
    const first = this.segments[0]
    if (first !== undefined) this.segmentLost(first)
  }

  packetLost({ kind, segment }: TcpPacket): void {
    if (segment !== undefined) this.segmentLost(segment)
    else if (kind === "PROBE" && this.windowUpdateLost) this.startTimer(this.now())
  }

  private segmentLost(segment: Segment): void {
    segment.lost = true
    this.startTimer(segment.sentAt)
  }

  /** An acknowledgement up to `ack` was lost. The segments it was for are sent again, as the peer's answer would be. */
  ackLost(ack: number): void {
    this.windowUpdateLost = true
    const missing = this.segments.filter((segment) => segment.sequence + segment.length <= ack)
    for (const segment of missing) segment.lost = true
    const [first] = missing
    if (first !== undefined) this.startTimer(first.sentAt)
    else if (this.options.waitsForWindow()) this.startTimer(this.now())
  }

  /** Bytes wait for the peer to open its window: probes it if the update may have been lost. */
  awaitWindow(): void {
    if (this.isEmpty() && this.windowUpdateLost) this.startTimer(this.now())
  }

  private now(): number {
    return this.options.network.scheduler.now()
  }

  private timeout(): number {
    const first = isHandshake(this.segments[0]) ? handshakeTimeout : minimumTimeout + this.options.roundTrip()
    return Math.min(first * 2 ** this.retries, maximumTimeout)
  }

  /** When the connection fails because the peer did not acknowledge this segment. */
  private deadline({ firstSentAt, kind }: Segment): number {
    if (kind === "SYN") return firstSentAt + synGivenUpAfter
    return firstSentAt + (kind === "SYN-ACK" ? synAckGivenUpAfter : this.options.network.settings.userTimeout)
  }

  private startTimer(sentAt: number): void {
    if (this.timer !== undefined) return
    const first = this.segments[0]
    const deadline = first === undefined ? Infinity : this.deadline(first)
    const due = Math.min(sentAt + this.timeout(), deadline)
    this.timer = this.options.network.scheduler.at(due, () => this.onTimer())
  }

  private stopTimer(): void {
    if (this.timer !== undefined) this.timer.cancelled = true
    this.timer = undefined
  }

  private onTimer(): void {
    this.timer = undefined
    const first = this.segments[0]
    if (first !== undefined && this.options.network.scheduler.reached(this.deadline(first))) {
      return this.options.timedOut()
    }
    const lost = this.segments.find((segment) => segment.lost)
    if (lost !== undefined) {
      this.retries++
      this.sendAgain(lost)
    } else if (this.windowUpdateLost && this.options.waitsForWindow()) {
      this.retries++
      this.options.probe()
    }
  }

  private sendAgain(segment: Segment): void {
    segment.lost = false
    segment.sentAt = this.now()
    this.options.send(segment, true)
  }
}
