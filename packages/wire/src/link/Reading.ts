/**
 * Waiting for what a pipe brings. Bytes are taken from the pipe only while something waits for them, so a peer that
 * nobody listens to meets backpressure. What waits is resumed in the socket's own callback.
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
  /** Takes at once or as soon as it can, for ever or within a limit. What comes goes to those that wait in their order. */
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

  const takeNow = <A, E>(take: Take<A, E>): Effect.Effect<A, E> | undefined => {
    const taken = take()
    if (taken !== undefined) return taken
    fill()
    return take()
  }

  const register = <A, E>(
    take: Take<A, E>,
    resume: (result: Effect.Effect<A, E>) => void
  ): (() => void) | undefined => {
    const taken = takeNow(take)
    if (taken !== undefined) {
      resume(taken)
      return undefined
    }
    const look = () => {
      const taken = take()
      if (taken === undefined) return
      waiting.delete(look)
      // The fiber goes on inside this call, so an interruption cannot fall between taking and having.
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
      if (waiting.size === 0) return
      fill()
      for (const look of waiting) look()
    }
  }
}
