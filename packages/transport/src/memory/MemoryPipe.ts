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
import * as KeepAlive from "./KeepAlive.ts"
import * as Lingering from "./Lingering.ts"
import type { Node, Owner, Packet, PacketKind, Segment, Wire } from "./Packet.ts"
import { PipeState } from "./PipeState.ts"
import { Receiver } from "./Receiver.ts"
import { Route } from "./Route.ts"
import { Sender } from "./Sender.ts"

/** What an pipe needs to live in a host. */
export interface EndpointOptions {
  readonly wire: Wire
  readonly node: Node
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /** Milliseconds; `undefined` for never. */
  readonly keepAlive: number | undefined
  /** The program does not read, to begin with. */
  readonly clogged: boolean
  /** The handshake is over. Returns what to do when the socket is freed. */
  readonly opened: (pipe: MemoryPipe) => () => void
  /** The handshake failed; not called after `opened`. */
  readonly refused: (code: SocketFailure.Errno) => void
  /** The host may forget the socket. */
  readonly gone: (pipe: MemoryPipe) => void
}

/** One end of a connection. */
export class MemoryPipe implements Pipe, Owner {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /** Name of this socket in its host, `local>remote`. */
  readonly key: string
  private readonly options: EndpointOptions
  private readonly route: Route
  private readonly sender: Sender
  private readonly receiver: Receiver
  private readonly state: PipeState
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
    this.route = new Route(wire, options.node, options.local, options.remote)
    this.key = `${this.route.source}>${this.route.destination}`
    this.lastActive = this.heardAt = wire.scheduler.now()
    this.receiver = new Receiver(wire.settings.window)
    this.state = new PipeState(this.key, options.clogged)
    this.sender = new Sender({
      wire,
      send: (segment, again) => this.send(segment.kind, segment, again),
      probe: () => this.send("PROBE"),
      gaveUp: () => this.fail("ETIMEDOUT"),
      drained: this.state.drained,
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
    if (this.state.clogged) return undefined
    const chunks = this.receiver.take()
    if (chunks !== undefined && !this.over && !this.acknowledging) this.send("ACK")
    return chunks
  }

  readonly ended = (): SocketError | undefined => this.state.ended()

  readonly broken = (): SocketError | undefined => this.state.broken(this.sender.finishing)

  readonly write = (chunks: NonEmptyReadonlyArray<Uint8Array>): boolean =>
    this.over || this.sender.finishing || this.sender.write(chunks)

  readonly end = (): void => {
    if (this.over || this.sender.finishing) return
    this.sender.finish()
    this.soon(this.settle)
  }

  readonly close = (): void => {
    if (this.state.abandoned) return
    if (!this.over && (!this.opened || this.receiver.held() > 0)) return this.reset()
    this.abandon()
    if (this.over) return
    this.sender.finish()
    this.soon(this.settle)
    if (this.sender.finSent) return
    Lingering.limit(this.options.wire.scheduler, {
      sending: () => !this.over && !this.sender.finSent,
      activeAt: this.activeAt,
      reset: this.reset
    })
  }

  /** A close already, as the system would: what comes is neither read nor dropped. */
  readonly closeAtOnce = this.close

  readonly reset = (): void => {
    const wasOver = this.over
    if (this.opened && !wasOver) this.send("RST")
    this.vanish()
    this.abandon()
    if (!wasOver) this.soon(this.state.release)
  }

  readonly activeAt = (): number => this.lastActive

  readonly observe = (observer: Observer): void => this.state.observe(observer, this.receiver.unread > 0)

  readonly receive = (packet: Packet): void => {
    this.heardAt = this.options.wire.scheduler.now()
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
    this.state.fail(code)
    this.receiver.discard()
    this.vanish()
    return () => this.opened ? this.state.mourn() : this.options.refused(code)
  }

  /** Hides what arrives from the program, or shows it again. */
  clog(clogged: boolean): void {
    this.state.clogged = clogged
    this.soon(this.state.readable)
  }

  private soon(run: () => void): void {
    this.options.wire.scheduler.at(0, run)
  }

  private open(): void {
    this.opened = true
    this.lastActive = this.heardAt
    if (this.options.keepAlive !== undefined) {
      KeepAlive.watch(this.options.wire.scheduler, this.options.keepAlive, {
        heardAt: () => this.heardAt,
        watched: () => !this.over && !this.state.abandoned,
        waiting: () => !this.sender.settled(),
        probe: () => this.send("PROBE"),
        gaveUp: () => this.fail("ETIMEDOUT")
      })
    }
    this.state.freed = this.options.opened(this)
    if (!this.over) this.sender.begin()
  }

  private receiveContent(packet: Packet): void {
    if (packet.kind !== "DATA" && packet.kind !== "FIN") return
    const fresh = this.receiver.accept(packet)
    if (packet.kind === "DATA") this.lastActive = this.heardAt
    if (this.receiver.finished) this.state.finish()
    if (!fresh) return
    if (!this.state.abandoned) this.state.readable()
    else if (this.receiver.unread > 0) this.reset()
  }

  private onReset(): void {
    if (!this.opened) return this.fail("ECONNREFUSED")
    if (!this.state.abandoned && !(this.sender.finSent && this.receiver.finished)) return this.fail("ECONNRESET")
    this.vanish()
    this.state.release()
  }

  private send(kind: PacketKind, segment?: Segment, again = false): void {
    this.acknowledging = false
    if (kind === "DATA" && !again) this.lastActive = this.options.wire.scheduler.now()
    this.route.send(kind, this, this.receiver, segment, again)
  }

  private abandon(): void {
    this.receiver.discard()
    this.state.abandon()
  }

  // Frees the program's side when both directions are over, the host's side when that was acknowledged as well.
  private readonly settle = (): void => {
    if (this.over || !this.sender.finSent) return
    const { finished } = this.receiver
    if (finished || this.state.abandoned) this.state.release()
    if (!this.sender.settled()) return
    if (finished) return this.vanish()
    if (!this.state.abandoned || this.orphaned) return
    this.orphaned = true
    Lingering.forget(this.options.wire.scheduler, () => this.vanish())
  }

  private vanish(): void {
    if (this.over) return
    this.over = true
    this.sender.stop()
    this.options.gone(this)
  }
}
