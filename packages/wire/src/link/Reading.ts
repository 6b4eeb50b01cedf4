/**
 * Waits for what a pipe brings. Bytes are taken from the pipe only while a fiber waits for them, so a peer that nobody
 * reads meets backpressure. The fiber that waits is resumed in the socket's own callback.
 */
import { type Pipe, Timeouts } from "@peerage/transport"
import { type Duration, Effect } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type { SocketError } from "effect/socket/Socket"

/** Where the bytes of a pipe go. */
export interface Sink {
  readonly absorb: (chunks: NonEmptyReadonlyArray<Uint8Array>) => void
  /** Reading has ended. Called again with the same error each time the pipe is looked at. */
  readonly end: (error: SocketError) => void
}

/** Takes something out of the sink. Gives `undefined` where that has not arrived. */
export type Take<A, E> = () => Effect.Effect<A, E> | undefined

/** How long to wait, and what then. */
export interface Limit<A, E> {
  readonly within: Duration.Duration
  readonly late: () => Effect.Effect<A, E>
}

/** The reading side of one pipe. */
export interface Reading {
  /** Takes at once or as soon as it can, for ever or within a limit. Several waits at once share what comes. */
  readonly wait: <A, E>(take: Take<A, E>, limit?: Limit<A, E>) => Effect.Effect<A, E>
  /** For the pipe's observer. */
  readonly readable: () => void
}

/** Reads `pipe` into `sink`. */
export const make = (pipe: Pipe.Pipe, sink: Sink): Reading => {
  const waiting = new Set<() => void>()

  const fill = () => {
    for (let chunks = pipe.take(); chunks !== undefined; chunks = pipe.take()) sink.absorb(chunks)
    const ended = pipe.ended()
    if (ended !== undefined) sink.end(ended)
  }

  /** A bug in a framing or a parser kills the fiber that waits, not the socket's callback. */
  const takeNew = <A, E>(take: Take<A, E>): Effect.Effect<A, E> | undefined => {
    try {
      fill()
      return take()
    } catch (defect) {
      return Effect.die(defect)
    }
  }

  const register = <A, E>(
    take: Take<A, E>,
    resume: (result: Effect.Effect<A, E>) => void
  ): (() => void) | undefined => {
    // What has arrived before is taken first, so that the sink holds no more than one step asked for.
    const taken = take() ?? takeNew(take)
    if (taken !== undefined) {
      resume(taken)
      return undefined
    }
    const look = () => {
      const taken = takeNew(take)
      if (taken === undefined) return
      waiting.delete(look)
      // The fiber continues inside this call, so an interruption cannot come between taking and having.
      resume(taken)
    }
    waiting.add(look)
    return () => void waiting.delete(look)
  }

  return {
    wait: <A, E>(take: Take<A, E>, limit?: Limit<A, E>): Effect.Effect<A, E> =>
      limit === undefined
        ? Effect.callback((resume) => {
          const leave = register(take, resume)
          return leave === undefined ? undefined : Effect.sync(leave)
        })
        : Timeouts.wait(limit.within, (resume) => register(take, resume), limit.late),
    readable: () => {
      for (const look of waiting) look()
    }
  }
}
