/** A connection whose other end is the test: it says which segments come when, and sees every write. */
import { type Pipe, SocketFailure } from "@peerage/transport"
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"

const address = (port: number) => NetAddress.inetAddressUnsafe(NetAddress.ipv4Loopback, port)
const unwritable = () => SocketFailure.writeFailed(SocketFailure.systemError("EPIPE", "write"))

type Verb = "close" | "closeAtOnce" | "reset"

/** A pipe that the test plays the network for. */
export class ScriptedPipe implements Pipe.Pipe {
  readonly local = address(4702)
  readonly remote: NetAddress.InetAddress
  readonly identity = undefined
  /** What was written, one text per write. */
  readonly writes: Array<string> = []
  /** Set to true to let writers wait until `drain`. */
  congested = false
  /** For how long the peer has taken nothing, in milliseconds. */
  stalled = Infinity
  /** Called in the middle of each write. */
  onWrite = () => {}
  /** Every verb that was to free the socket. */
  readonly leaving: Array<Verb> = []
  /** How often it was asked whether writing is possible. */
  asked = 0
  private arrived: Array<Uint8Array> = []
  private ending: SocketError | undefined
  private failure: SocketError | undefined
  private observer: Pipe.Observer | undefined

  constructor(port = 4703) {
    this.remote = address(port)
  }

  /** The verb that freed the socket, `undefined` while it is open. */
  get left(): Verb | undefined {
    return this.leaving[0]
  }

  /** Segments arrive, all before anybody looks. */
  feed(...segments: NonEmptyReadonlyArray<Uint8Array | string>) {
    this.hold(...segments)
    this.observer?.readable()
  }

  /** Segments arrive, and nobody looks before something else happens. */
  hold(...segments: NonEmptyReadonlyArray<Uint8Array | string>) {
    const encoder = new TextEncoder()
    for (const segment of segments) this.arrived.push(typeof segment === "string" ? encoder.encode(segment) : segment)
  }

  /** Segments that have arrived and were not taken. */
  get untaken(): number {
    return this.arrived.length
  }

  /** Reading ends: by default with a FIN. */
  fin(error: SocketError = SocketFailure.closed(1000)) {
    this.ending = error
    this.observer?.readable()
  }

  /** The peer sent RST. */
  breakOff() {
    const cause = SocketFailure.systemError("ECONNRESET", "read")
    this.arrived = []
    this.fin(SocketFailure.readFailed(cause))
    this.breakWrites(SocketFailure.writeFailed(cause))
    this.observer?.closed()
  }

  /** The socket is freed, and says no more than that. */
  vanish() {
    this.ending = SocketFailure.closed(1006)
    this.failure = unwritable()
    this.observer?.closed()
  }

  /** Every later write fails. */
  breakWrites(error: SocketError = unwritable()) {
    this.failure = error
    this.observer?.drained()
  }

  /** The peer has read what was written; `congested` says whether the next write is too much again. */
  drain(congested = false) {
    this.congested = congested
    this.observer?.drained()
  }

  readonly take = () => {
    const [first, ...rest] = this.arrived.splice(0)
    return first === undefined ? undefined : [first, ...rest] as const
  }
  readonly ended = () => this.ending
  readonly broken = () => {
    this.asked++
    return this.failure
  }
  readonly write = (chunks: NonEmptyReadonlyArray<Uint8Array>) => {
    if (this.failure !== undefined) return true
    this.writes.push(chunks.map((chunk) => new TextDecoder().decode(chunk)).join(""))
    const { congested } = this
    this.onWrite()
    return !congested
  }
  readonly stalledFor = () => this.stalled
  readonly end = () => void (this.failure ??= unwritable())
  readonly close = () => this.leave("close")
  readonly closeAtOnce = () => this.leave("closeAtOnce")
  readonly reset = () => this.leave("reset")
  readonly activeAt = () => 0
  readonly observe = (observer: Pipe.Observer) => {
    this.observer = observer
    if (this.arrived.length > 0 || this.ending !== undefined) observer.readable()
    if (this.failure !== undefined) observer.drained()
    if (this.left !== undefined) observer.closed()
  }

  private leave(verb: Verb) {
    this.leaving.push(verb)
    if (this.leaving.length > 1) return
    this.arrived = []
    this.fin(this.ending ?? SocketFailure.closed(1006))
    this.breakWrites()
    this.observer?.closed()
  }
}
