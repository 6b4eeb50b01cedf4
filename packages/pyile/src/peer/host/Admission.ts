/**
 * Who may try to join, over time. Each step is one change of the state, so a thousand guesses at once are still a
 * thousand guesses. The decisions are `AdmissionState`'s.
 */
import { OptionValue } from "@peerage/transport"
import { Clock, Effect, Redacted, Ref } from "effect"
import type * as IpNetwork from "effect/net/IpNetwork"
import type { BanStatus, Data } from "../../codec/Message.ts"
import type { BanStoreError } from "../../PyileError.ts"
import * as State from "./AdmissionState.ts"
import { type Ban, BanStore } from "./BanStore.ts"
import { matches } from "./PasswordCheck.ts"

/** An address from which wrong passwords came. */
export interface Suspect {
  readonly host: string
  /** Wrong passwords since the last right one. */
  readonly failures: number
}

/** Admits, bans and counts. */
export interface Admission {
  readonly isBanned: (host: string) => Effect.Effect<boolean>
  /** What an address is told before it may try. */
  readonly status: (host: string) => Effect.Effect<BanStatus>
  /** Compares a password in constant time, counts, and bans when it is time to. */
  readonly attempt: (host: string, shadow: Redacted.Redacted<Data>) => Effect.Effect<State.Attempt>
  readonly ban: (network: IpNetwork.IpNetwork, options?: State.BanOptions) => Effect.Effect<Ban>
  /** Bars a network for a while: a ban that no store keeps. */
  readonly bar: (network: IpNetwork.IpNetwork, options: State.BanOptions) => Effect.Effect<Ban>
  /** Lifts a ban and a bar; false when there was neither. Wrong passwords from there are forgotten too. */
  readonly unban: (network: IpNetwork.IpNetwork) => Effect.Effect<boolean>
  /** Has the store keep the bans in force. They hold whether or not it can. */
  readonly keep: Effect.Effect<void, BanStoreError>
  /** The bans in force, and the bars. */
  readonly bans: Effect.Effect<ReadonlyArray<Ban>>
  /** Addresses from which wrong passwords came. */
  readonly limbo: Effect.Effect<ReadonlyArray<Suspect>>
}

const checkPolicy = OptionValue.checkAll("Admission.make", {
  attempts: OptionValue.count,
  banFor: OptionValue.span,
  maxLimbo: OptionValue.count
})

const checkBan = OptionValue.checkAll("a ban", { reason: OptionValue.text, for: OptionValue.span })

/** Begins with the bans that the store has kept. Dies for a password or a policy that cannot be. */
export const make = Effect.fnUntraced(function*(
  password: Redacted.Redacted<string>,
  policy: State.Policy
): Effect.fn.Return<Admission, BanStoreError> {
  OptionValue.check("password of Admission.make", password, OptionValue.secret)
  checkPolicy(policy)
  const store = yield* BanStore
  const state = yield* Ref.make(State.fromBans(yield* store.load))
  const now = Clock.currentTimeMillis
  const modify = <A>(step: (state: State.AdmissionState, now: number) => readonly [State.AdmissionState, A]) =>
    Effect.flatMap(now, (now) =>
      Ref.modify(state, (before) => {
        const [after, outcome] = step(before, now)
        return [outcome, after]
      }))
  const inForce = (list: (state: State.AdmissionState, now: number) => ReadonlyArray<Ban>) =>
    modify((before, now) => {
      const after = State.expire(before, now)
      return [after, list(after, now)]
    })

  const status = (host: string) =>
    Effect.zipWith(Ref.get(state), now, (admission, now) => State.status(admission, host, now))

  return {
    isBanned: (host) => Effect.map(status(host), ({ banned }) => banned),
    status,
    attempt: (host, shadow) => {
      const correct = matches(password, shadow)
      return modify((before, now) => State.attempt(before, host, { correct, now, policy }))
    },
    ban: (network, options = {}) =>
      Effect.suspend(() => {
        checkBan(options)
        return modify((before, now) => State.ban(before, network, { ...options, now }))
      }),
    bar: (network, options) => modify((before, now) => State.bar(before, network, { ...options, now })),
    unban: (network) => modify((before) => State.lift(before, network)),
    keep: Effect.flatMap(inForce(State.bans), store.save),
    bans: inForce(State.bansAndBars),
    limbo: Effect.map(
      Ref.get(state),
      ({ failures }) => Array.from(failures, ([host, failed]) => ({ host, failures: failed }))
    )
  }
})
