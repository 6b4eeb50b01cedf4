/**
 * The first words of a connection: the joiner asks for an id, the server tells its own or that the id is taken.
 *
 *     joiner                                   server
 *       HANDSHAKE_START {id}             -->
 *                                        <--   HANDSHAKE_RESPONSE {id of the server}
 *     or                                 <--   HANDSHAKE_RESPONSE {error}, and the connection ends
 *
 * (P2P-CHAT.md, sections 3.1 and 3.2.)
 */
import type { Link, LinkError } from "@peerage/wire"
import { type Duration, Effect } from "effect"
import { DuplicateId, InvalidId } from "../ChatError.ts"
import { HandshakeResponse, HandshakeStart } from "../codec/Message.ts"
import * as PeerId from "../codec/PeerId.ts"

/** The other end of a connection that has shaken hands. */
export interface Acquaintance {
  readonly id: PeerId.PeerId
  /** Whether it is one of ours, so that frames may share a write and routes count hops. */
  readonly ours: boolean
}

// The first version of what two of ours have between them.
const extension = 1

// Without an error in it, an id of zero is left out, and protobuf reads zero again.
const noId = PeerId.make(0n)

/**
 * Asks to join under an id, and learns whom. Fails with `DuplicateId` where the id is taken, with `InvalidId` where the
 * server's own id is none.
 */
export const initiate = Effect.fn("Handshake.initiate")(function*(
  link: Pick<Link.Link, "send" | "receive">,
  id: PeerId.PeerId,
  within: Duration.Input
): Effect.fn.Return<Acquaintance, DuplicateId | InvalidId | LinkError.ReceiveError | LinkError.SendError> {
  yield* link.send(HandshakeStart, { _tag: "HandshakeStart", id, extension })
  const answer = yield* link.receive(HandshakeResponse, within)
  if (answer.error) return yield* new DuplicateId({ id })
  if (!PeerId.usable(answer.id)) return yield* new InvalidId({ id: answer.id })
  return { id: answer.id, ours: answer.extension > 0 }
})

/** Takes a joiner in, or says why not. */
export type Admit<A, E, R> = (joiner: Acquaintance) => Effect.Effect<A, E | DuplicateId, R>

/**
 * Waits for a joiner to ask, has it admitted, and answers. Fails with why it was turned away; of an id that it cannot
 * have it has been told by then.
 *
 * Quirk: after an error the original goes on reading, and delivers what a stranger says. We end the connection.
 */
export const respond = Effect.fn("Handshake.respond")(function*<A, E, R>(
  link: Pick<Link.Link, "send" | "receive">,
  self: PeerId.PeerId,
  options: { readonly admit: Admit<A, E, R>; readonly within: Duration.Input }
): Effect.fn.Return<A, E | DuplicateId | InvalidId | LinkError.ReceiveError | LinkError.SendError, R> {
  const asked = yield* link.receive(HandshakeStart, options.within)
  const joiner = { id: asked.id, ours: asked.extension > 0 }
  if (!PeerId.usable(joiner.id)) {
    yield* refuse(link)
    return yield* new InvalidId({ id: joiner.id })
  }
  const admission = yield* Effect.tapError(
    options.admit(joiner),
    (error) => error instanceof DuplicateId ? Effect.ignore(refuse(link)) : Effect.void
  )
  const answer = { id: self, error: false, extension: joiner.ours ? extension : 0 }
  yield* link.send(HandshakeResponse, { _tag: "HandshakeResponse", ...answer })
  return admission
})

const refuse = (link: Pick<Link.Link, "send" | "receive">) =>
  link.send(HandshakeResponse, { _tag: "HandshakeResponse", id: noId, error: true, extension: 0 })
