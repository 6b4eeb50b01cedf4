/**
 * One end of a simulated TCP connection, behaving as Linux does.
 *
 * `close` with unread bytes sends RST instead of FIN; bytes that arrive after `close` are answered with RST. There is no
 * TIME_WAIT.
 */
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { Observer, Pipe } from "../Pipe.ts"
import type * as SocketFailure from "../SocketFailure.ts"
import { Holder } from "./Holder.ts"
import * as KeepAlive from "./KeepAlive.ts"
import * as Lingering from "./Lingering.ts"
import type { Owner, Packet, PacketKind, Segment, Station, Wire } from "./Packet.ts"
import { Receiver } from "./Receiver.ts"
import { Route } from "./Route.ts"
import { Sender } from "./Sender.ts"

/** What an endpoint needs to live in a host. */
export interface EndpointOptions {
  readonly wire: Wire
  readonly station: Station
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /** Milliseconds; `undefined` for never. */
  readonly keepAlive: number | undefined
  /** The program does not read, to begin with. */
  readonly clogged: boolean
  /** The handshake is over. Returns what to do when the socket is freed. */
  readonly opened: (endpoint: Endpoint) => () => void
  /** The handshake failed; not called after `opened`. */
  readonly refused: (code: SocketFailure.Errno) => void
  /** The host may forget the socket. */
  readonly gone: (endpoint: Endpoint) => void
}

/** One end of a connection. */
export class Endpoint implements Pipe, Owner {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /** Name of this socket in its host, `local>remote`. */
  readonly key: string
  private readonly options: EndpointOptions
  private readonly route: Route
  private readonly sender: Sender
  private readonly receiver: Receiver
  private readonly holder: Holder
  private opened = false
  private over = false
  private orphaned = false
  private acknowledging = false
  private lastActive: number
  private heardAt: number

  constructor(options: EndpointOptions) {
    const { wire } = options
    this.options = options
    this.local = options.local
    this.remote = options.remote
    this.route = new Route(wire, options.station, options.local, options.remote)
    this.key = `${this.route.source}>${this.route.destination}`
    this.lastActive = this.heardAt = wire.clockwork.now()
    this.receiver = new Receiver(wire.settings.window)
    this.holder = new Holder(this.key, options.clogged)
    this.sender = new Sender({
      wire,
      send: (segment, again) => this.send(segment.kind, segment, again),
      probe: () => this.send("PROBE"),
      gaveUp: () => this.fail("ETIMEDOUT"),
      drained: this.holder.drained,
      roundTrip: () => this.route.roundTrip()
    })
  }

  /** Starts the handshake: SYN from the dialing side, SYN-ACK from the listening side. */
  greet(kind: "SYN" | "SYN-ACK"): void {
    if (kind === "SYN-ACK") this.receiver.next = 1
    this.sender.greet(kind)
  }

  /** Bytes held for the program of this end, or on its behalf. */
  held(): number {
    return this.sender.held() + this.receiver.held()
  }

  readonly take = (): NonEmptyReadonlyArray<Uint8Array> | undefined => {
    if (this.holder.clogged) return undefined
    const chunks = this.receiver.take()
    if (chunks !== undefined && !this.over && !this.acknowledging) this.send("ACK")
    return chunks
  }

  readonly ended = (): SocketError | undefined => this.holder.ended()

  readonly broken = (): SocketError | undefined => this.holder.broken(this.sender.finishing)

  readonly write = (chunks: NonEmptyReadonlyArray<Uint8Array>): boolean =>
    this.over || this.sender.finishing || this.sender.write(chunks)

  readonly end = (): void => {
    if (this.over || this.sender.finishing) return
    this.sender.finish()
    this.soon(this.settle)
  }

  readonly close = (): void => {
    if (this.holder.abandoned) return
    if (!this.over && (!this.opened || this.receiver.held() > 0)) return this.reset()
    this.abandon()
    if (this.over) return
    this.sender.finish()
    this.soon(this.settle)
    if (this.sender.finSent) return
    Lingering.limit(this.options.wire.clockwork, {
      sending: () => !this.over && !this.sender.finSent,
      activeAt: this.activeAt,
      reset: this.reset
    })
  }

  /** A close already, as the system would: what comes is neither read nor dropped. */
  readonly drop = this.close

  readonly reset = (): void => {
    const wasOver = this.over
    if (this.opened && !wasOver) this.send("RST")
    this.vanish()
    this.abandon()
    if (!wasOver) this.soon(this.holder.release)
  }

  readonly activeAt = (): number => this.lastActive

  readonly observe = (observer: Observer): void => this.holder.observe(observer, this.receiver.unread > 0)

  readonly receive = (packet: Packet): void => {
    this.heardAt = this.options.wire.clockwork.now()
    if (packet.kind === "RST") return this.onReset()
    if (packet.kind === "SYN") return this.opened ? this.send("ACK") : this.sender.greetAgain()
    if (this.receiver.next === 0 && packet.kind !== "SYN-ACK") {
      // The peer still has a connection that this end does not know: it is told so, and asked again.
      this.send("RST")
      return this.sender.greetAgain()
    }
    if (packet.kind === "SYN-ACK") this.receiver.next = Math.max(this.receiver.next, 1)
    this.acknowledging = packet.kind !== "ACK"
    this.sender.acknowledge(packet.ack, packet.edge)
    if (!this.opened && this.sender.settled()) this.open()
    if (!this.over) this.receiveContent(packet)
    if (this.acknowledging && !this.over) this.send("ACK")
    this.acknowledging = false
    this.settle()
  }

  readonly lost = (packet: Packet): void => {
    if (this.over) return
    if (packet.segment !== undefined) this.sender.lost(packet.segment)
    else if (packet.kind === "PROBE") this.sender.probeLost()
  }

  readonly unheard = (ack: number): void => {
    if (!this.over) this.sender.unheard(ack)
  }

  /** Ends both directions at once with an errno, without a word to the peer, and tells the program. */
  fail(code: SocketFailure.Errno): void {
    this.cut(code)?.()
  }

  /** As `fail`, but leaves it to the caller when to tell the program. */
  cut(code: SocketFailure.Errno): (() => void) | undefined {
    if (this.over) return undefined
    this.holder.fail(code)
    this.receiver.discard()
    this.vanish()
    return () => this.opened ? this.holder.mourn() : this.options.refused(code)
  }

  /** Hides what arrives from the program, or shows it again. */
  clog(clogged: boolean): void {
    this.holder.clogged = clogged
    this.soon(this.holder.readable)
  }

  private soon(run: () => void): void {
    this.options.wire.clockwork.at(0, run)
  }

  private open(): void {
    this.opened = true
    this.lastActive = this.heardAt
    if (this.options.keepAlive !== undefined) {
      KeepAlive.watch(this.options.wire.clockwork, this.options.keepAlive, {
        heardAt: () => this.heardAt,
        watched: () => !this.over && !this.holder.abandoned,
        waiting: () => !this.sender.settled(),
        probe: () => this.send("PROBE"),
        gaveUp: () => this.fail("ETIMEDOUT")
      })
    }
    this.holder.freed = this.options.opened(this)
    if (!this.over) this.sender.begin()
  }

  private receiveContent(packet: Packet): void {
    if (packet.kind !== "DATA" && packet.kind !== "FIN") return
    const fresh = this.receiver.accept(packet)
    if (packet.kind === "DATA") this.lastActive = this.heardAt
    if (this.receiver.finished) this.holder.finish()
    if (!fresh) return
    if (!this.holder.abandoned) this.holder.readable()
    else if (this.receiver.unread > 0) this.reset()
  }

  private onReset(): void {
    if (!this.opened) return this.fail("ECONNREFUSED")
    if (!this.holder.abandoned && !(this.sender.finSent && this.receiver.finished)) return this.fail("ECONNRESET")
    this.vanish()
    this.holder.release()
  }

  private send(kind: PacketKind, segment?: Segment, again = false): void {
    this.acknowledging = false
    if (kind === "DATA" && !again) this.lastActive = this.options.wire.clockwork.now()
    this.route.send(kind, this, this.receiver, segment, again)
  }

  private abandon(): void {
    this.receiver.discard()
    this.holder.abandon()
  }

  // Frees the program's side when both directions are over, the host's side when that was acknowledged as well.
  private readonly settle = (): void => {
    if (this.over || !this.sender.finSent) return
    const { finished } = this.receiver
    if (finished || this.holder.abandoned) this.holder.release()
    if (!this.sender.settled()) return
    if (finished) return this.vanish()
    if (!this.holder.abandoned || this.orphaned) return
    this.orphaned = true
    Lingering.forget(this.options.wire.clockwork, () => this.vanish())
  }

  private vanish(): void {
    if (this.over) return
    this.over = true
    this.sender.stop()
    this.options.gone(this)
  }
}
