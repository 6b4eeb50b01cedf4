/**
 * One connection's life, whoever dialed: the handshake, then the conversation until it ends.
 *
 *     handshake -> attached: everybody is announced, what was kept is said -> MESSAGE, JOIN, LEAVE ... -> detached
 *
 * Every way out takes back what was announced through it.
 */
import { Deadline, Endpoint, type Pipe } from "@peerage/transport"
import { type Link, PipeLink } from "@peerage/wire"
import { Cause, Duration, Effect, Exit, Fiber, Option, Schema, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { ChatConfig } from "../ChatConfig.ts"
import { DuplicateId, SessionFailure } from "../ChatError.ts"
import { format } from "../codec/Frame.ts"
import type { PeerMessage } from "../codec/Message.ts"
import * as Conversation from "../exchange/Conversation.ts"
import type { Acquaintance } from "../exchange/Handshake.ts"
import type { Neighbour, Role } from "./Neighbour.ts"
import type { Router } from "./Router.ts"

/** A connection that speaks messages, for the scope's life. */
export const open = <E>(
  connect: Effect.Effect<Pipe.Pipe, E>,
  { maxFrameBytes }: ChatConfig
): Effect.Effect<Link.Link, E, Scope.Scope> =>
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
  link: Link.Link,
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
        if (reason === left) yield* lastWords(router, link, neighbour)
        router.detach(neighbour, reason, yield* Deadline.now)
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

/** Hands over what was to be said, without waiting for a neighbour that does not read. */
const lastWords = (router: Router, link: Link.Link, neighbour: Neighbour): Effect.Effect<void> =>
  Effect.gen(function*() {
    // There is no time for pauses any more.
    const config = { ...router.config, burst: Infinity }
    const saying = yield* Effect.forkDetach(Effect.ignore(speak(router, link, { neighbour, config })), {
      startImmediately: true
    })
    yield* Fiber.interrupt(saying)
  })

/** Never succeeds: converses until the connection ends, then fails with why. */
export const converse = (
  router: Router,
  link: Link.Link,
  neighbour: Neighbour
): Effect.Effect<never, SessionFailure> =>
  Effect.andThen(
    router.tell,
    Effect.raceFirst(listen(router, link, neighbour), speak(router, link, { neighbour, config: router.config }))
  )

/** Never succeeds: takes in what is said. */
const listen = (router: Router, link: Link.Link, neighbour: Neighbour): Effect.Effect<never, SessionFailure> =>
  Effect.gen(function*() {
    let warned = false
    while (true) {
      const messages = yield* Conversation.hear(link)
      if (!warned && messages.some(isStrange)) {
        warned = true
        yield* Effect.logWarning(
          `peer ${neighbour.id} sends messages that mean nothing in a conversation; they are ignored`
        )
      }
      const excess = router.hear(neighbour, messages, yield* Deadline.now)
      yield* router.tell
      if (excess !== undefined) return yield* excess
    }
  })

const isStrange = ({ _tag }: PeerMessage): boolean => _tag !== "Chat" && _tag !== "Join" && _tag !== "Leave"

// Cheaper than `queueMicrotask`, of whose tasks Node keeps a record.
const settled = Promise.resolve()

/**
 * Waits for something to say, and for the end of the step that brings it: it may bring more, and is not interrupted. The
 * end of the step is a microtask away; a turn of the scheduler would be one of the event loop, and take as long as half
 * of what it takes to read and answer a message.
 */
const filled = ({ outbox }: Neighbour): Effect.Effect<void> => Effect.andThen(outbox.filled.await, endOfStep)

const endOfStep: Effect.Effect<void> = Effect.callback((resume) => void settled.then(() => resume(Effect.void)))

/** Never succeeds: says what there is to say. */
const speak = (
  router: Router,
  link: Link.Link,
  { config, neighbour }: { readonly neighbour: Neighbour; readonly config: ChatConfig }
): Effect.Effect<never, SessionFailure> =>
  neighbour.ours ? speakAtOnce(router, link, { config, neighbour }) : speakInBursts(router, link, { config, neighbour })

const speakAtOnce = (
  router: Router,
  link: Link.Link,
  { config, neighbour }: { readonly neighbour: Neighbour; readonly config: ChatConfig }
): Effect.Effect<never, SessionFailure> =>
  Effect.gen(function*() {
    while (true) {
      if (neighbour.outbox.isEmpty) yield* filled(neighbour)
      yield* Conversation.say(link, router.turn(neighbour, Infinity), { ours: true, config })
    }
  })

/**
 * Quirk: an original closes the connection when a frame that it reads is not all there, so in a long burst it has pauses
 * to keep up in, longer ones after large frames: its window is as full of a few of those as of many small ones. What is to
 * be said meanwhile stays in the outbox, where it is kept should the connection end.
 */
const speakInBursts = (
  router: Router,
  link: Link.Link,
  { config, neighbour }: { readonly neighbour: Neighbour; readonly config: ChatConfig }
): Effect.Effect<never, SessionFailure> =>
  Effect.gen(function*() {
    let said = 0
    let saidAt = yield* Deadline.now
    while (true) {
      if (neighbour.outbox.isEmpty) yield* filled(neighbour)
      if ((yield* Deadline.now) - saidAt >= Duration.toMillis(config.burstPause)) said = 0
      const utterances = router.turn(neighbour, config.burst - said)
      said += yield* Conversation.say(link, utterances, { ours: false, config })
      saidAt = yield* Deadline.now
      if (said < config.burst) continue
      yield* Effect.sleep(Duration.times(config.burstPause, said / config.burst))
      said = 0
    }
  })
