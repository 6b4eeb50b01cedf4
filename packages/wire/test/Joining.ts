/** Peers that join a network which the test plays, and join it again. */
import { it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Schedule, type Scope, Stream, SubscriptionRef } from "effect"
import { Rejoining } from "../src/index.ts"
import { settle } from "./Waiting.ts"

export type Reason = "Lost" | "Refused" | "Banned"

export interface Session {
  readonly id: number
  readonly end: Deferred.Deferred<never, Reason>
}

/** A network that takes everybody in, except for `refusals`, and what a peer does there, step by step. */
export class Network {
  readonly refusals: Array<Reason> = []
  readonly log: Array<string> = []
  /** Milliseconds that leaving a session takes. */
  leaving = 0
  private sessions = 0

  private readonly note = (text: string) => Effect.sync(() => void this.log.push(text))

  readonly join = Effect.fnUntraced(
    function*(this: Network, previous: Session | undefined): Effect.fn.Return<Session, Reason, Scope.Scope> {
      yield* this.note(`joins after ${previous?.id ?? "none"}`)
      yield* Effect.addFinalizer((exit) =>
        this.note(`closes, ${Exit.isSuccess(exit) ? "Left" : Cause.squash(exit.cause)}`)
      )
      yield* Effect.addFinalizer(() => this.leaving === 0 ? Effect.void : Effect.sleep(this.leaving))
      const refusal = this.refusals.shift()
      if (refusal !== undefined) return yield* Effect.fail(refusal)
      return { id: ++this.sessions, end: yield* Deferred.make<never, Reason>() }
    }.bind(this)
  )

  readonly make = (options: Partial<Rejoining.Options<Session, Reason, Reason>> = {}) =>
    Rejoining.make<Session, Reason, Reason>({
      join: this.join,
      stay: ({ end }) => Deferred.await(end),
      rejoin: Schedule.spaced("1 second"),
      mayRetry: (reason) => reason !== "Banned",
      lasting: "10 seconds",
      reasonOf: (reason) => reason,
      ended: ({ id }, reason) => this.note(`${id} ended, ${reason}`),
      failed: (reason) => this.note(`failed, ${reason}`),
      ...options
    })

  /** Forgets the log, and gives it. */
  readonly happened = () => this.log.splice(0)
}

/** Ends the latest session, and lets what follows at once happen. */
export const end = (peer: Rejoining.Rejoining<Session, Reason, Reason>, reason: Reason) =>
  Effect.andThen(Deferred.fail(peer.session().end, reason), settle)

/** Every status from now on, in words. */
export const statusesOf = Effect.fnUntraced(function*({ status }: Rejoining.Rejoining<Session, Reason, Reason>) {
  const seen: Array<string> = []
  const words = (now: Rejoining.Status) => "reason" in now ? `${now._tag}, ${now.reason}` : now._tag
  yield* Effect.forkScoped(
    Stream.runForEach(SubscriptionRef.changes(status), (now) => Effect.sync(() => void seen.push(words(now))))
  )
  yield* settle
  return seen
})

/** A test of peers in a network of its own. */
export const rejoining = (
  title: string,
  body: (network: Network) => Effect.fn.Return<void, unknown, Scope.Scope>
) => it.effect(title, () => Effect.fnUntraced(body)(new Network()))
