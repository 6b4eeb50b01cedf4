/**
 * A sign of life on a connection that is idle: a bare header, which nobody answers.
 *
 *     either end                 other end
 *       PING|||...          -->
 *
 * A stream is never probed: an original takes the probe for payload. (PEERPY.md, sections 4 and 5.)
 */
import { Effect, Result } from "effect"
import * as Header from "../codec/Header.ts"
import type { Outlet, OutletError } from "./Outlet.ts"

/** Sends a probe, unless something else is being sent. */
export const send = (outlet: Outlet): Effect.Effect<void, OutletError> =>
  Result.match(Header.encode({ _tag: "Ping" }), {
    onSuccess: outlet.writeBetween,
    onFailure: (error) => Effect.die(error)
  })
