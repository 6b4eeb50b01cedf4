/**
 * One end of a simulated TCP connection, behaving as Linux does.
 *
 * `close` with unread bytes sends RST instead of FIN; bytes that arrive after `close` are answered with RST; a closed
 * socket without the peer's FIN is forgotten after 60 s. There is no TIME_WAIT.
 */
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { Observer, Pipe } from "../Pipe.ts"
import * as SocketFailure from "../SocketFailure.ts"
import * as KeepAlive from "./KeepAlive.ts"
import type { Owner, Packet, PacketKind, Segment, Station, Wire } from "./Packet.ts"
import { Receiver } from "./Receiver.ts"
import { Sender } from "./Sender.ts"

const orphanPatience = 60_000 // Linux tcp_fin_timeout
const nothing = new Uint8Array(0)

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
  /** The handshake is over. */
  readonly opened: () => void
  /** The handshake failed; not called after `opened`. */
  readonly refused: (code: SocketFailure.Errno) => void
  /** The host may forget the socket. */
  readonly gone: () => void
}

/** One end of a connection. */
export class Endpoint implements Pipe, Owner {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /** Name of this socket in its host, `local>remote`. */
  readonly key: string
  /** Called once when the program's side is freed. */
  freed: () => void = () => {}
  private clogged: boolean
  private readonly options: EndpointOptions
  private readonly source: string
  private readonly destination: string
  private readonly peerKey: string
  private readonly host: string
  private readonly sender: Sender
  private readonly receiver: Receiver
  private observer: Observer | undefined
  private opened = false
  private over = false
  private released = false
  private abandoned = false
  private failure: SocketFailure.Errno | undefined
  private ending: SocketError | undefined
  private acknowledging = false
  private notBefore = 0
  private lastActive: number
  private heardAt: number

  constructor(options: EndpointOptions) {
    const { wire } = options
    this.options = options
    this.clogged = options.clogged
    this.local = options.local
    this.remote = options.remote
    this.source = NetAddress.formatInet(options.local)
    this.destination = NetAddress.formatInet(options.remote)
    this.key = `${this.source}>${this.destination}`
    this.peerKey = `${this.destination}>${this.source}`
    this.lastActive = this.heardAt = wire.clockwork.now()
    this.receiver = new Receiver(wire.settings.window)
    this.host = NetAddress.formatIp(options.remote.address)
    this.sender = new Sender({
      wire,
      send: (segment, again) => this.sendSegment(segment, again),
      probe: () => this.send("PROBE"),
      gaveUp: () => this.fail("ETIMEDOUT"),
      drained: () => this.observer?.drained(),
      roundTrip: () => wire.roundTrip(options.station, this.host)
    })
  }

  /** Starts the handshake from the dialing side. */
  dial(): void {
    this.sender.greet("SYN")
  }

  /** Starts the handshake from the listening side. */
  answer(): void {
    this.receiver.next = 1
    this.sender.greet("SYN-ACK")
  }

  /** Bytes held for the program of this end, or on its behalf. */
  held(): number {
    return this.sender.held() + this.receiver.held()
  }

  // ---- Pipe

  readonly take = (): NonEmptyReadonlyArray<Uint8Array> | undefined => {
    if (this.clogged) return undefined
    const chunks = this.receiver.take()
    if (chunks !== undefined && !this.over && !this.acknowledging) this.send("ACK")
    return chunks
  }

  readonly ended = (): SocketError | undefined => {
    if (this.ending !== undefined || !this.receiver.finished || this.clogged) return this.ending
    return this.ending = SocketFailure.closed(1000)
  }

  readonly broken = (): SocketError | undefined => {
    const code = this.abandoned || this.sender.finWanted ? "EPIPE" : this.failure
    return code === undefined ? undefined : SocketFailure.writeFailed(this.describe(code))
  }

  readonly write = (chunks: NonEmptyReadonlyArray<Uint8Array>): boolean =>
    this.over || this.abandoned || this.sender.finWanted ? true : this.sender.write(chunks)

  readonly end = (): void => {
    if (this.over || this.sender.finWanted) return
    this.sender.finish()
    this.options.wire.clockwork.at(0, this.settle)
  }

  readonly close = (): void => {
    if (this.abandoned) return
    if (this.over) return this.abandon()
    if (!this.opened || this.receiver.held() > 0) return this.reset()
    this.abandon()
    this.sender.finish()
    this.options.wire.clockwork.at(0, this.settle)
  }

  readonly reset = (): void => {
    if (this.over) return this.abandon()
    this.abandon()
    if (this.opened) this.send("RST")
    this.vanish()
    this.options.wire.clockwork.at(0, this.release)
  }

  readonly activeAt = (): number => this.lastActive

  readonly observe = (observer: Observer): void => {
    this.observer = observer
    if ((!this.clogged && this.receiver.unread > 0) || this.ended() !== undefined) observer.readable()
    if (this.failure !== undefined || this.abandoned) observer.drained()
    if (this.released) observer.closed()
  }

  // ---- what the network calls

  readonly receive = (packet: Packet): void => {
    this.heardAt = this.options.wire.clockwork.now()
    if (packet.kind === "RST") return this.onReset()
    if (packet.kind === "SYN") return this.opened ? this.send("ACK") : this.sender.greetAgain()
    if (!this.opened && this.receiver.next === 0 && packet.kind !== "SYN-ACK") return this.disown()
    if (packet.kind === "SYN-ACK") this.receiver.next = Math.max(this.receiver.next, 1)
    this.acknowledging = packet.kind !== "ACK"
    this.sender.acknowledge(packet.ack, packet.edge)
    if (!this.opened && this.sender.settled()) this.open()
    if (!this.over) this.receiveContent(packet)
    if (this.acknowledging && !this.over) this.send("ACK")
    this.acknowledging = false
    if (!this.over) this.settle()
  }

  readonly lost = (packet: Packet): void => {
    if (this.over) return
    if (packet.segment !== undefined) this.sender.lost(packet.segment)
    else if (packet.kind === "PROBE") this.sender.probeLost()
  }

  readonly unheard = (ack: number): void => {
    if (!this.over) this.sender.unheard(ack)
  }

  /** Ends both directions at once with an errno, without a word to the peer. */
  fail(code: SocketFailure.Errno): void {
    if (this.over) return
    const wasOpen = this.opened
    this.failure = code
    this.receiver.discard()
    this.ending ??= SocketFailure.readFailed(this.describe(code))
    this.vanish()
    if (!wasOpen) return this.options.refused(code)
    this.observer?.readable()
    this.observer?.drained()
    this.release()
  }

  /** Hides what arrives from the program, or shows it again. */
  clog(clogged: boolean): void {
    this.clogged = clogged
    if (!clogged) this.options.wire.clockwork.at(0, () => this.showArrived())
  }

  private showArrived(): void {
    if (this.clogged) return
    if (this.receiver.unread > 0 || this.receiver.finished) this.observer?.readable()
  }

  // ---- inside

  // The peer still has a connection that this end does not know: it is told so, and asked again.
  private disown(): void {
    this.send("RST")
    this.sender.greetAgain()
  }

  private open(): void {
    this.opened = true
    this.lastActive = this.heardAt
    if (this.options.keepAlive !== undefined) {
      KeepAlive.watch(this.options.wire.clockwork, this.options.keepAlive, {
        heardAt: () => this.heardAt,
        watched: () => !this.over && !this.abandoned,
        waiting: () => !this.sender.settled(),
        probe: () => this.send("PROBE"),
        gaveUp: () => this.fail("ETIMEDOUT")
      })
    }
    this.options.opened()
    this.sender.begin()
  }

  private receiveContent(packet: Packet): void {
    if (packet.kind !== "DATA" && packet.kind !== "FIN") return
    const fresh = this.receiver.accept(packet)
    if (packet.kind === "DATA") this.lastActive = this.heardAt
    if (!fresh) return
    if (!this.abandoned) {
      if (!this.clogged) this.observer?.readable()
    } else if (this.receiver.unread > 0) {
      this.send("RST")
      this.vanish()
      this.release()
    }
  }

  private onReset(): void {
    if (!this.opened) return this.fail("ECONNREFUSED")
    if (this.abandoned || (this.sender.finSent && this.receiver.finished)) {
      this.vanish()
      return this.release()
    }
    this.fail("ECONNRESET")
  }

  private sendSegment(segment: Segment, again: boolean): void {
    if (segment.kind === "DATA" && !again) this.lastActive = segment.sentAt
    this.send(segment.kind, segment, again)
  }

  private send(kind: PacketKind, segment?: Segment, again = false): void {
    this.acknowledging = false
    this.notBefore = this.options.wire.transmit({
      kind,
      from: this.options.station,
      source: this.source,
      destination: this.destination,
      host: this.host,
      key: this.peerKey,
      sequence: segment?.sequence ?? 0,
      bytes: segment?.bytes ?? nothing,
      ack: this.receiver.next,
      edge: this.receiver.edge(),
      segment,
      again,
      notBefore: this.notBefore,
      owner: this
    })
  }

  private describe(code: SocketFailure.Errno) {
    return SocketFailure.systemError(code, `${this.source} to ${this.destination}`)
  }

  // The program is done with this end.
  private abandon(): void {
    if (this.abandoned) return
    this.abandoned = true
    this.ending = SocketFailure.closed(1006)
    this.receiver.discard()
  }

  // Frees the program's side when both directions are over, the host's side when that was acknowledged as well.
  private readonly settle = (): void => {
    if (this.over || !this.sender.finSent) return
    const readingOver = this.receiver.finished
    if (readingOver || this.abandoned) this.release()
    if (!this.sender.settled()) return
    if (readingOver) this.vanish()
    else if (this.abandoned) this.linger()
  }

  private lingering = false
  private linger(): void {
    if (this.lingering) return
    this.lingering = true
    const { clockwork } = this.options.wire
    clockwork.at(clockwork.now() + orphanPatience, () => this.vanish())
  }

  private vanish(): void {
    if (this.over) return
    this.over = true
    this.sender.stop()
    this.options.gone()
  }

  private readonly release = (): void => {
    if (this.released) return
    this.released = true
    this.observer?.closed()
    this.freed()
  }
}
