/**
 * Proof of life, from the host to each joiner and back, for as long as the connection lives.
 *
 *   joiner                    host
 *     | <--- {"<3": true} ----- |      at once after joining, then 2 s after each answer
 *     | ---- {"<3": true} ----> |
 *
 * Source: the wire document, section 6.
 */
import { type Link, LinkError } from "@peerage/wire"
import { Duration, Effect } from "effect"
import { Heartbeat } from "../codec/Message.ts"

/** The host's side: sends one beat. Waits while the joiner does not read. */
export const initiate = (link: Link.Link): Effect.Effect<void, LinkError.SendError> =>
  link.send(Heartbeat, { "<3": true })

/** The host's side: waits for answers, at least one. */
export const answered = (link: Link.Link): Effect.Effect<unknown, LinkError.ReceiveError> => link.receiveAll(Heartbeat)

/** The joiner's side. Never succeeds: answers beats until none came for `silence`, then fails with `PeerUnresponsive`. */
export const respond = (link: Link.Link, silence: Duration.Input): Effect.Effect<never, LinkError.ReceiveError> => {
  const unread = new LinkError.PeerUnresponsive({
    awaited: "sign of reading",
    within: Duration.fromInputUnsafe(silence)
  })
  const answer = Effect.timeoutOrElse(initiate(link), { duration: silence, orElse: () => Effect.fail(unread) })
  return Effect.forever(Effect.andThen(link.receive(Heartbeat, silence), answer), { disableYield: true })
}
