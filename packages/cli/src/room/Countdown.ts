/**
 * How long it takes until the next try to connect: a line that counts down at a terminal, an event for programs, a line
 * on standard error elsewhere.
 *
 *     10.0.0.1:4702: nobody listens there. Trying again in 12 s.
 */
import { reasonOf } from "@peerage/console/Reasons"
import { Endpoint, SocketFailure } from "@peerage/transport"
import { Rejoining } from "@peerage/wire"
import { Cause, Clock, Console, Duration, Effect, Predicate, type Scope } from "effect"
import { code, codeOf } from "../Exit.ts"
import * as Reporter from "./Reporter.ts"
import type { Screen } from "./Screen.ts"
import { iso } from "./Style.ts"

/** Whom a command tries to reach, and how it puts reasons into words. */
export interface Goal {
  readonly peer: string
  readonly inWords: (reason: string) => string
  /** What more is known of an error than its reason says, as a sentence or several without the last full stop. */
  readonly told?: ((error: unknown) => string | undefined) | undefined
}

/** What a plain command may add at a peer that does as an encrypted one does. */
export const ifEncrypted = "If it is encrypted, add --secure or give its invitation"

// So does an encrypted peer, a full one, and a forwarded port whose program has not started yet: they cannot be told apart.
const brokenOff: ReadonlyArray<string> = ["TurnedAway", "Unanswered"]

/** What a plain command says about a peer that broke off before it answered. */
export const ofBreakingOff = (error: unknown): string | undefined =>
  brokenOff.includes(reasonOf(error)) ? `it broke off before it answered. ${ifEncrypted}` : undefined

/** Whether another try may help: not where the peer has answered and said no, nor where a key or a passphrase is wrong. */
const mayRetry = (error: unknown): boolean => {
  const reason = reasonOf(error)
  if (SocketFailure.isRefusal(reason)) return !Endpoint.finals.includes(reason)
  return brokenOff.includes(reason) || codeOf(Cause.fail(error)) === code.unreachable
}

/** A reason in words; that of a failed dial by its errno, which says more. */
const wordsOf = (error: unknown, { inWords }: Goal): string => {
  const reason = Predicate.hasProperty(error, "reason") && Predicate.hasProperty(error.reason, "_tag")
    ? error.reason
    : error
  const errno = Predicate.hasProperty(reason, "code") ? String(reason.code) : ""
  return errno === "" || inWords(errno) === errno ? inWords(reasonOf(error)) : inWords(errno)
}

/** Counts down in a changing line until it is interrupted, which removes the line. */
const ticking = (status: NonNullable<Screen["status"]>, text: string, pause: Duration.Duration): Effect.Effect<void> =>
  Effect.gen(function*() {
    const end = (yield* Clock.currentTimeMillis) + Duration.toMillis(pause)
    while (true) {
      const seconds = Math.ceil((end - (yield* Clock.currentTimeMillis)) / 1000)
      yield* status((columns) => [`${text} Trying again in ${Math.max(seconds, 0)} s.`.slice(0, columns - 1)])
      yield* Effect.sleep("1 second")
    }
  }).pipe(Effect.ensuring(status(() => [])))

/** Makes a peer; where `persistent`, again and again while what it needs cannot be reached or breaks off. */
export const persisting = <A, E, R>(
  persistent: boolean,
  make: Effect.Effect<A, E, R>,
  waiting: (retry: Rejoining.Retry<unknown>) => Effect.Effect<void>
): Effect.Effect<A, E, R | Scope.Scope> =>
  persistent
    ? Rejoining.persistently(make, Rejoining.patiently, { mayRetry, waiting })
    : make

/** What runs during each pause between two tries. */
export const make =
  (screen: Pick<Screen, "kind" | "status">, goal: Goal) =>
  ({ pause, reason }: Rejoining.Retry<unknown>): Effect.Effect<void> => {
    const text = `${goal.peer}: ${goal.told?.(reason) ?? wordsOf(reason, goal)}.`
    if (screen.status !== undefined) return ticking(screen.status, text, pause)
    if (screen.kind !== "Json") {
      return Console.error(`${text} Trying again in ${Math.ceil(Duration.toSeconds(pause))} s.`)
    }
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const next = iso(now + Duration.toMillis(pause))
      return Reporter.programs([{ _tag: "Retrying", peer: goal.peer, reason: reasonOf(reason), next }])
    })
  }
