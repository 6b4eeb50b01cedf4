/**
 * A `Pipe` over a live `net.Socket`.
 *
 * Bytes are held here as they come, and while too many of them are not taken the socket is paused, so that the kernel's
 * window shuts and the peer has to wait. (Node's own buffer asks for a turn more before it tells of bytes.) Every way a
 * connection may end is remembered here, as Node itself forgets most of them.
 */
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type * as Clock from "effect/Clock"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type * as Net from "node:net"
import type { Observer, Pipe } from "../Pipe.ts"
import * as SocketFailure from "../SocketFailure.ts"

/**
 * Milliseconds a closed connection may stay stuck on a peer that reads nothing before it is reset: half of the 30 s that
 * `Pipe.close` allows, as Node takes what left before the close for progress and waits a second time.
 */
const lingerLimit = 15_000

/** Bytes that wait to be taken before the socket is paused: about as many as Node reads at once. */
const heldLimit = 65_536

const nobody: Observer = { readable: () => {}, drained: () => {}, closed: () => {} }

/** Both ends of a connection. */
export interface Ends {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
}

class NodePipe implements Pipe {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  private readonly socket: Net.Socket
  private readonly clock: Clock.Clock
  private observer: Observer = nobody
  private active: number
  private held: Array<Uint8Array> = []
  private heldBytes = 0
  private ending: SocketError | undefined
  private failure: Error | undefined
  private abandoned = false
  private freed = false

  constructor(socket: Net.Socket, ends: Ends, clock: Clock.Clock) {
    this.local = ends.local
    this.remote = ends.remote
    this.socket = socket
    this.clock = clock
    this.active = clock.currentTimeMillisUnsafe()
    socket.on("data", (chunk: Uint8Array) => this.arrived(chunk))
    socket.on("drain", () => this.left())
    socket.on("end", () => this.endReading(SocketFailure.closed(1000)))
    socket.on("error", (cause) => this.fail(cause))
    socket.on("close", () => this.free())
  }

  take(): NonEmptyReadonlyArray<Uint8Array> | undefined {
    const { held } = this
    if (!isReadonlyArrayNonEmpty(held)) return undefined
    this.held = []
    this.heldBytes = 0
    if (this.socket.isPaused()) this.socket.resume()
    return held
  }

  ended(): SocketError | undefined {
    return this.ending
  }

  broken(): SocketError | undefined {
    if (this.socket.writable) return undefined
    return SocketFailure.writeFailed(
      this.abandoned || this.failure === undefined
        ? SocketFailure.systemError("EPIPE", "write after this end was closed")
        : this.failure
    )
  }

  write(chunks: NonEmptyReadonlyArray<Uint8Array>): boolean {
    const socket = this.socket
    if (!socket.writable) return true
    this.active = this.clock.currentTimeMillisUnsafe()
    if (chunks.length === 1) return socket.write(chunks[0])
    socket.cork()
    for (const chunk of chunks) socket.write(chunk)
    socket.uncork()
    return !socket.writableNeedDrain
  }

  end(): void {
    if (this.socket.writable) this.socket.end()
  }

  close(): void {
    this.leave(this.socket.readableEnded)
  }

  closeAtOnce(): void {
    this.leave(true)
  }

  private leave(silent: boolean) {
    if (this.abandoned || this.freed) return
    const { socket } = this
    // What is still unsent keeps the socket alive after destroySoon: for ever, if the peer reads nothing. Nobody holds
    // a closed pipe any more, no fiber and no scope, so the deadline is the socket's own and is gone with it.
    if (socket.writableLength > 0) socket.setTimeout(lingerLimit, () => this.sendReset())
    // Where nothing comes any more the kernel sends FIN by itself; where something does, it would send a reset for that.
    if (silent && socket.writableLength === 0) socket.destroy()
    else socket.destroySoon()
    this.abandon()
  }

  reset(): void {
    if (this.freed) return
    // A closed connection may still linger: a reset ends that too.
    this.sendReset()
    this.abandon()
  }

  activeAt(): number {
    return this.active
  }

  observe(observer: Observer): void {
    this.observer = observer
    if (this.ending !== undefined || this.heldBytes > 0) observer.readable()
    if (!this.socket.writable) observer.drained()
    if (this.freed) observer.closed()
  }

  private abandon() {
    if (this.abandoned) return
    this.abandoned = true
    this.discard()
    this.endReading(SocketFailure.closed(1006))
    this.observer.drained()
  }

  /**
   * Node loses the socket for ever when it is reset while its FIN is on the way (libuv answers EINVAL and nobody closes
   * the handle), so a reset then waits for the FIN, which takes one turn of the event loop.
   */
  private sendReset() {
    const { writableEnded, writableFinished, writableLength } = this.socket
    const finishing = writableEnded && !writableFinished && writableLength === 0
    if (finishing) this.socket.once("finish", () => this.socket.resetAndDestroy())
    else this.socket.resetAndDestroy()
  }

  private arrived({ buffer, byteLength, byteOffset }: Uint8Array) {
    if (this.abandoned) return
    const chunk = new Uint8Array(buffer, byteOffset, byteLength)
    this.active = this.clock.currentTimeMillisUnsafe()
    this.held.push(chunk)
    this.heldBytes += chunk.length
    this.observer.readable()
    if (this.heldBytes >= heldLimit) this.socket.pause()
  }

  /** What was not taken by now will not be. */
  private discard() {
    this.held = []
    this.heldBytes = 0
    if (this.socket.isPaused()) this.socket.resume()
  }

  private left() {
    this.active = this.clock.currentTimeMillisUnsafe()
    this.observer.drained()
  }

  private endReading(why: SocketError) {
    this.ending ??= why
    this.observer.readable()
  }

  private fail(cause: Error) {
    this.failure ??= cause
    this.discard()
    this.endReading(SocketFailure.readFailed(cause))
    this.observer.drained()
  }

  private free() {
    this.freed = true
    this.ending ??= SocketFailure.closed(1006)
    this.observer.closed()
  }
}

/** Adopts a connected socket, which from now on belongs to the pipe. */
export const make = (socket: Net.Socket, ends: Ends, clock: Clock.Clock): Pipe => new NodePipe(socket, ends, clock)
