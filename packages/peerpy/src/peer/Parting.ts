/** The end of a connection, so that the other end notices. */
import { Duration, Effect, type Fiber } from "effect"
import { now, type Outlet } from "../exchange/Outlet.ts"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import type { EndReason } from "../PeerPyError.ts"

/** What is to be ended. */
export interface Ending {
  readonly outlet: Outlet
  /** Whether the other end is one of ours. */
  readonly ours: boolean
  /** Frees the socket, with FIN after what was written, or with RST. */
  readonly free: (how: "Fin" | "Reset") => void
}

/** What ending goes by. */
export interface Surroundings {
  readonly config: PeerPyConfig
  /** Given what ends the connection for the other end as well, where that takes a moment. */
  readonly parting: (ending: Fiber.Fiber<void>) => void
}

/**
 * Frees the socket so that the other end notices.
 *
 * Quirk: an original never notices a FIN, and spins on it; it notices a reset. A reset destroys what is under way, so it
 * comes a while after the last write. Nobody waits for that.
 */
export const hangUp = (
  { free, ours, outlet }: Ending,
  { config: { linger }, parting }: Surroundings,
  reason: EndReason
): Effect.Effect<void> =>
  Effect.gen(function*() {
    if (ours || reason._tag === "PeerClosed" || reason._tag === "SocketError") return free("Fin")
    const rest = Duration.toMillis(linger) - ((yield* now) - outlet.writtenAt())
    if (rest <= 0) return free("Reset")
    parting(yield* Effect.forkDetach(Effect.andThen(Effect.sleep(rest), Effect.sync(() => free("Reset")))))
  })
