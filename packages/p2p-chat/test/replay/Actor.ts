/** Our own peer in the role of a recorded original: with the same id, at the same address, with the same to say. */
import { ChatPeer, PeerId } from "@peerage/p2p-chat"
import type { Transport } from "@peerage/transport"
import { Effect, type Scope } from "effect"
import type { Line } from "./Cues.ts"
import type { Role, Session } from "./Recording.ts"

/** The peer that plays a role. Never begins under an id that no peer can have, which whoever types it is told. */
export const enter = (
  session: Session,
  role: Role
): Effect.Effect<ChatPeer.ChatPeerService, unknown, Transport.Transport | Scope.Scope> => {
  const id = PeerId.parse(role.id)
  if (id === undefined) return Effect.never
  const join = session.connections.find(({ number }) => number === role.joinedWith)?.acceptor
  return ChatPeer.make({ listen: role.listen ?? "127.0.0.1:0", join, id })
}

/** Types a line. */
export const say = (actor: ChatPeer.ChatPeerService, { chat }: Line): Effect.Effect<unknown> =>
  Effect.ignore(actor.send(chat.to, chat.text))
