/**
 * Offers that wait for somebody to decide. The library waits for the answer too, but not for an asker that has gone:
 * then the question is withdrawn.
 */
import type { PeerPyEvent } from "@peerage/peerpy"
import { Deferred, Effect } from "effect"

/** An offer that waits for an answer. */
export interface Question extends PeerPyEvent.Offer {
  /** Answers it; without effect on one that is withdrawn or answered already. */
  readonly answer: (wanted: boolean) => Effect.Effect<void>
}

/** The offers of one peer. */
export interface Asking {
  /** Waits for the answer. */
  readonly ask: (offer: PeerPyEvent.Offer) => Effect.Effect<boolean>
  /** Those that wait now, the oldest first. */
  readonly waiting: () => ReadonlyArray<Question>
}

/** Nobody has asked yet; `withdrawn` is told of an offer whose asker has gone. */
export const make = (withdrawn: (offer: PeerPyEvent.Offer) => Effect.Effect<void>): Asking => {
  const questions = new Set<Question>()
  const ask = Effect.fnUntraced(function*(offer: PeerPyEvent.Offer) {
    const answer = yield* Deferred.make<boolean>()
    const question: Question = {
      ...offer,
      answer: (wanted) =>
        Effect.suspend(() => {
          questions.delete(question)
          return Effect.asVoid(Deferred.succeed(answer, wanted))
        })
    }
    questions.add(question)
    return yield* Deferred.await(answer).pipe(
      Effect.onInterrupt(() => questions.delete(question) ? withdrawn(offer) : Effect.void)
    )
  })
  return { ask, waiting: () => [...questions] }
}
