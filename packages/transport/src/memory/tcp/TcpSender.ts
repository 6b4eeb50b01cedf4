/** The sending half of a simulated connection: cuts written bytes into segments and keeps to the peer's window. */
import type { Segment } from "../Packet.ts"
import type { PacketNetwork } from "../PacketNetwork.ts"
import { type RetransmissionOptions, RetransmissionQueue } from "./RetransmissionQueue.ts"
import { SendBuffer } from "./SendBuffer.ts"

const noBytes = new Uint8Array(0)

/** What a sender needs of its socket. */
export interface SenderOptions extends Omit<RetransmissionOptions, "waitsForWindow"> {
  /** Names the socket. */
  readonly name: string
  /** Called when the buffer falls below its high-water mark. */
  readonly drained: () => void
}

/** Takes bytes and sends segments. */
export class TcpSender {
  /** FIN was sent. */
  finSent = false
  /** FIN was sent, or will be after the bytes in the buffer. */
  finishing = false
  /** When the peer last acknowledged anything, in milliseconds. */
  acknowledgedAt = 0
  /** What was sent and not acknowledged. */
  readonly unacknowledged: RetransmissionQueue
  private readonly network: PacketNetwork
  private readonly drained: () => void
  private readonly buffer: SendBuffer
  // The sequence number of the next segment.
  private next = 0
  // The peer has received everything before this sequence number.
  private acknowledged = 0
  // The peer accepts bytes before this sequence number.
  private edge: number
  private established = false
  private aboveHighWater = false
  private pumpScheduled = false

  constructor(options: SenderOptions) {
    const { chance, settings } = this.network = options.network
    this.drained = options.drained
    this.edge = 1 + settings.window
    this.buffer = new SendBuffer(settings, chance(options.name))
    this.unacknowledged = new RetransmissionQueue({ ...options, waitsForWindow: () => this.buffer.length > 0 })
  }

  /** Bytes held, unacknowledged ones included. */
  heldBytes(): number {
    return this.buffer.length + this.unacknowledged.heldBytes()
  }

  /** Sends the first segment of the handshake. */
  open(kind: "SYN" | "SYN-ACK"): void {
    this.send(kind, noBytes)
  }

  /** The handshake is over: sends what was written so far. */
  establish(): void {
    this.established = true
    this.pump()
  }

  /** Adds bytes to the buffer. False when it is above its high-water mark. */
  write(chunks: ReadonlyArray<Uint8Array>): boolean {
    this.buffer.add(chunks)
    if (this.network.settings.chaotic) this.pumpLater()
    else this.pump()
    this.aboveHighWater = this.buffer.length >= this.network.settings.sendBuffer
    return !this.aboveHighWater
  }

  // Chaotic segmentation joins writes of the same turn, so they have to be in the buffer before it is sent.
  private pumpLater(): void {
    if (this.pumpScheduled) return
    this.pumpScheduled = true
    this.network.scheduler.at(0, () => {
      this.pumpScheduled = false
      this.pump()
    })
  }

  /** Sends FIN after the bytes in the buffer. */
  finish(): void {
    this.finishing = true
    if (!this.pumpScheduled) this.pump()
  }

  /** Drops everything and sends no more. */
  stop(): void {
    this.established = false
    this.buffer.clear()
    this.unacknowledged.clear()
  }

  /** The peer has received everything before `ack` and accepts bytes before `edge`. */
  acknowledge(ack: number, edge: number): void {
    if (edge > this.edge) this.edge = edge
    if (ack > this.acknowledged) {
      this.acknowledged = ack
      this.acknowledgedAt = this.network.scheduler.now()
    }
    this.unacknowledged.acknowledge(ack)
    this.pump()
  }

  private send(kind: Segment["kind"], bytes: Uint8Array): void {
    const now = this.network.scheduler.now()
    const length = kind === "DATA" ? bytes.length : 1
    const segment = { kind, sequence: this.next, length, bytes, firstSentAt: now, sentAt: now, lost: false }
    this.next += length
    this.unacknowledged.send(segment)
  }

  /** Sends as much as the window allows, then FIN if this end is finishing. */
  private pump(): void {
    if (!this.established || this.unacknowledged.retries > 0) return
    while (true) {
      const bytes = this.buffer.next(this.edge - this.next)
      if (bytes === undefined) break
      this.send("DATA", bytes)
    }
    const waiting = this.buffer.length
    if (waiting > 0) this.unacknowledged.awaitWindow()
    if (waiting === 0 && this.finishing && !this.finSent) {
      this.finSent = true
      this.send("FIN", noBytes)
    }
    if (!this.aboveHighWater || waiting >= this.network.settings.sendBuffer) return
    this.aboveHighWater = false
    this.drained()
  }
}
