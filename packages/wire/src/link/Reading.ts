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
  absorb(chunks: NonEmptyReadonlyArray<Uint8Array>): void
  /** Reading has ended. Called again with the same error each time the pipe is looked at. */
  end(error: SocketError): void
}

/** Takes something out of the sink. `undefined` where it has not arrived. */
export type Take<A, E> = () => Effect.Effect<A, E> | undefined

/** How long to wait, and the result after that. */
export interface Limit<A, E> {
  readonly within: Duration.Duration
  readonly late: () => Effect.Effect<A, E>
}

/** The reading side of one pipe. Plain state, changed only by its link; a class, as thousands of links are idle. */
export class Reading {
  private readonly pipe: Pipe.Pipe
  private readonly sink: Sink
  private waiting: Set<() => void> | undefined

  /** Reads `pipe` into `sink`. */
  constructor(pipe: Pipe.Pipe, sink: Sink) {
    this.pipe = pipe
    this.sink = sink
  }

  /** Takes at once or as soon as it can, for ever or within a limit. Several waits at once share what comes. */
  wait<A, E>(take: Take<A, E>, limit?: Limit<A, E>): Effect.Effect<A, E> {
    if (limit !== undefined) return Timeouts.wait(limit.within, (resume) => this.register(take, resume), limit.late)
    return Effect.callback((resume) => {
      const leave = this.register(take, resume)
      return leave === undefined ? undefined : Effect.sync(leave)
    })
  }

  /** For the pipe's observer. */
  readable(): void {
    for (const look of this.waiting ?? []) look()
  }

  private register<A, E>(
    take: Take<A, E>,
    resume: (result: Effect.Effect<A, E>) => void
  ): (() => void) | undefined {
    // What has arrived before is taken first, so that the sink holds no more than one step asked for.
    const taken = take() ?? this.takeNew(take)
    if (taken !== undefined) {
      resume(taken)
      return undefined
    }
    const waiting = this.waiting ??= new Set()
    const look = () => {
      const taken = this.takeNew(take)
      if (taken === undefined) return
      waiting.delete(look)
      // The fiber continues inside this call, so an interruption cannot come between taking and having.
      resume(taken)
    }
    waiting.add(look)
    return () => void waiting.delete(look)
  }

  /** A bug in a framing or a parser kills the fiber that waits, not the socket's callback. */
  private takeNew<A, E>(take: Take<A, E>): Effect.Effect<A, E> | undefined {
    try {
      this.fill()
      return take()
    } catch (defect) {
      return Effect.die(defect)
    }
  }

  private fill(): void {
    for (let chunks = this.pipe.take(); chunks !== undefined; chunks = this.pipe.take()) this.sink.absorb(chunks)
    const ended = this.pipe.ended()
    if (ended !== undefined) this.sink.end(ended)
  }
}
