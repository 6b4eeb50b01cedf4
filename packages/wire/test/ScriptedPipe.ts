/** A connection whose other end is the test: it says which segments come when, and sees every write. */
import { type Pipe, SocketFailure } from "@peerage/transport"
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const toBytes = (chunk: Uint8Array | string): Uint8Array => typeof chunk === "string" ? encoder.encode(chunk) : chunk
const address = (port: number) => NetAddress.inetAddressUnsafe(NetAddress.ipv4Loopback, port)

/** A pipe that the test plays the network for. */
export class ScriptedPipe implements Pipe.Pipe {
  readonly local = address(4702)
  readonly remote: NetAddress.InetAddress
  /** What was written, one text per write. */
  readonly writes: Array<string> = []
  /** Set to true to let writers wait until `drain`. */
  congested = false
  /** Called in the middle of each write. */
  onWrite = () => {}
  /** True after FIN was sent. */
  finished = false
  /** Every verb that was to free the socket. */
  readonly leaving: Array<"close" | "closeAtOnce" | "reset"> = []
  /** How often it was asked whether writing is possible. */
  asked = 0
  private arrived: Array<Uint8Array> = []
  private end_: SocketError | undefined
  private broken_: SocketError | undefined
  private observer: Pipe.Observer | undefined

  constructor(port = 4703) {
    this.remote = address(port)
  }

  /** The verb that freed the socket, `undefined` while it is open. */
  get left(): "close" | "closeAtOnce" | "reset" | undefined {
    return this.leaving[0]
  }

  /** True after the socket was freed. */
  get freed(): boolean {
    return this.leaving.length > 0
  }

  /** Segments arrive, all before anybody looks. */
  feed(...segments: NonEmptyReadonlyArray<Uint8Array | string>) {
    this.arrived.push(...segments.map(toBytes))
    this.observer?.readable()
  }

  /** Segments that have arrived and were not taken. */
  get untaken(): number {
    return this.arrived.length
  }

  /** Reading ends: by default with a FIN. */
  fin(error: SocketError = SocketFailure.closed(1000)) {
    this.end_ = error
    this.observer?.readable()
  }

  /** The peer sent RST. */
  breakOff() {
    const cause = SocketFailure.systemError("ECONNRESET", "read")
    this.arrived = []
    this.broken_ = SocketFailure.writeFailed(cause)
    this.fin(SocketFailure.readFailed(cause))
    this.observer?.drained()
    this.observer?.closed()
  }

  /** The socket is freed, and says no more than that. */
  vanish() {
    this.end_ = SocketFailure.closed(1006)
    this.broken_ = SocketFailure.writeFailed(SocketFailure.systemError("EPIPE", "write"))
    this.observer?.closed()
  }

  /** Every later write fails. */
  breakWrites(error: SocketError = SocketFailure.writeFailed(SocketFailure.systemError("EPIPE", "write"))) {
    this.broken_ = error
    this.observer?.drained()
  }

  /** The peer has read what was written; `congested` says whether the next write is too much again. */
  drain(congested = false) {
    this.congested = congested
    this.observer?.drained()
  }

  readonly take = () => {
    const [first, ...rest] = this.arrived
    this.arrived = []
    return first === undefined ? undefined : [first, ...rest] as const
  }
  readonly ended = () => this.end_
  readonly broken = () => {
    this.asked++
    return this.broken_
  }
  readonly write = (chunks: NonEmptyReadonlyArray<Uint8Array>) => {
    if (this.broken_ !== undefined) return true
    this.writes.push(chunks.map((chunk) => decoder.decode(chunk)).join(""))
    const { congested } = this
    this.onWrite()
    return !congested
  }
  readonly end = () => {
    this.finished = true
    this.broken_ ??= SocketFailure.writeFailed(SocketFailure.systemError("EPIPE", "write after end"))
  }
  readonly close = () => this.leave("close")
  readonly closeAtOnce = () => this.leave("closeAtOnce")
  readonly reset = () => this.leave("reset")
  readonly activeAt = () => 0
  readonly observe = (observer: Pipe.Observer) => {
    this.observer = observer
    if (this.arrived.length > 0 || this.end_ !== undefined) observer.readable()
    if (this.broken_ !== undefined) observer.drained()
    if (this.freed) observer.closed()
  }

  private leave(verb: "close" | "closeAtOnce" | "reset") {
    this.leaving.push(verb)
    if (this.leaving.length > 1) return
    this.arrived = []
    this.end_ ??= SocketFailure.closed(1006)
    this.broken_ = SocketFailure.writeFailed(SocketFailure.systemError("EPIPE", "write after close"))
    this.observer?.readable()
    this.observer?.drained()
    this.observer?.closed()
  }
}
