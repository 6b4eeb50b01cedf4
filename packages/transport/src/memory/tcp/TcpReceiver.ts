/** The receiving half of a simulated connection: puts segments in order and maintains the window. */
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type { TcpPacket } from "../Packet.ts"

/** Takes packets in any order and returns their bytes in sequence. */
export class TcpReceiver {
  /** The sequence number expected next; zero before the handshake. */
  next = 0
  /** True once the peer's FIN came, after all its bytes. */
  finished = false
  /** Bytes that arrived in sequence and were not taken. */
  unread = 0
  // Sequence numbers up to the last byte taken; the SYN has the first.
  private taken = 1
  private chunks: Array<Uint8Array> = []
  // Packets that arrived before an earlier one, by sequence number.
  private readonly early = new Map<number, TcpPacket>()
  private readonly window: number

  constructor(window: number) {
    this.window = window
  }

  /** The peer may send bytes before this sequence number: the right edge of the window. */
  edge(): number {
    return this.taken + this.window
  }

  /** Bytes held, out-of-order ones included. */
  heldBytes(): number {
    let held = this.unread
    for (const packet of this.early.values()) held += packet.bytes.length
    return held
  }

  /** Adds a DATA or FIN packet. True when something can be read that could not be before. */
  accept(packet: TcpPacket): boolean {
    if (packet.sequence < this.next) return false
    this.early.set(packet.sequence, packet)
    let fresh = false
    while (true) {
      const following = this.early.get(this.next)
      if (following === undefined) return fresh
      this.early.delete(this.next)
      this.append(following)
      fresh = true
    }
  }

  private append(packet: TcpPacket): void {
    if (packet.kind === "FIN") {
      this.finished = true
      this.next++
      return
    }
    this.chunks.push(packet.bytes)
    this.unread += packet.bytes.length
    this.next += packet.bytes.length
  }

  /** Removes and returns everything unread, which opens the window. */
  take(): NonEmptyReadonlyArray<Uint8Array> | undefined {
    const chunks = this.chunks
    if (!isReadonlyArrayNonEmpty(chunks)) return undefined
    this.chunks = []
    this.taken += this.unread
    this.unread = 0
    return chunks
  }

  /** Drops everything held. The window stays closed. */
  discard(): void {
    this.chunks = []
    this.unread = 0
    this.early.clear()
  }
}
