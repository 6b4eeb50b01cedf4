/** A connection whose other end is the test: it says which segments come when, and sees every write. */
import { Connection, type Pipe, SocketFailure } from "@peerage/transport"
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
  readonly remote = address(4703)
  /** What was written, one text per write. */
  readonly writes: Array<string> = []
  /** Set to true to let writers wait until `drain`. */
  congested = false
  /** Called in the middle of each write. */
  onWrite = () => {}
  /** True after FIN was sent. */
  finished = false
  /** True after the socket was freed. */
  freed = false
  private arrived: Array<Uint8Array> = []
  private end_: SocketError | undefined
  private broken_: SocketError | undefined
  private observer: Pipe.Observer | undefined

  readonly connection = Connection.fromPipe(this)

  /** Segments arrive, all before anybody looks. */
  feed(...segments: NonEmptyReadonlyArray<Uint8Array | string>) {
    this.arrived.push(...segments.map(toBytes))
    this.observer?.readable()
  }

  /** Reading ends: by default with a FIN. */
  fin(error: SocketError = SocketFailure.closed(1000)) {
    this.end_ = error
    this.observer?.readable()
  }

  /** Every later write fails. */
  breakWrites(error: SocketError = SocketFailure.writeFailed(SocketFailure.systemError("EPIPE", "write"))) {
    this.broken_ = error
    this.observer?.drained()
  }

  /** The peer has read what was written. */
  drain() {
    this.congested = false
    this.observer?.drained()
  }

  readonly take = () => {
    const [first, ...rest] = this.arrived
    this.arrived = []
    return first === undefined ? undefined : [first, ...rest] as const
  }
  readonly ended = () => this.end_
  readonly broken = () => this.broken_
  readonly write = (chunks: NonEmptyReadonlyArray<Uint8Array>) => {
    if (this.broken_ === undefined) this.writes.push(chunks.map((chunk) => decoder.decode(chunk)).join(""))
    const { congested } = this
    this.onWrite()
    return !congested
  }
  readonly end = () => {
    this.finished = true
  }
  readonly close = () => {
    this.freed = true
    this.end_ ??= SocketFailure.closed(1006)
    this.breakWrites()
  }
  readonly closeAtOnce = this.close
  readonly reset = this.close
  readonly activeAt = () => 0
  readonly observe = (observer: Pipe.Observer) => {
    this.observer = observer
    observer.readable()
  }
}
