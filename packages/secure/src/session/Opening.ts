/**
 * A carrier before its session is open: the handshake, the checks of the other's key, and the admission. One deadline for
 * all of it. However it fails, the carrier ends with FIN, after a REFUSE where the other end can read one. Only a dialer that
 * has said nothing of this protocol is reset: a plain one would take FIN for an answer without contents.
 */
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Pipe } from "@peerage/transport/Pipe"
import * as SocketFailure from "@peerage/transport/SocketFailure"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type * as Handshake from "../noise/Handshake.ts"
import { Reason, SecureError } from "../SecureError.ts"
import * as SecureEvent from "../SecureEvent.ts"
import * as Admission from "./Admission.ts"
import { Admitting } from "./Admitting.ts"
import * as Handshaking from "./Handshaking.ts"
import { Inlet, type Sink } from "./Inlet.ts"
import * as KeyCheck from "./KeyCheck.ts"
import * as Record from "./Record.ts"
import type { Established } from "./SessionOwner.ts"
import type { Shared } from "./Shared.ts"

/** Largest message of the handshake and of the admission. */
const maxMessage = 512

/** What an opening tells, once. */
export interface OpeningOwner {
  /** The other end is admitted. Must make a session of it at once. */
  readonly opened: (established: Established) => void
  readonly failed: (why: SecureError | SocketError) => void
}

/** A carrier whose session is being opened. */
export class Opening implements Sink {
  readonly #shared: Shared
  readonly #role: KeyCheck.Role
  readonly #carrier: Pipe
  readonly #inlet: Inlet
  readonly #owner: OpeningOwner
  readonly #cancelDeadline: () => void
  readonly #rotations: number
  #next: Handshaking.Step = () => {}
  #key: PeerKey | undefined
  #established: Handshake.Established | undefined
  #over = false

  constructor(shared: Shared, carrier: Pipe, role: KeyCheck.Role, owner: OpeningOwner) {
    this.#shared = shared
    this.#role = role
    this.#carrier = carrier
    this.#owner = owner
    this.#rotations = shared.members.rotations
    this.#inlet = new Inlet(carrier, new Record.RecordReader(shared.spare, maxMessage), this)
    this.#cancelDeadline = shared.after(
      shared.numbers.handshakeTimeout,
      () => this.#refuse(Reason.cases.HandshakeTimeout.make({}))
    )
    const begin = role._tag === "Initiator" ? Handshaking.initiate : Handshaking.respond
    begin(shared, this.#handshaking)
    this.#inlet.open()
  }

  /** Gives up without a word. */
  abandon(): void {
    if (this.#finish()) this.#carrier.close()
  }

  /** Others need the place more. */
  giveWay(): void {
    this.#refuse(Reason.cases.Busy.make({}))
  }

  reading(): void {}

  read(): void {}

  drained(): void {}

  message(bytes: Uint8Array): boolean {
    if (!this.#over) this.#next(bytes)
    // Once the session is open it takes what follows.
    return !this.#over || this.#inlet.sink !== this
  }

  misfit(why: Record.Misfit): void {
    this.#refuse(why === "TooLong" ? Reason.cases.Tampered.make({}) : Reason.cases[why].make({}))
  }

  ended(why: SocketError): void {
    // Somebody that ends it without a word has probably not understood: what nobody has read makes its end a reset.
    const isSilent = this.#role._tag === "Initiator" && !this.#inlet.reader.greeted
    const isFin = SocketFailure.isFin(why)
    if (isSilent && (isFin || SocketFailure.errno(why) === "ECONNRESET")) {
      return this.#refuse(Reason.cases.PlainPeer.make({}))
    }
    if (isFin) this.#refuse(Reason.cases.Truncated.make({}))
    else this.#fail(undefined, why)
  }

  /** What the handshake does here. */
  get #handshaking(): Handshaking.Handshaking {
    return {
      suite: () => this.#inlet.reader.suite,
      send: (bytes) => this.#send(bytes),
      refuse: (reason) => this.#refuse(reason),
      awaits: (step) => this.#next = step,
      accepts: (key) => this.#accepts(key),
      done: (established, third) => this.#met(established, third)
    }
  }

  #met(established: Handshake.Established, third: Uint8Array | undefined): void {
    this.#established = established
    if (third !== undefined) this.#send(Record.framed(third))
    if (!this.#accepts(established.key)) return
    const rotations = this.#rotations
    const { members } = this.#shared
    const stale = () => members.rotations !== rotations
    new Admitting(this.#shared, { role: this.#role, host: this.#host, established, stale }, {
      say: (frame) => this.#say(frame),
      awaits: (step) => this.#next = step,
      refuse: (reason) => this.#refuse(reason),
      refused: (reason) => this.#fail(reason, undefined),
      open: (by) => this.#open(established, by)
    }).begin()
  }

  /** Refuses a key that may not come in, or that is not the one expected. */
  #accepts(key: PeerKey): boolean {
    this.#key = key
    const reason = KeyCheck.refusal(this.#shared, this.#role, { host: this.#host, key })
    // Who has proved this end's own key learns nothing from the third message but that it is the same one, and REFUSE says so.
    if (reason?._tag === "OwnKey" && this.#established === undefined) return true
    if (reason !== undefined) this.#refuse(reason)
    return !this.#over
  }

  get #host(): string {
    return NetAddress.formatHost(this.#carrier.remote)
  }

  #open({ key, receive, send }: Handshake.Established, by: "Key" | "Passphrase"): void {
    const initiated = this.#role._tag === "Initiator"
    // Another dial to the address may have come first, and its key is the one that is kept.
    if (initiated && !this.#accepts(key)) return
    if (!this.#finish()) return
    const { gate, members } = this.#shared
    if (by === "Passphrase") members.learn(key)
    if (!initiated) gate.admitted({ host: this.#host, key })
    this.#shared.report(SecureEvent.Admitted({ key, remote: this.#carrier.remote, by, initiated }))
    this.#owner.opened({ inlet: this.#inlet, key, send, receive })
  }

  // Sending, and ends.

  #send(bytes: Uint8Array): void {
    this.#carrier.write([bytes])
  }

  #say(frame: Uint8Array): void {
    const send = this.#established?.send
    if (send !== undefined) this.#send(Record.framed(send.sealed(frame)))
  }

  #refuse(reason: Reason): void {
    if (this.#over) return
    const refusal = Admission.refusal(reason._tag)
    if (refusal !== undefined) this.#say(refusal)
    this.#fail(reason, undefined)
  }

  #fail(reason: Reason | undefined, lost: SocketError | undefined): void {
    if (!this.#finish()) return
    if (this.#role._tag === "Responder" && !this.#inlet.reader.greeted) this.#carrier.reset()
    else this.#carrier.close()
    const { remote } = this.#carrier
    const key = this.#key === undefined ? {} : { key: this.#key }
    const why = reason && new SecureError({ reason, address: NetAddress.formatInet(remote), ...key })
    if (why !== undefined) this.#shared.report(SecureEvent.Refused({ reason: why.code, remote, ...key }))
    const error = why ?? lost
    if (error !== undefined) this.#owner.failed(error)
  }

  /** False when it is over already. */
  #finish(): boolean {
    if (this.#over) return false
    this.#over = true
    this.#cancelDeadline()
    return true
  }
}
