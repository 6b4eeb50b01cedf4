/** The end of an established connection, so that the other end notices. */
import { Timeouts } from "@peerage/transport"
import type { ByteLink } from "@peerage/wire"
import { Duration, Effect, FiberSet } from "effect"
import type { EndReason } from "../PeerPyError.ts"
import type { PeerContext } from "./PeerContext.ts"

/** A connection that is over at this end. */
export interface Closing {
  readonly link: ByteLink.ByteLink
  readonly extended: boolean
  readonly reason: EndReason
  /** When something was last written, in milliseconds as `Timeouts.now` has them. */
  readonly writtenAt: number
}

/**
 * Closes the link.
 *
 * Quirk: an original never notices a FIN, and spins on it; it notices a reset. A reset destroys what is under way, so it
 * comes a while after the last write, in a fiber of `PeerContext.closing`.
 */
export const close = (
  { closing, config: { linger } }: PeerContext,
  { extended, link, reason, writtenAt }: Closing
): Effect.Effect<void> =>
  Effect.gen(function*() {
    if (extended || reason._tag === "PeerClosed" || reason._tag === "SocketError") return yield* link.close
    const rest = Duration.toMillis(linger) - ((yield* Timeouts.now) - writtenAt)
    if (rest <= 0) return yield* link.reset
    yield* FiberSet.run(closing, Effect.andThen(Timeouts.pause(rest), link.reset))
  })
