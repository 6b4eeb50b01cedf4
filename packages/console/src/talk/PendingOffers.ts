/**
 * Offers of connections that wait for a decision. The library waits for the decision too, but not when the other end has
 * gone: then the offer is withdrawn.
 */
import type { PeerPyEvent } from "@peerage/peerpy"
import { Clock, Deferred, Effect } from "effect"

/** An offer that waits. */
export interface PendingOffer extends PeerPyEvent.Offer {
  /** When it came, in milliseconds since 1970. */
  readonly since: number
  /** Accepts or denies it; has no effect on an offer that is withdrawn or decided already. */
  readonly decide: (accepted: boolean) => Effect.Effect<unknown>
}

/** The offers of one room. */
export type PendingOffers = ReturnType<typeof make>

/** Makes an empty list; `withdrawn` runs for an offer whose other end has gone. */
export const make = (withdrawn: (offer: PeerPyEvent.Offer) => Effect.Effect<void>) => {
  const offers = new Set<PendingOffer>()
  /** Adds an offer and waits for the decision. */
  const ask = Effect.fnUntraced(function*(offer: PeerPyEvent.Offer) {
    const decision = yield* Deferred.make<boolean>()
    const pending: PendingOffer = {
      ...offer,
      since: yield* Clock.currentTimeMillis,
      decide: (accepted) =>
        Effect.andThen(Effect.sync(() => offers.delete(pending)), Deferred.succeed(decision, accepted))
    }
    offers.add(pending)
    return yield* Deferred.await(decision).pipe(
      Effect.onInterrupt(() => offers.delete(pending) ? withdrawn(offer) : Effect.void)
    )
  })
  /** Those that wait now, the oldest first. */
  const waiting = (): ReadonlyArray<PendingOffer> => [...offers]
  return { ask, waiting }
}
