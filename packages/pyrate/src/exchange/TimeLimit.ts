/** A limit on the time of a whole step, however often something comes meanwhile. */
import { LinkError } from "@peerage/wire"
import { type Duration, Effect } from "effect"

/** Fails with `PeerUnresponsive` where a step takes longer than `limit`. `awaited` names what it waits for. */
export const within = <A, E, R>(
  step: Effect.Effect<A, E, R>,
  awaited: string,
  limit: Duration.Duration
): Effect.Effect<A, E | LinkError.PeerUnresponsive, R> =>
  Effect.timeoutOrElse(step, {
    duration: limit,
    orElse: () => Effect.fail(new LinkError.PeerUnresponsive({ awaited, within: limit }))
  })
