/**
 * Who may try to join, over time. Each step is one change of the state, so a thousand guesses at once are still a
 * thousand guesses. The decisions are `AdmissionState`'s.
 */
import { OptionValue, type PeerKey, Timeouts } from "@peerage/transport"
import { Clock, Effect, Queue, type Redacted, Ref } from "effect"
import type { BanStatus, Data } from "../../codec/Message.ts"
import type { BanStoreError } from "../../PyileError.ts"
import * as State from "./AdmissionState.ts"
import type { Target } from "./BanFile.ts"
import { type Ban, BanStore } from "./BanStore.ts"
import { matches } from "./PasswordCheck.ts"

/** An address from which wrong passwords came, or on a secure transport wrong passphrases. */
export interface Suspect {
  readonly host: string
  /** Wrong ones since the last right one. */
  readonly failures: number
}

/** A peer at a secure transport, which has shown its key and not yet proved the passphrase. */
export interface KeyedVisitor extends Required<State.Visitor> {}

/**
 * What a secure transport asks about those who come. It never waits, so that it can be run at once: the transport's `gate`
 * is made of it. A wrong passphrase counts as a wrong password of the address; a banned key or address comes no further.
 */
export interface Gate {
  readonly judge: (peer: KeyedVisitor & { readonly known: boolean }) => Effect.Effect<State.Verdict>
  readonly guessed: (peer: KeyedVisitor) => Effect.Effect<void>
}

/** Admits, bans and counts. */
export interface Admission {
  readonly isBanned: (visitor: State.Visitor) => Effect.Effect<boolean>
  /** What a peer is told before it may try. */
  readonly status: (visitor: State.Visitor) => Effect.Effect<BanStatus>
  /** Compares a password in constant time, counts, and bans when it is time to. */
  readonly attempt: (visitor: State.Visitor, shadow: Redacted.Redacted<Data>) => Effect.Effect<State.Attempt>
  readonly ban: (target: Target, options?: State.BanOptions) => Effect.Effect<Ban>
  /** Bars a network or a key for a while: a ban that no store keeps. */
  readonly bar: (target: Target, options: State.BanOptions) => Effect.Effect<Ban>
  /** Takes another password from now on. Peers whose key is known may still come back with the one they joined with. */
  readonly rotate: (password: Redacted.Redacted<string>) => Effect.Effect<void>
  /** Lifts a ban and a bar; false when there was neither. Wrong passwords from there are forgotten too. */
  readonly unban: (target: Target) => Effect.Effect<boolean>
  /** Has the store keep the bans in force. They hold whether or not it can. */
  readonly keep: Effect.Effect<void, BanStoreError>
  /** The bans in force, and the bars. */
  readonly bans: Effect.Effect<ReadonlyArray<Ban>>
  /** Addresses from which wrong passwords or passphrases came. */
  readonly limbo: Effect.Effect<ReadonlyArray<Suspect>>
  /** For a secure transport that lies under the host. */
  readonly gate: Gate
  /** Bans that wrong passphrases at the gate have led to, which the host has yet to announce and keep. */
  readonly guessBans: Queue.Dequeue<Ban>
}

// Bans that wait to be announced. They hold all the same, and the next one that is kept keeps them too.
const guessBansHeld = 1000

// The latest, and those that members have joined with.
const passwordsKept = 16

const checkPolicy = OptionValue.checkAll("Admission.make", {
  attempts: OptionValue.count,
  banFor: OptionValue.span,
  maxLimbo: OptionValue.count
})

const checkBan = OptionValue.checkAll("a ban", { reason: OptionValue.text, for: OptionValue.span })

/** Keys that a secure transport admits without its passphrase, and the password that they give then. */
export interface Allowed {
  readonly keys: ReadonlyArray<PeerKey.PeerKey>
  readonly password: Redacted.Redacted<string>
}

/** Begins with the bans that the store has kept. Dies for a password or a policy that cannot be. */
export const make = Effect.fnUntraced(function*(
  password: Redacted.Redacted<string>,
  policy: State.Policy,
  allowed?: Allowed
): Effect.fn.Return<Admission, BanStoreError> {
  OptionValue.check("password of Admission.make", password, OptionValue.secret)
  checkPolicy(policy)
  const store = yield* BanStore
  const state = yield* Ref.make(State.fromBans(yield* store.load, allowed?.keys))
  const passwords = yield* Ref.make([password, ...(allowed === undefined ? [] : [allowed.password])])
  const guessBans = yield* Queue.sliding<Ban>(guessBansHeld)
  const clock = yield* Clock.Clock
  const modify = <A>(step: (state: State.AdmissionState, now: number) => readonly [State.AdmissionState, A]) =>
    Ref.modify(state, (before) => {
      const [after, outcome] = step(before, Timeouts.sinceEpoch(clock))
      return [outcome, after]
    })
  /** What the state says of this moment. */
  const ask = <A>(answer: (state: State.AdmissionState, now: number) => A) =>
    Effect.map(Ref.get(state), (state) => answer(state, Timeouts.sinceEpoch(clock)))
  const inForce = (list: (state: State.AdmissionState, now: number) => ReadonlyArray<Ban>) =>
    modify((before, now) => {
      const after = State.expire(before, now)
      return [after, list(after, now)]
    })

  const gate: Gate = {
    judge: (peer) => ask((state, now) => State.verdict(state, peer, now)),
    guessed: (peer) =>
      Effect.flatMap(
        modify((before, now) => State.guess(before, peer, { now, policy })),
        (outcome) => outcome._tag === "Ban" ? Queue.offer(guessBans, outcome.ban) : Effect.void
      )
  }

  return {
    isBanned: (visitor) => ask((state, now) => State.isBanned(state, visitor, now)),
    status: (visitor) => ask((state, now) => State.status(state, visitor, now)),
    attempt: (visitor, shadow) =>
      Effect.flatMap(Ref.get(passwords), (all) => {
        const right = all.map((password) => matches(password, shadow))
        return modify((before, now) => {
          const correct = State.isKnown(before, visitor) ? right.includes(true) : right[0] === true
          return State.attempt(before, visitor, { correct, now, policy })
        })
      }),
    rotate: (password) =>
      Effect.suspend(() => {
        OptionValue.check("password of Admission.rotate", password, OptionValue.secret)
        return Ref.update(passwords, (before) => [password, ...before].slice(0, passwordsKept))
      }),
    ban: (target, options = {}) =>
      Effect.suspend(() => {
        checkBan(options)
        return modify((before, now) => State.ban(before, target, { ...options, now }))
      }),
    bar: (target, options) => modify((before, now) => State.bar(before, target, { ...options, now })),
    unban: (target) => modify((before) => State.lift(before, target)),
    gate,
    guessBans,
    keep: Effect.flatMap(inForce(State.bans), store.save),
    bans: inForce(State.bansAndBars),
    limbo: Effect.map(
      Ref.get(state),
      ({ failures }) => Array.from(failures, ([host, failed]) => ({ host, failures: failed }))
    )
  }
})
