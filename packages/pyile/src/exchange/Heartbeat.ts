/**
 * Proof of life, from the host to each joiner and back, for as long as the connection lives.
 *
 *   joiner                    host
 *     | <--- {"<3": true} ----- |      at once after joining, then 2 s after each answer
 *     | ---- {"<3": true} ----> |
 *
 * Source: the wire document, section 6.
 */
import type { Pipe } from "@peerage/transport"
import { Inbox, Link, type LinkError } from "@peerage/wire"
import { type Duration, Effect, Result } from "effect"
import { constant, format } from "../codec/Frame.ts"
import { Heartbeat } from "../codec/Message.ts"

const beat = constant(Heartbeat, { "<3": true })

// An answer is a dozen bytes; originals answer anything.
const longestAnswer = 2048

/** What a host is told about a member's connection. */
export interface Hearing {
  /** At least one answer came. */
  readonly answered: () => void
  /** The connection is over, or what came was no answer. Told once. */
  readonly ended: (reason: LinkError.ReceiveError) => void
}

/** A host's side of a connection that carries nothing but heartbeats any more. */
export interface Pulse {
  /** Sends one beat. False when an earlier one has still not been read: then it does not. */
  readonly beat: () => boolean
  /** Begins to hear. Takes the pipe's observer over; what was read of it before is not looked at again. */
  readonly hear: () => void
}

/**
 * The host's side, in plain callbacks: it has thousands of members who say little, and a fiber each would be most of what
 * they cost.
 */
export const initiate = (pipe: Pipe.Pipe, hearing: Hearing): Pulse => {
  const inbox = new Inbox.Inbox(format, longestAnswer)
  let unread = false
  let over = false
  const end = (reason: LinkError.ReceiveError) => {
    over = true
    hearing.ended(reason)
  }
  const readable = () => {
    if (over) return
    const chunks = pipe.take()
    if (chunks !== undefined) inbox.absorb(chunks)
    let heard = false
    for (let frame = inbox.peek(); frame !== undefined; frame = inbox.peek()) {
      const answer = Link.decode(format, Heartbeat, frame)
      if (Result.isFailure(answer)) return end(answer.failure)
      inbox.drop()
      heard = true
    }
    if (heard) hearing.answered()
    const ended = pipe.ended()
    if (ended !== undefined) inbox.end(ended)
    if (inbox.ended !== undefined) end(inbox.ended)
  }
  return {
    hear: () => pipe.observe({ readable, drained: () => void (unread = false), closed: readable }),
    beat: () => {
      if (unread) return false
      // One that cannot be sent means that the connection is ending, which its reader learns.
      if (pipe.broken() === undefined) unread = !pipe.write([beat])
      return true
    }
  }
}

/** The joiner's side. Never succeeds: answers beats until none came for `silence`, then fails with `PeerUnresponsive`. */
export const respond = (
  link: Link.Link,
  silence: Duration.Input
): Effect.Effect<never, LinkError.ReceiveError | LinkError.SendError> =>
  Effect.forever(
    Effect.andThen(link.receive(Heartbeat, silence), link.send(Heartbeat, { "<3": true }, silence)),
    { disableYield: true }
  )
