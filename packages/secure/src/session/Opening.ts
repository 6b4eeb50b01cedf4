/**
 * A carrier before its session is open: the handshake, the checks of the other's key, and the admission. One deadline for
 * all of it. However it fails, the carrier ends with FIN, after a REFUSE where the other end can read one. Only a dialer that
 * has said nothing of this protocol is reset: a plain one would take FIN for an answer without contents.
 */
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Pipe } from "@peerage/transport/Pipe"
import * as SocketFailure from "@peerage/transport/SocketFailure"
import { Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import { concat } from "../Bytes.ts"
import type { Suite } from "../Crypto.ts"
import * as Identity from "../Identity.ts"
import * as Handshake from "../noise/Handshake.ts"
import * as Cpace from "../pake/Cpace.ts"
import { Reason, SecureError } from "../SecureError.ts"
import * as SecureEvent from "../SecureEvent.ts"
import * as Admission from "./Admission.ts"
import { Inlet, type Sink } from "./Inlet.ts"
import * as Record from "./Record.ts"
import type { Established } from "./Session.ts"
import type { Shared } from "./Shared.ts"

/** Largest message of the handshake and of the admission. */
const maxMessage = 512

/** Who opens a session: the dialer, who may expect a key, or the other end. */
export type Role = { readonly _tag: "Initiator"; readonly pin: PeerKey | undefined } | { readonly _tag: "Responder" }

/** What an opening tells, once. */
export interface OpeningOwner {
  /** The other end is admitted. Must make a session of it at once. */
  readonly opened: (established: Established) => void
  readonly failed: (why: SecureError | SocketError) => void
}

/** A carrier whose session is being opened. */
export class Opening implements Sink {
  readonly #shared: Shared
  readonly #role: Role
  readonly #carrier: Pipe
  readonly #inlet: Inlet
  readonly #owner: OpeningOwner
  readonly #cancelDeadline: () => void
  readonly #rotations: number
  #next: (message: Uint8Array) => void
  #key: PeerKey | undefined
  #established: Handshake.Established | undefined
  #over = false

  constructor(shared: Shared, carrier: Pipe, role: Role, owner: OpeningOwner) {
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
    this.#next = role._tag === "Initiator" ? this.#initiate() : this.#respond()
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
    if (!SocketFailure.isFin(why)) return this.#fail(undefined, why)
    // Somebody that has said nothing at all is probably one that did not understand.
    const isPlain = this.#role._tag === "Initiator" && !this.#inlet.reader.greeted
    this.#refuse(isPlain ? Reason.cases.PlainPeer.make({}) : Reason.cases.Truncated.make({}))
  }

  // The handshake.

  /** The magic is part of the prologue: where it was changed on the way, the handshake fails. */
  #options(suite: Suite): Handshake.HandshakeOptions {
    const { context, identity, numbers } = this.#shared
    return { suite, identity, prologue: concat(Record.magics[suite], context), rekeyInterval: numbers.rekeyInterval }
  }

  #initiate(): (message: Uint8Array) => void {
    const { crypto } = this.#shared
    const suite = crypto.preferred
    const initiator = Handshake.initiate(crypto, this.#options(suite))
    this.#send(concat(Record.magics[suite], Record.framed(initiator.first)))
    return (second) => {
      // A listener answers in the suite it is dialed with.
      if (this.#inlet.reader.suite !== suite) return this.#refuse(Reason.cases.Tampered.make({}))
      Result.match(initiator.read(second), {
        onFailure: (reason) => this.#refuse(reason),
        onSuccess: (answered) => this.#answered(answered)
      })
    }
  }

  #answered(answered: Handshake.Answered): void {
    // Checked before the third message: an impostor does not learn the dialer's key.
    if (!this.#accepts(answered.key)) return
    const established = answered.finish()
    this.#established = established
    this.#send(Record.framed(established.third))
    this.#follow(Admission.introduce(this.#facts(established)))
  }

  #respond(): (message: Uint8Array) => void {
    return (first) => {
      const { suite } = this.#inlet.reader
      const responder = Handshake.respond(this.#shared.crypto, this.#options(suite))
      Result.match(responder.read(first), {
        onFailure: (reason) => this.#refuse(reason),
        onSuccess: (responded) => {
          this.#send(concat(Record.magics[suite], Record.framed(responded.second)))
          this.#next = (third) =>
            Result.match(responded.read(third), {
              onFailure: (reason) => this.#refuse(reason),
              onSuccess: (established) => this.#introduced(established)
            })
        }
      })
    }
  }

  #introduced(established: Handshake.Established): void {
    this.#established = established
    if (this.#accepts(established.key)) this.#await(Admission.expected)
  }

  /** Refuses a key that may not come in, or that is not the one expected. */
  #accepts(key: PeerKey): boolean {
    this.#key = key
    const { allowOwnKey, self } = this.#shared
    const pin = this.#role._tag === "Initiator" ? this.#role.pin : undefined
    const verdict = this.#judge(key)
    if (key === self && !allowOwnKey) this.#refuse(Reason.cases.OwnKey.make({}))
    else if (verdict !== "Pass") this.#refuse(Reason.cases[verdict].make({}))
    else if (pin !== undefined && pin !== key) {
      this.#refuse(Identity.mismatch(this.#shared.crypto, { expected: pin, actual: key }))
    }
    return !this.#over
  }

  /** Of those it dials itself, an end refuses only the banned. */
  #judge(key: PeerKey): Admission.Verdict {
    const { crowded, gate, members } = this.#shared
    const verdict = gate.judge({ host: this.#host, key, known: members.knows(key) })
    if (this.#role._tag === "Initiator") return verdict === "Banned" ? "Banned" : "Pass"
    return verdict === "Pass" && crowded(key) ? "Busy" : verdict
  }

  get #host(): string {
    return NetAddress.formatHost(this.#carrier.remote)
  }

  // The admission.

  /** The passphrase has changed since, so that a proof of it proves nothing. */
  get #stale(): boolean {
    return this.#shared.members.rotations !== this.#rotations
  }

  #facts({ hash, key }: Handshake.Established): Admission.Facts {
    const { crypto, members } = this.#shared
    const { passphrase } = members
    const role = this.#role._tag === "Initiator" ? "initiator" : "responder"
    const pinned = this.#role._tag === "Initiator" && this.#role.pin === key
    return {
      known: () => members.knows(key) || (pinned && passphrase === undefined),
      judge: () => members.knows(key) || !this.#stale ? this.#judge(key) : "Busy",
      begin: passphrase && (() => Cpace.begin(crypto, { role, passphrase, session: hash }))
    }
  }

  #await(state: Admission.State): void {
    this.#next = (sealed) => {
      const established = this.#established
      const frame = established?.receive.open(sealed)
      if (established === undefined || frame === undefined) return this.#refuse(Reason.cases.Tampered.make({}))
      this.#follow(Admission.read(state, frame, this.#facts(established)))
    }
  }

  #follow(next: Admission.Next): void {
    switch (next._tag) {
      case "Wait":
        this.#say(next.say)
        return this.#await(next.state)
      case "Open":
        return this.#open(next)
      case "Refuse":
        if (next.guess && this.#key !== undefined) this.#shared.gate.guessed({ host: this.#host, key: this.#key })
        return this.#refuse(this.#reasonOf(next.reason))
      case "Refused":
        return this.#fail(this.#reasonOf(next.reason), undefined)
    }
  }

  #reasonOf(tag: "KeyMismatch" | Reason["_tag"]): Reason {
    const own = this.#role._tag === "Initiator" ? { own: this.#shared.self } : {}
    if (tag === "NotMember") return Reason.cases.NotMember.make(own)
    return tag === "KeyMismatch" ? Reason.cases.Tampered.make({}) : Reason.cases[tag].make({})
  }

  #open({ by, say }: Extract<Admission.Next, { readonly _tag: "Open" }>): void {
    const established = this.#established
    if (established === undefined) return
    if (by === "Passphrase" && this.#stale) return this.#refuse(Reason.cases.Busy.make({}))
    const { gate, members } = this.#shared
    const { key, receive, send } = established
    if (say !== undefined) this.#say(say)
    if (!this.#finish()) return
    if (by === "Passphrase") members.learn(key)
    if (this.#role._tag === "Responder") gate.admitted({ host: this.#host, key })
    this.#shared.report(SecureEvent.Admitted({ key, remote: this.#carrier.remote, by }))
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
