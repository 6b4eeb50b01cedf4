/**
 * Admission, without input or output: what follows from each frame until streams may be opened. One frame a record; the
 * first byte is its type.
 *
 *     initiator                                responder
 *         --- INTRO 1 "I know your key" ------->       welcomes a key it knows, else says PROVE
 *         <------------------------- WELCOME ---
 *
 *         --- INTRO 0, Ya --------------------->       at first, or after PROVE
 *         <----------------------- SHARE Yb ---
 *         --- CONFIRM Ta ---------------------->       a wrong Ta is a guess, and counted
 *         <--------------------- CONFIRM Tb ---
 *
 * Either says REFUSE with a reason, and closes.
 */
import { concat } from "../Bytes.ts"
import * as Cpace from "../pake/Cpace.ts"
import type { Reason } from "../SecureError.ts"

const types = { intro: 0x10, share: 0x11, confirm: 0x12, welcome: 0x13, prove: 0x14, refuse: 0x15 } as const

const codes = ["WrongPassphrase", "NotMember", "Banned", "TooManyGuesses", "Busy", "OwnKey"] as const

/** What an end can say with REFUSE. */
export type RefusalCode = typeof codes[number]

const isCode = (reason: Reason["_tag"]): reason is RefusalCode => codes.some((code) => code === reason)

/** The frame that says why this end refuses; `undefined` for what is not said. */
export const refusal = (reason: Reason["_tag"]): Uint8Array | undefined =>
  isCode(reason) ? Uint8Array.of(types.refuse, codes.indexOf(reason)) : undefined

/** The verdict on one that wants to come in. */
export type Verdict = "Pass" | "Banned" | "TooManyGuesses" | "Busy"

/** What this end knows, asked for when it matters: it may change between two frames. */
export interface Facts {
  /** Whether the other's key needs no passphrase. */
  readonly known: () => boolean
  /** Whether the other may prove the passphrase now. */
  readonly judge: () => Verdict
  /** Begins to prove the passphrase; `undefined` without one. */
  readonly begin: (() => Cpace.Proof) | undefined
}

/** What an end waits for, and what it needs for that. */
export type State =
  | { readonly awaits: "Intro" }
  | { readonly awaits: "Proof" }
  | { readonly awaits: "Guess"; readonly agreement: Cpace.Agreement }
  | { readonly awaits: "Welcome" }
  | { readonly awaits: "Share"; readonly proof: Cpace.Proof }
  | { readonly awaits: "Tag"; readonly agreement: Cpace.Agreement }

/** What follows from a frame. */
export type Next =
  | { readonly _tag: "Wait"; readonly state: State; readonly say: Uint8Array }
  | { readonly _tag: "Open"; readonly by: "Key" | "Passphrase"; readonly say: Uint8Array | undefined }
  /** This end refuses. `guess`: a wrong passphrase was tried. */
  | { readonly _tag: "Refuse"; readonly reason: Reason["_tag"]; readonly guess: boolean }
  /** The other end refused. */
  | { readonly _tag: "Refused"; readonly reason: RefusalCode }

const wait = (state: State, ...say: ReadonlyArray<Uint8Array>): Next => ({ _tag: "Wait", state, say: concat(...say) })
const open = (by: "Key" | "Passphrase", say?: Uint8Array): Next => ({ _tag: "Open", by, say })
const refuse = (reason: Reason["_tag"], guess = false): Next => ({ _tag: "Refuse", reason, guess })
const violation = refuse("ProtocolViolation")

/** What a responder waits for at first. */
export const expected: State = { awaits: "Intro" }

/** The initiator's first frame. */
export const introduce = (facts: Facts): Next =>
  facts.known() ? wait({ awaits: "Welcome" }, Uint8Array.of(types.intro, 1)) : offer(facts)

const offer = ({ begin }: Facts): Next => {
  if (begin === undefined) return refuse("NotMember")
  const proof = begin()
  return wait({ awaits: "Share", proof }, Uint8Array.of(types.intro, 0), proof.share)
}

const judged = (facts: Facts, pass: () => Next): Next => {
  const verdict = facts.judge()
  return verdict === "Pass" ? pass() : refuse(verdict)
}

/** A newcomer has sent its share. */
const answer = (facts: Facts, share: Uint8Array): Next => {
  const { begin } = facts
  if (begin === undefined) return refuse("NotMember")
  return judged(facts, () => {
    const proof = begin()
    const agreement = proof.agree(share)
    return agreement === undefined
      ? violation
      : wait({ awaits: "Guess", agreement }, Uint8Array.of(types.share), proof.share)
  })
}

const readIntro = (frame: Uint8Array, facts: Facts, mayKnow: boolean): Next => {
  if (frame[0] !== types.intro) return violation
  if (frame.length === 2 + Cpace.lengths.share && frame[1] === 0) return answer(facts, frame.subarray(2))
  if (!mayKnow || frame.length !== 2 || frame[1] !== 1) return violation
  if (facts.known()) return judged(facts, () => open("Key", Uint8Array.of(types.welcome)))
  if (facts.begin === undefined) return refuse("NotMember")
  return judged(facts, () => wait({ awaits: "Proof" }, Uint8Array.of(types.prove)))
}

/** Judged again: others may have guessed since this one began. */
const readGuess = (frame: Uint8Array, facts: Facts, agreement: Cpace.Agreement): Next =>
  isConfirm(frame)
    ? judged(facts, () =>
      agreement.confirms(frame.subarray(1))
        ? open("Passphrase", concat(Uint8Array.of(types.confirm), agreement.tag))
        : refuse("WrongPassphrase", true))
    : violation

const readWelcome = (frame: Uint8Array, facts: Facts): Next => {
  if (frame.length !== 1) return violation
  return frame[0] === types.welcome ? open("Key") : frame[0] === types.prove ? offer(facts) : violation
}

const readShare = (frame: Uint8Array, proof: Cpace.Proof): Next => {
  if (frame[0] !== types.share) return violation
  const agreement = proof.agree(frame.subarray(1))
  return agreement === undefined
    ? violation
    : wait({ awaits: "Tag", agreement }, Uint8Array.of(types.confirm), agreement.tag)
}

const readTag = (frame: Uint8Array, agreement: Cpace.Agreement): Next =>
  !isConfirm(frame) ? violation : agreement.confirms(frame.subarray(1)) ? open("Passphrase") : refuse("WrongPassphrase")

const isConfirm = (frame: Uint8Array): boolean => frame[0] === types.confirm && frame.length === 1 + Cpace.lengths.tag

/** What follows from a frame of the other end. */
export const read = (state: State, frame: Uint8Array, facts: Facts): Next => {
  if (frame[0] === types.refuse) {
    const reason = frame.length === 2 ? codes[frame[1] ?? codes.length] : undefined
    return reason === undefined ? violation : { _tag: "Refused", reason }
  }
  switch (state.awaits) {
    case "Intro":
      return readIntro(frame, facts, true)
    case "Proof":
      return readIntro(frame, facts, false)
    case "Guess":
      return readGuess(frame, facts, state.agreement)
    case "Welcome":
      return readWelcome(frame, facts)
    case "Share":
      return readShare(frame, state.proof)
    case "Tag":
      return readTag(frame, state.agreement)
  }
}
