/** How sessions end: what their streams see of it, and how both ends leave without a reset. */
import type { Pipe } from "@peerage/transport/Pipe"
import * as SocketFailure from "@peerage/transport/SocketFailure"
import { isSocketError, type SocketError } from "effect/socket/Socket"
import type { SecureError } from "../SecureError.ts"
import type { Shared } from "./Shared.ts"

/** The errno of a lost carrier: a reset, where it has none. */
export const errnoOf = (error: SocketError): SocketFailure.Errno => {
  const found = SocketFailure.errno(error)
  return SocketFailure.errnos.find((known) => known === found) ?? "ECONNRESET"
}

/** What readers and writers of streams meet when their session is lost: a reset, or the carrier's own errno. */
export const ofStreams = (
  why: SecureError | SocketError | undefined
): { readonly reading: SocketError; readonly writing: SocketError } => {
  const error = SocketFailure.systemError(isSocketError(why) ? errnoOf(why) : "ECONNRESET", "the session has ended")
  const cause = why === undefined ? error : Object.assign(error, { cause: why })
  return { reading: SocketFailure.readFailed(cause), writing: SocketFailure.writeFailed(cause) }
}

/** Half-closes a carrier on which all is said, and waits for the other end to do so too, for a while. */
export const leave = (carrier: Pipe, { after, numbers }: Pick<Shared, "after" | "numbers">): void => {
  carrier.end()
  let over = false
  const close = (how: "close" | "reset" | undefined) => {
    if (over) return
    over = true
    cancel()
    if (how !== undefined) carrier[how]()
  }
  const cancel = after(numbers.leaveTimeout, () => close("reset"))
  const look = () => {
    // What crossed on the way is not for anybody.
    while (carrier.take() !== undefined);
    if (carrier.ended() !== undefined) close("close")
  }
  carrier.observe({ readable: look, drained: () => {}, closed: () => close(undefined) })
}
