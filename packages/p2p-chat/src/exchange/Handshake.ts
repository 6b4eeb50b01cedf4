/**
 * The beginning of a connection: the joiner asks for an id; the server answers with its own id, or that the id is taken.
 *
 *     joiner                                   server
 *       HANDSHAKE_START {id}             -->
 *                                        <--   HANDSHAKE_RESPONSE {id of the server}
 *     or                                 <--   HANDSHAKE_RESPONSE {error}, and the connection ends
 *
 * (docs/wire/p2p-chat.md, sections 3.1 and 3.2.)
 */
import type { Link, LinkError } from "@peerage/wire"
import { type Duration, Effect } from "effect"
import { DuplicateId, InvalidId } from "../ChatError.ts"
import { HandshakeResponse, HandshakeStart } from "../codec/Message.ts"
import * as PeerId from "../codec/PeerId.ts"

/** The other end of a connection after the handshake. */
export interface PeerInfo {
  readonly id: PeerId.PeerId
  /** True for a peer with our extension: its frames may share a write, and its routes count hops. */
  readonly extended: boolean
}

// The first version of our extension.
const extension = 1

// Protobuf does not write an id of zero, and reads it as zero again.
const noId = PeerId.make(0n)

/**
 * Asks to join under an id. Succeeds with the server's id. Fails with `DuplicateId` when the id is taken, and with
 * `InvalidId` when the server's own id is unusable.
 */
export const initiate = Effect.fn("Handshake.initiate")(function*(
  link: Link.Link,
  id: PeerId.PeerId,
  within: Duration.Input
): Effect.fn.Return<PeerInfo, DuplicateId | InvalidId | LinkError.ReceiveError | LinkError.SendError> {
  yield* link.send(HandshakeStart, { _tag: "HandshakeStart", id, extension })
  const answer = yield* link.receive(HandshakeResponse, within)
  if (answer.error) return yield* new DuplicateId({ id })
  if (!PeerId.usable(answer.id)) return yield* new InvalidId({ id: answer.id })
  return { id: answer.id, extended: answer.extension > 0 }
})

/**
 * Waits for a joiner's request, admits it, and answers. Fails with the reason when the joiner is refused; a joiner that
 * cannot have its id has been answered by then.
 *
 * Quirk: after an error the original goes on reading, and delivers what a stranger sends. We end the connection.
 */
export const respond = Effect.fn("Handshake.respond")(function*<A, E, R>(
  link: Link.Link,
  self: PeerId.PeerId,
  options: { readonly admit: (joiner: PeerInfo) => Effect.Effect<A, E, R>; readonly within: Duration.Input }
): Effect.fn.Return<A, E | InvalidId | LinkError.ReceiveError | LinkError.SendError, R> {
  const asked = yield* link.receive(HandshakeStart, options.within)
  const joiner = { id: asked.id, extended: asked.extension > 0 }
  if (!PeerId.usable(joiner.id)) {
    yield* refuse(link)
    return yield* new InvalidId({ id: joiner.id })
  }
  const admission = yield* Effect.tapError(
    options.admit(joiner),
    (error) => error instanceof DuplicateId ? Effect.ignore(refuse(link)) : Effect.void
  )
  const answer = { id: self, error: false, extension: joiner.extended ? extension : 0 }
  yield* link.send(HandshakeResponse, { _tag: "HandshakeResponse", ...answer })
  return admission
})

const refuse = (link: Link.Link) =>
  link.send(HandshakeResponse, { _tag: "HandshakeResponse", id: noId, error: true, extension: 0 })
