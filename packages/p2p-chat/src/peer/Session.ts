/**
 * One connection's life, whoever dialed: the handshake, then the conversation until it ends.
 *
 *     handshake -> attached: everybody is announced, what was kept is said -> MESSAGE, JOIN, LEAVE ... -> detached
 *
 * Every way out takes back what was announced through it.
 */
import { Endpoint, type Pipe, Timeouts } from "@peerage/transport"
import { PipeLink } from "@peerage/wire"
import { Cause, Clock, Effect, Exit, Option, Schema, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { ChatConfig } from "../ChatConfig.ts"
import { DuplicateId, SessionFailure } from "../ChatError.ts"
import { format } from "../codec/Frame.ts"
import type { PeerMessage } from "../codec/Message.ts"
import * as Conversation from "../exchange/Conversation.ts"
import type { Acquaintance } from "../exchange/Handshake.ts"
import type { Neighbour, Role } from "./Neighbour.ts"
import type { Router } from "./Router.ts"
import * as Speaking from "./Speaking.ts"

/** A connection that speaks messages, for the scope's life. */
export const open = <E>(
  connect: Effect.Effect<Pipe.Pipe, E>,
  { maxFrameBytes }: ChatConfig
): Effect.Effect<PipeLink.PipeLink, E, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(connect, (pipe) => Effect.sync(() => pipe.close()), { interruptible: true }),
    (pipe) => PipeLink.make(pipe, { format, limit: maxFrameBytes })
  )

/**
 * Takes a neighbour in for the scope's life, unless its id is taken. Looking and taking is one step. It is let go with
 * the tag of what the scope's exit fails with.
 */
export const attach = (
  router: Router,
  link: PipeLink.PipeLink,
  newcomer: Acquaintance & { readonly role: Role }
): Effect.Effect<Neighbour, DuplicateId, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.suspend(() =>
      router.isTaken(newcomer.id)
        ? Effect.fail(new DuplicateId({ id: newcomer.id }))
        : Effect.succeed(router.attach({ ...newcomer, host: NetAddress.formatHost(link.remote) }))
    ),
    (neighbour, exit) =>
      Effect.gen(function*() {
        const reason = reasonOf(exit)
        if (reason === left) yield* Speaking.lastWords(router, link, neighbour)
        router.detach(neighbour, reason, yield* Timeouts.now)
        yield* router.tell
      })
  )

// Without a failure it was this peer that left.
const left = "Left"

const isSessionFailure = Schema.is(SessionFailure)

/** The tag of what ended a session. */
const reasonOf = (exit: Exit.Exit<unknown, unknown>): string => {
  const error = Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
  return isSessionFailure(error) ? Endpoint.reasonOf(error) : left
}

/** Never succeeds: converses until the connection ends, then fails with why. */
export const converse = (
  router: Router,
  link: PipeLink.PipeLink,
  neighbour: Neighbour
): Effect.Effect<never, SessionFailure> =>
  Effect.andThen(
    router.tell,
    Effect.raceFirst(listen(router, link, neighbour), Speaking.speak(router, link, neighbour))
  )

/** Never succeeds: takes in what is said. */
const listen = (
  router: Router,
  link: PipeLink.PipeLink,
  neighbour: Neighbour
): Effect.Effect<never, SessionFailure> =>
  Effect.flatMap(Clock.Clock, (clock) => {
    let warned = false
    return Conversation.hear(link, (messages): Effect.Effect<void, SessionFailure> | undefined => {
      const strange = !warned && messages.some(isStrange)
      const excess = router.hear(neighbour, messages, Timeouts.read(clock))
      const news = router.tellUnsafe()
      if (!strange && excess === undefined) return news
      warned ||= strange
      return Effect.gen(function*() {
        if (strange) yield* warn(neighbour)
        if (news !== undefined) yield* news
        if (excess !== undefined) return yield* excess
      })
    })
  })

const isStrange = ({ _tag }: PeerMessage): boolean => _tag !== "Chat" && _tag !== "Join" && _tag !== "Leave"

const warn = ({ id }: Neighbour): Effect.Effect<void> =>
  Effect.logWarning(`peer ${id} sends messages that mean nothing in a conversation; they are ignored`)
