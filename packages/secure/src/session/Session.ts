/**
 * An open session: one encrypted carrier between a dialer and a listening address, and the streams in it. Only the dialer
 * opens streams, so two peers that dial each other at once have two sessions, and nothing is to be resolved.
 *
 *     Open --- leave, or CLOSE came ---> Leaving --- CLOSE both ways, no stream left ---> Over
 *       `------------- carrier lost, record that does not open, protocol broken ----------^
 */
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Pipe } from "@peerage/transport/Pipe"
import * as SocketFailure from "@peerage/transport/SocketFailure"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import { none } from "../Bytes.ts"
import type { Cipher } from "../noise/Cipher.ts"
import { Reason, SecureError } from "../SecureError.ts"
import * as SecureEvent from "../SecureEvent.ts"
import * as Ending from "./Ending.ts"
import * as Frame from "./Frame.ts"
import { Idle } from "./Idle.ts"
import type { Inlet, Sink } from "./Inlet.ts"
import { Outlet } from "./Outlet.ts"
import { Probe } from "./Probe.ts"
import * as Record from "./Record.ts"
import type { Established, SessionOwner } from "./SessionOwner.ts"
import type { Shared } from "./Shared.ts"
import type { Stream } from "./Stream.ts"
import { StreamIds } from "./StreamIds.ts"
import { Streams } from "./Streams.ts"

const { types } = Frame

/** One open session. */
export class Session implements Sink, Frame.Receiver {
  readonly key: PeerKey
  readonly #shared: Shared
  readonly #owner: SessionOwner
  readonly #carrier: Pipe
  readonly #inlet: Inlet
  readonly #receive: Cipher
  readonly #outlet: Outlet
  readonly #streams: Streams
  readonly #probe: Probe
  readonly #idle: Idle
  #state: "Open" | "Leaving" | "Over" = "Open"
  #peerLeaves = false
  /** Everything is said, and the other end has not left yet. */
  #waiting = false
  #cancelTimeout = () => {}

  constructor(shared: Shared, { ids = new StreamIds(), inlet, key, receive, send }: Established, owner: SessionOwner) {
    const { carrier } = inlet
    this.key = key
    this.#shared = shared
    this.#owner = owner
    this.#carrier = carrier
    this.#inlet = inlet
    this.#receive = receive
    const outlet = this.#outlet = new Outlet(carrier, send, shared.sending)
    const emptied = () => this.#emptied()
    this.#streams = new Streams(shared, { key, carrier, outlet, ids, accept: owner.accept, emptied })
    this.#probe = new Probe(shared)
    // The dialer leaves first.
    const patience = shared.numbers.idle * (owner.accept === undefined ? 1 : 2)
    this.#idle = new Idle(shared, patience, { streams: () => this.streams, idle: () => this.leave() })
    inlet.reader.limit = Record.maxMessage
    inlet.sink = this
    // It is opened by a message, so in the middle of a batch.
    this.#outlet.reading()
  }

  /** The carrier's peer. */
  get remote(): NetAddress.InetAddress {
    return this.#carrier.remote
  }

  /** Streams that are open. */
  get streams(): number {
    return this.#streams.size
  }

  /** True when a stream can be opened. */
  get usable(): boolean {
    return this.#state === "Open" && this.#streams.roomy && !this.#outlet.spent && this.#carrier.broken() === undefined
  }

  /** True when the other end was heard of lately. */
  get fresh(): boolean {
    return this.#probe.fresh
  }

  /** Opens a stream. Only the dialer does, while the session is `usable`. */
  open(): Stream {
    return this.#streams.open()
  }

  /** Asks the other end whether it is still there. */
  probe(answered: (alive: boolean) => void): void {
    this.#probe.ask(() => this.#outlet.control(types.ping, 0), answered)
  }

  /** Takes no more streams, and ends with the last one. */
  leave(): void {
    if (this.#state === "Open") this.#retire()
    this.#finish()
  }

  /** Resets the session with all its streams. */
  drop(): void {
    this.#end("Dropped", undefined)
  }

  /** The other end does not answer any more. */
  lost(): void {
    this.#fail(Reason.cases.Truncated.make({}))
  }

  // What the carrier brings.

  reading(): void {
    this.#probe.heard()
    this.#outlet.reading()
  }

  read(): void {
    if (this.#state !== "Over") this.#outlet.read()
    this.#receive.prepare("open")
  }

  message(bytes: Uint8Array): boolean {
    if (this.#state === "Over") return false
    const { reader } = this.#inlet
    const plain = this.#receive.open(bytes, none, reader.isLent(bytes) ? "elsewhere" : "in place")
    reader.release(bytes)
    if (plain === undefined) return this.#fail(Reason.cases.Tampered.make({}))
    if (plain.length === 0 || !Frame.read(plain, this)) return this.misfit()
    if (this.#outlet.overrun) this.#outlet.flush()
    return this.#outlet.overrun ? this.misfit() : !this.#isOver()
  }

  misfit(): false {
    return this.#fail(Reason.cases.ProtocolViolation.make({}))
  }

  drained(): void {
    this.#outlet.drained()
    if (this.#state === "Leaving") this.#finish()
  }

  ended(why: SocketError): void {
    if (this.#state === "Over") return
    if (!SocketFailure.isFin(why)) return this.#end(Ending.errnoOf(why), why)
    if (!this.#peerLeaves || !this.#streams.abandoned()) this.#fail(Reason.cases.Truncated.make({}))
    else if (!this.#isOver()) this.#part()
  }

  data(id: number, bytes: Uint8Array): boolean {
    return this.#streams.data(id, bytes) && !this.#isOver()
  }

  control(type: Frame.Control, id: number, value: number): boolean {
    return this.#obey(type, id, value) && !this.#isOver()
  }

  #obey(type: Frame.Control, id: number, value: number): boolean {
    switch (type) {
      case types.open:
        return !this.#peerLeaves && this.#streams.accept(id, value, this.#state === "Open")
      case types.close:
        return this.#leaveToo()
      case types.ping:
        this.#probe.asked(this.#outlet.records, () => this.#outlet.control(types.pong, 0))
        return true
      case types.pong:
        this.#probe.answer(true)
        return true
      default:
        return this.#streams.control(type, id, value)
    }
  }

  // Ends.

  /** For the compiler: a callback may have ended the session meanwhile. */
  #isOver(): boolean {
    return this.#state === "Over"
  }

  #emptied(): void {
    this.#idle.emptied()
    if (this.#state === "Leaving") this.#shared.sending.atTurnsEnd(() => this.#finish())
  }

  #leaveToo(): boolean {
    if (this.#peerLeaves) return false
    this.#peerLeaves = true
    if (this.#state === "Open") this.#retire()
    this.#shared.sending.atTurnsEnd(() => this.#finish())
    return true
  }

  #retire(): void {
    this.#state = "Leaving"
    this.#outlet.control(types.close, 0)
    this.#idle.stop()
    this.#owner.retired(this)
  }

  /** Ends a session that both ends leave, or one whose other end does not leave in time. */
  #finish(): void {
    if (this.#state !== "Leaving" || this.streams > 0) return
    this.#outlet.flush()
    if (this.#peerLeaves && this.#outlet.empty) return this.#part()
    if (this.#waiting) return
    this.#waiting = true
    const { after, numbers } = this.#shared
    this.#cancelTimeout = after(numbers.leaveTimeout, () => this.#end("Closed", undefined))
  }

  #part(): void {
    this.#outlet.flush()
    if (this.#isOver()) return
    this.#over("Closed")
    Ending.leave(this.#carrier, this.#shared)
  }

  #fail(reason: Reason): false {
    const { key, remote } = this
    this.#end(reason._tag, new SecureError({ reason, address: NetAddress.formatInet(remote), key }))
    return false
  }

  #end(reason: SecureEvent.EndReason, why: SecureError | SocketError | undefined): void {
    if (this.#state === "Over") return
    this.#over(reason)
    this.#carrier.reset()
    this.#streams.fail(Ending.ofStreams(why))
  }

  #over(reason: SecureEvent.EndReason): void {
    const wasOpen = this.#state === "Open"
    this.#state = "Over"
    this.#outlet.stop()
    this.#idle.stop()
    this.#cancelTimeout()
    this.#probe.answer(false)
    if (wasOpen) this.#owner.retired(this)
    this.#owner.over(this)
    this.#shared.report(SecureEvent.Ended({ key: this.key, remote: this.remote, reason }))
  }
}
