/**
 * Shows that this end of an idle connection is there: a bare header, which is not answered.
 *
 *     either end                 other end
 *       PING|||...          -->
 *
 * A stream is never probed: an original takes the probe for payload. (docs/wire/peerpy.md, sections 4 and 5.)
 */
import { type Effect, Result } from "effect"
import * as Header from "../codec/Header.ts"
import type { SendError } from "../PeerPyError.ts"
import type { MessageWriter } from "./MessageWriter.ts"

const ping = Result.getOrThrow(Header.encode({ _tag: "Ping" }))

/** Sends a probe, unless something else is being sent. */
export const send = (writer: MessageWriter): Effect.Effect<void, SendError> => writer.writeBetween(ping)
