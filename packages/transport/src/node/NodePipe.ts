/**
 * A `Pipe` over a live `net.Socket`.
 *
 * Bytes that arrive are kept here. While too many of them are not taken the socket is paused, so the kernel's window
 * closes and the peer waits. (Node's `readable` event would come one turn later than its `data` event.) The pipe also
 * remembers how the connection ended, because Node mostly does not.
 */
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type * as Clock from "effect/Clock"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type * as Net from "node:net"
import type { Observer, Pipe } from "../Pipe.ts"
import * as SocketFailure from "../SocketFailure.ts"
import type { Bytes } from "../Traffic.ts"
import { handed } from "./Handed.ts"
import type { SendQueues } from "./SendQueues.ts"

/**
 * Milliseconds until a closed connection is reset because its peer takes no bytes. Half of the 30 s of `Pipe.close`,
 * because Node counts what it handed to the system before the close as progress, and waits a second time.
 */
const lingerLimit = 15_000

/** Unread bytes, chunks included, at which the socket is paused: about as many as Node reads at once. */
const unreadLimit = 65_536

/** What a chunk takes in memory beside its bytes, about. A peer may send each byte in a segment of its own. */
const chunkCost = 256

const noObserver: Observer = { readable: () => {}, drained: () => {}, closed: () => {} }

/** The addresses of both ends of a connection. */
export interface Ends {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
}

/** What the pipes of one transport share. */
export interface System {
  readonly clock: Clock.Clock
  readonly sendQueues: SendQueues
  readonly traffic: Bytes
}

class NodePipe implements Pipe {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  readonly identity = undefined
  private readonly socket: Net.Socket
  private readonly system: System
  private observer: Observer = noObserver
  private lastActive: number
  // What the last look of `stalledFor` found, and when it was last something else than before.
  private handedOver = 0
  private queued = 0
  private takenAt: number
  private unread: Array<Uint8Array> = []
  private unreadBytes = 0
  private ending: SocketError | undefined
  private failure: Error | undefined
  private closedHere = false
  private freed = false

  constructor(socket: Net.Socket, ends: Ends, system: System) {
    this.local = ends.local
    this.remote = ends.remote
    this.socket = socket
    this.system = system
    this.lastActive = this.takenAt = this.now()
    socket.on("data", (chunk: Uint8Array) => this.onData(chunk))
    socket.on("drain", () => this.onDrain())
    socket.on("end", () => this.endReading(SocketFailure.closed(1000)))
    socket.on("error", (cause) => this.onError(cause))
    socket.on("close", () => this.onClose())
  }

  take(): NonEmptyReadonlyArray<Uint8Array> | undefined {
    const { unread } = this
    if (!isReadonlyArrayNonEmpty(unread)) return undefined
    this.unread = []
    this.unreadBytes = 0
    if (this.socket.isPaused()) this.socket.resume()
    return unread
  }

  ended(): SocketError | undefined {
    return this.ending
  }

  broken(): SocketError | undefined {
    if (this.socket.writable) return undefined
    return this.closedHere || this.failure === undefined
      ? SocketFailure.endedHere()
      : SocketFailure.writeFailed(this.failure)
  }

  write(chunks: NonEmptyReadonlyArray<Uint8Array>): boolean {
    const socket = this.socket
    if (!socket.writable) return true
    this.lastActive = this.now()
    const { traffic } = this.system
    if (chunks.length === 1) {
      traffic.sent += chunks[0].length
      return socket.write(chunks[0])
    }
    socket.cork()
    for (const chunk of chunks) {
      traffic.sent += chunk.length
      socket.write(chunk)
    }
    socket.uncork()
    return !socket.writableNeedDrain
  }

  stalledFor(): number {
    const { bytesWritten, writeQueueSize } = handed(this.socket)
    const handedOver = bytesWritten - writeQueueSize
    // With nothing left to hand over the socket is about to drain, and the system need not be asked.
    const queued = writeQueueSize === 0 ? 0 : this.system.sendQueues(this)
    const now = this.now()
    if (handedOver !== this.handedOver || queued !== this.queued) this.takenAt = now
    this.handedOver = handedOver
    this.queued = queued
    return now - this.takenAt
  }

  end(): void {
    if (this.socket.writable) this.socket.end()
  }

  close(): void {
    this.shutDown(this.socket.readableEnded)
  }

  closeAtOnce(): void {
    this.shutDown(true)
  }

  private shutDown(peerFinished: boolean) {
    if (this.closedHere || this.freed) return
    const { socket } = this
    // Unsent bytes keep the socket open after `destroySoon`, and forever if the peer reads nothing.
    if (socket.writableLength > 0) this.linger()
    // Destroying the socket at once sends FIN as well, but answers later bytes of the peer with a reset.
    if (peerFinished && socket.writableLength === 0) socket.destroy()
    else socket.destroySoon()
    this.endHere()
  }

  /**
   * Resets the socket once its peer has taken nothing for the limit. No fiber or scope owns a closed pipe, so the timeout
   * is the socket's own: it cannot outlive the socket, and is no timer of the runtime.
   */
  private linger() {
    this.stalledFor()
    this.socket.setTimeout(lingerLimit, () => this.stalledFor() < lingerLimit ? this.linger() : this.sendReset())
  }

  reset(): void {
    if (this.freed) return
    // A closed pipe may still have unsent bytes: a reset drops them too.
    this.sendReset()
    this.endHere()
  }

  activeAt(): number {
    // While a write waits, only a look at the system tells whether bytes leave.
    if (this.socket.writableLength > 0) this.stalledFor()
    return Math.max(this.lastActive, this.takenAt)
  }

  observe(observer: Observer): void {
    this.observer = observer
    if (this.ending !== undefined || this.unreadBytes > 0) observer.readable()
    if (!this.socket.writable) observer.drained()
    if (this.freed) observer.closed()
  }

  private now(): number {
    return this.system.clock.currentTimeMillisUnsafe()
  }

  private endHere() {
    if (this.closedHere) return
    this.closedHere = true
    this.discard()
    this.endReading(SocketFailure.closed(1006))
    this.observer.drained()
  }

  /**
   * Resets the socket. If its FIN is being sent, waits for that first, for one turn of the event loop: libuv would fail
   * with EINVAL otherwise, and Node would never close the handle.
   */
  private sendReset() {
    const { writableEnded, writableFinished, writableLength } = this.socket
    const finishing = writableEnded && !writableFinished && writableLength === 0
    if (finishing) this.socket.once("finish", () => this.socket.resetAndDestroy())
    else this.socket.resetAndDestroy()
  }

  private onData({ buffer, byteLength, byteOffset }: Uint8Array) {
    if (this.closedHere) return
    const chunk = new Uint8Array(buffer, byteOffset, byteLength)
    this.lastActive = this.now()
    this.system.traffic.received += chunk.length
    this.unread.push(chunk)
    this.unreadBytes += chunk.length + chunkCost
    this.observer.readable()
    if (this.unreadBytes >= unreadLimit) this.socket.pause()
  }

  /** Drops unread bytes. */
  private discard() {
    this.unread = []
    this.unreadBytes = 0
    if (this.socket.isPaused()) this.socket.resume()
  }

  private onDrain() {
    this.lastActive = this.now()
    this.observer.drained()
  }

  private endReading(why: SocketError) {
    this.ending ??= why
    this.observer.readable()
  }

  private onError(cause: Error) {
    this.failure ??= cause
    this.discard()
    this.endReading(SocketFailure.readFailed(cause))
    this.observer.drained()
  }

  private onClose() {
    this.freed = true
    this.ending ??= SocketFailure.closed(1006)
    this.observer.closed()
  }
}

/** Makes a pipe of a connected socket. The pipe owns the socket from then on. */
export const make = (socket: Net.Socket, ends: Ends, system: System): Pipe => new NodePipe(socket, ends, system)
