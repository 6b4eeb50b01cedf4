/** The admission on a carrier: frames of `Admission` in records, and what members and gate of this end say to them. */
import type * as Handshake from "../noise/Handshake.ts"
import * as Cpace from "../pake/Cpace.ts"
import { Reason } from "../SecureError.ts"
import * as Admission from "./Admission.ts"
import type { Step } from "./Handshaking.ts"
import * as KeyCheck from "./KeyCheck.ts"
import type { Shared } from "./Shared.ts"

/** Whose admission it is. */
export interface AdmittingOptions {
  readonly role: KeyCheck.Role
  /** Host of the other end. */
  readonly host: string
  readonly established: Handshake.Established
  /** True when the passphrase has changed since the carrier came, so that a proof of it proves nothing. */
  readonly stale: () => boolean
}

/** What an admission does with its carrier, and what it tells. */
export interface AdmittingOwner {
  readonly say: (frame: Uint8Array) => void
  readonly awaits: (step: Step) => void
  /** This end refuses. */
  readonly refuse: (reason: Reason) => void
  /** The other end refused. */
  readonly refused: (reason: Reason) => void
  readonly open: (by: "Key" | "Passphrase") => void
}

/** The admission of one end. */
export class Admitting {
  readonly #shared: Shared
  readonly #options: AdmittingOptions
  readonly #owner: AdmittingOwner

  constructor(shared: Shared, options: AdmittingOptions, owner: AdmittingOwner) {
    this.#shared = shared
    this.#options = options
    this.#owner = owner
  }

  /** As they are now: members and passphrase may change between two frames. */
  get #facts(): Admission.Facts {
    return factsOf(this.#shared, this.#options)
  }

  /** The initiator introduces itself; the responder waits for that. */
  begin(): void {
    if (this.#options.role._tag === "Responder") this.#await(Admission.expected)
    else this.#follow(Admission.introduce(this.#facts))
  }

  #await(state: Admission.State): void {
    this.#owner.awaits((sealed) => {
      const frame = this.#options.established.receive.open(sealed)
      if (frame === undefined) return this.#owner.refuse(Reason.cases.Tampered.make({}))
      this.#follow(Admission.read(state, frame, this.#facts))
    })
  }

  #follow(next: Admission.Next): void {
    switch (next._tag) {
      case "Wait":
        this.#owner.say(next.say)
        return this.#await(next.state)
      case "Open":
        return this.#open(next)
      case "Refuse":
        if (next.guess) this.#shared.gate.guessed({ host: this.#options.host, key: this.#options.established.key })
        return this.#owner.refuse(this.#reasonOf(next.reason))
      case "Refused":
        return this.#owner.refused(this.#reasonOf(next.reason))
    }
  }

  #open({ by, say }: Extract<Admission.Next, { readonly _tag: "Open" }>): void {
    if (by === "Passphrase" && this.#options.stale()) return this.#owner.refuse(Reason.cases.Busy.make({}))
    if (say !== undefined) this.#owner.say(say)
    this.#owner.open(by)
  }

  #reasonOf(tag: "KeyMismatch" | Reason["_tag"]): Reason {
    const own = this.#options.role._tag === "Initiator" ? { own: this.#shared.self } : {}
    if (tag === "NotMember") return Reason.cases.NotMember.make(own)
    return tag === "KeyMismatch" ? Reason.cases.Tampered.make({}) : Reason.cases[tag].make({})
  }
}

const factsOf = (
  shared: Shared,
  { established: { hash, key }, host, role, stale }: AdmittingOptions
): Admission.Facts => {
  const { crypto, members } = shared
  const { passphrase } = members
  const isInitiator = role._tag === "Initiator"
  const pinned = isInitiator && role.pin() === key
  return {
    known: () => members.knows(key) || (pinned && passphrase === undefined),
    judge: () => members.knows(key) || !stale() ? KeyCheck.judge(shared, role, { host, key }) : "Busy",
    begin: passphrase &&
      (() => Cpace.begin(crypto, { role: isInitiator ? "initiator" : "responder", passphrase, session: hash }))
  }
}
