/** The receiving half of a simulated connection: puts segments in order and keeps the window. */
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type { Packet } from "./Packet.ts"

/** Segments in, chunks out. */
export class Receiver {
  /** The place in the sequence that is expected next; zero before the handshake. */
  next = 0
  /** True once the peer's FIN came, after all its bytes. */
  finished = false
  /** Bytes that arrived in order and were not taken. */
  unread = 0
  private taken = 1
  private inbox: Array<Uint8Array> = []
  private readonly early = new Map<number, Packet>()
  private readonly window: number

  constructor(window: number) {
    this.window = window
  }

  /** How far the peer may send: the window's right edge. */
  edge(): number {
    return this.taken + this.window
  }

  /** Bytes held, those out of order included. */
  held(): number {
    let held = this.unread
    for (const packet of this.early.values()) held += packet.bytes.length
    return held
  }

  /** Takes in DATA or FIN; true when there is something new to read. */
  accept(packet: Packet): boolean {
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

  private append(packet: Packet): void {
    if (packet.kind === "FIN") {
      this.finished = true
      this.next++
      return
    }
    this.inbox.push(packet.bytes)
    this.unread += packet.bytes.length
    this.next += packet.bytes.length
  }

  take(): NonEmptyReadonlyArray<Uint8Array> | undefined {
    const chunks = this.inbox
    if (!isReadonlyArrayNonEmpty(chunks)) return undefined
    this.inbox = []
    this.taken += this.unread
    this.unread = 0
    return chunks
  }

  discard(): void {
    this.inbox = []
    this.unread = 0
    this.early.clear()
  }
}
