/**
 * One end of a simulated TCP connection, which behaves as on Linux.
 *
 * `close` with unread bytes sends RST instead of FIN, and bytes that arrive after `close` are answered with RST. There
 * is no TIME_WAIT.
 */
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { Observer, Pipe } from "../../Pipe.ts"
import type * as SocketFailure from "../../SocketFailure.ts"
import type { LossObserver, Segment, TcpPacket, TcpPacketKind } from "../Packet.ts"
import type { Scheduler } from "../Scheduler.ts"
import * as CloseTimeouts from "./CloseTimeouts.ts"
import * as KeepAlive from "./KeepAlive.ts"
import { PipeState } from "./PipeState.ts"
import { TcpFlow } from "./TcpFlow.ts"
import { TcpReceiver } from "./TcpReceiver.ts"
import { TcpSender } from "./TcpSender.ts"
import type { TcpSocketOptions } from "./TcpSocketOptions.ts"

/** One end of a connection. */
export class TcpSocket implements Pipe, LossObserver {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  readonly identity = undefined
  /** Name of this socket in its host: `local>remote`. */
  readonly key: string
  private readonly options: TcpSocketOptions
  private readonly scheduler: Scheduler
  private readonly flow: TcpFlow
  private readonly sender: TcpSender
  private readonly receiver: TcpReceiver
  private readonly state: PipeState
  established = false
  private removed = false
  private orphaned = false
  // The packet being received is not acknowledged yet.
  private ackPending = false
  private lastActive: number
  private heardAt: number

  constructor(options: TcpSocketOptions) {
    const { network } = options
    this.options = options
    this.scheduler = network.scheduler
    this.local = options.local
    this.remote = options.remote
    this.receiver = new TcpReceiver(network.settings.window)
    this.flow = new TcpFlow(options, this.receiver, this)
    this.key = `${this.flow.source}>${this.flow.destination}`
    this.lastActive = this.heardAt = this.scheduler.now()
    this.state = new PipeState(this.key, options.clogged)
    this.sender = new TcpSender({
      network,
      name: this.key,
      send: (segment, again) => this.send(segment.kind, segment, again),
      probe: () => this.send("PROBE"),
      timedOut: () => this.fail("ETIMEDOUT"),
      drained: this.state.notifyDrained,
      roundTrip: () => this.flow.roundTrip()
    })
  }

  /** Starts the handshake: with SYN at the dialing end, with SYN-ACK at the listening end. */
  open(kind: "SYN" | "SYN-ACK"): void {
    if (kind === "SYN-ACK") this.receiver.next = 1
    this.sender.open(kind)
  }

  /** Bytes that this end holds: to be sent, unacknowledged, or unread. */
  heldBytes(): number {
    return this.sender.heldBytes() + this.receiver.heldBytes()
  }

  readonly take = (): NonEmptyReadonlyArray<Uint8Array> | undefined => {
    if (this.state.clogged) return undefined
    const chunks = this.receiver.take()
    if (chunks !== undefined && !this.removed && !this.ackPending) this.send("ACK")
    return chunks
  }

  readonly ended = (): SocketError | undefined => this.state.ended()

  readonly broken = (): SocketError | undefined => this.state.broken(this.sender.finishing)

  readonly write = (chunks: NonEmptyReadonlyArray<Uint8Array>): boolean =>
    this.removed || this.sender.finishing || this.sender.write(chunks)

  readonly stalledFor = (): number => this.scheduler.now() - this.sender.acknowledgedAt

  readonly end = (): void => {
    if (this.removed || this.sender.finishing) return
    this.sender.finish()
    this.later(this.finishClosing)
  }

  readonly close = (): void => {
    if (this.state.closed) return
    if (!this.removed && (!this.established || this.receiver.heldBytes() > 0)) return this.reset()
    this.stopReading()
    if (this.removed) return
    this.sender.finish()
    this.later(this.finishClosing)
    if (this.sender.finSent) return
    const sending = () => !this.removed && !this.sender.finSent
    CloseTimeouts.resetWhenStuck(this.scheduler, { sending, activeAt: () => this.lastActive, reset: this.reset })
  }

  /** `close` answers later bytes with a reset already. */
  readonly closeAtOnce = this.close

  readonly reset = (): void => {
    const wasRemoved = this.removed
    if (this.established && !wasRemoved) this.send("RST")
    this.remove()
    this.stopReading()
    if (!wasRemoved) this.later(this.state.release)
  }

  readonly activeAt = (): number => this.options.node.clockAt(this.lastActive)

  readonly observe = (observer: Observer): void => this.state.observe(observer, this.receiver.unread > 0)

  receive(packet: TcpPacket): void {
    this.heardAt = this.scheduler.now()
    if (packet.kind === "RST") return this.receiveReset()
    if (packet.kind === "SYN") return this.established ? this.send("ACK") : this.sender.unacknowledged.repeatFirst()
    if (this.receiver.next === 0 && packet.kind !== "SYN-ACK") {
      // The peer still has an older connection with the same addresses: RST ends it, and the SYN is sent again.
      this.send("RST")
      return this.sender.unacknowledged.repeatFirst()
    }
    if (packet.kind === "SYN-ACK") this.receiver.next = Math.max(this.receiver.next, 1)
    this.ackPending = packet.kind !== "ACK"
    this.sender.acknowledge(packet.ack, packet.edge)
    if (!this.established && this.sender.unacknowledged.isEmpty()) this.establish()
    if (!this.removed) this.receiveContent(packet)
    if (this.ackPending && !this.removed) this.send("ACK")
    this.ackPending = false
    this.finishClosing()
  }

  readonly packetLost = (packet: TcpPacket): void => {
    if (!this.removed) this.sender.unacknowledged.packetLost(packet)
  }

  readonly ackLost = (ack: number): void => {
    if (!this.removed) this.sender.unacknowledged.ackLost(ack)
  }

  /** Ends both directions at once without notifying the peer. */
  fail(code: SocketFailure.Errno): void {
    this.abort(code)?.()
  }

  /** `fail` that leaves notifying the program to the caller, who has to call the returned function. */
  abort(code: SocketFailure.Errno): (() => void) | undefined {
    if (this.removed) return undefined
    this.state.fail(code)
    this.receiver.discard()
    this.remove()
    return () => this.established ? this.state.notifyFailure() : this.options.refused(code)
  }

  /** Stops the program from reading, or lets it read again. */
  clog(clogged: boolean): void {
    this.state.clogged = clogged
    this.later(this.state.notifyReadable)
  }

  private later(run: () => void): void {
    this.scheduler.at(0, run)
  }

  private establish(): void {
    this.established = true
    this.lastActive = this.heardAt
    if (this.options.keepAlive !== undefined) {
      KeepAlive.start(this.scheduler, this.options.keepAlive, {
        heardAt: () => this.heardAt,
        open: () => !this.removed && !this.state.closed,
        retransmitting: () => !this.sender.unacknowledged.isEmpty(),
        probe: () => this.send("PROBE"),
        timedOut: () => this.fail("ETIMEDOUT")
      })
    }
    this.state.onReleased = this.options.opened(this)
    if (!this.removed) this.sender.establish()
  }

  private receiveContent(packet: TcpPacket): void {
    if (packet.kind !== "DATA" && packet.kind !== "FIN") return
    const readable = this.receiver.accept(packet)
    if (packet.kind === "DATA") this.lastActive = this.heardAt
    if (this.receiver.finished) this.state.finReceived()
    if (!readable) return
    if (!this.state.closed) this.state.notifyReadable()
    else if (this.receiver.unread > 0) this.reset()
  }

  private receiveReset(): void {
    if (!this.established) return this.fail("ECONNREFUSED")
    if (!this.state.closed && !(this.sender.finSent && this.receiver.finished)) return this.fail("ECONNRESET")
    this.remove()
    this.state.release()
  }

  private send(kind: TcpPacketKind, segment?: Segment, again = false): void {
    this.ackPending = false
    if (kind === "DATA" && !again) this.lastActive = this.scheduler.now()
    this.flow.send(kind, segment, again)
  }

  private stopReading(): void {
    this.receiver.discard()
    this.state.close()
  }

  // Releases the program's side when both directions are over, and removes the socket when the peer acknowledged that.
  private readonly finishClosing = (): void => {
    if (this.removed || !this.sender.finSent) return
    const { finished } = this.receiver
    if (finished || this.state.closed) this.state.release()
    if (!this.sender.unacknowledged.isEmpty()) return
    if (finished) return this.remove()
    if (!this.state.closed || this.orphaned) return
    this.orphaned = true
    CloseTimeouts.removeOrphan(this.scheduler, () => this.remove())
  }

  private remove(): void {
    if (this.removed) return
    this.removed = true
    this.sender.stop()
    this.options.removed(this)
  }
}
