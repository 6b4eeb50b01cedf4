/**
 * One connection's life, whoever dialed: the handshake, then the conversation until it ends.
 *
 *     handshake -> attached: all peers are announced, stored text is sent -> MESSAGE, JOIN, LEAVE ... -> detached
 *
 * However it ends, what was announced through it is withdrawn.
 */
import { LinkError } from "@peerage/wire"
import { Cause, Deferred, Effect, Exit, Option, Schema, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { type DuplicateId, reasonOf, SessionFailure } from "../ChatError.ts"
import type { EndReason } from "../ChatEvent.ts"
import { format } from "../codec/Frame.ts"
import type { PeerMessage } from "../codec/Message.ts"
import * as Conversation from "../exchange/Conversation.ts"
import type { Router } from "./Router.ts"
import type { Role } from "./router/RouterState.ts"

/** A connection after the handshake. */
export interface Session extends Conversation.Conversation {
  readonly router: Router
  /** Never succeeds: fails when the neighbour is let go. */
  readonly lost: Effect.Effect<never, LinkError.TooMuchHeld>
}

/** How links of a peer are read. */
export const linkOptions = ({ budget, config: { frameTimeout: silence, maxFrameBytes: limit } }: Router) => ({
  format,
  limit,
  unfinished: { budget, silence }
})

/**
 * Takes in the peer as a neighbour for the scope's life. Fails when its id is taken. It leaves with the error that the
 * scope's exit fails with; without one, this peer leaves, and sends what is still queued.
 */
export const attach = (
  { link, peer, router }: Pick<Session, "link" | "peer" | "router">,
  role: Role
): Effect.Effect<Session, DuplicateId, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.gen(function*(): Effect.fn.Return<Session, DuplicateId> {
      const lost = yield* Deferred.make<never, LinkError.TooMuchHeld>()
      const queue = yield* router.attach(
        { ...peer, role, host: NetAddress.formatHost(link.remote), key: link.identity },
        (excess) => Deferred.fail(lost, new LinkError.TooMuchHeld(excess))
      )
      return { router, link, peer, queue, config: router.config, lost: Deferred.await(lost) }
    }),
    (session, exit) => {
      const reason = endReason(exit)
      const rest = reason === "Left" ? Conversation.sendRest(session) : Effect.void
      return Effect.andThen(rest, router.detach(peer.id, reason))
    }
  )

const isSessionFailure = Schema.is(SessionFailure)

const endReason = (exit: Exit.Exit<unknown, unknown>): EndReason => {
  const error = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
  return isSessionFailure(error) ? reasonOf(error) : "Left"
}

/** Never succeeds: receives and sends until the connection ends, then fails with the reason. */
export const run = (session: Session): Effect.Effect<never, SessionFailure> =>
  Effect.raceAllFirst([receive(session), Conversation.send(session), session.lost])

const receive = ({ link, peer, router }: Session): Effect.Effect<never, SessionFailure> =>
  Effect.gen(function*() {
    const received = Conversation.receive(link)
    let warned = false
    while (true) {
      const messages = yield* received
      if (!warned && messages.some(isMeaningless)) {
        warned = true
        yield* Effect.logWarning(`peer ${peer.id} sends messages that mean nothing in a conversation; they are ignored`)
      }
      yield* router.receive(peer.id, messages)
    }
  })

const isMeaningless = ({ _tag }: PeerMessage): boolean => _tag !== "Chat" && _tag !== "Join" && _tag !== "Leave"
