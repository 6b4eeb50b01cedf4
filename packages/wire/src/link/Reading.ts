/**
 * Waits for what a pipe brings. Bytes are taken from the pipe only while a fiber waits for them, so a peer that nobody
 * reads meets backpressure.
 */
import { type Pipe, SocketFailure } from "@peerage/transport"
import { Effect } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type { SocketError } from "effect/socket/Socket"
import { FrameTruncated } from "../FrameError.ts"
import { PeerClosed } from "../LinkError.ts"
import { type Limit, type Look, Waiting } from "./Waiting.ts"

/** How reading ends: by FIN with all bytes taken, by FIN with bytes left, or with the connection. */
export type ReadEnd = SocketError | PeerClosed | FrameTruncated

// Made once: most connections end with it, and its stack trace says nothing.
const peerClosed = new PeerClosed()

/** How reading ends where so many bytes are left that nobody can take. */
export const readEnd = (error: SocketError, pending: number): ReadEnd => {
  if (!SocketFailure.isFin(error)) return error
  return pending > 0 ? new FrameTruncated({ pending }) : peerClosed
}

/** Where the bytes of a pipe go. */
export interface Sink {
  absorb(chunks: NonEmptyReadonlyArray<Uint8Array>): void
  /** Reading has ended. Called again with the same error each time the pipe is looked at. */
  end(error: SocketError): void
}

/** Who is told of each look at a pipe. */
export interface Looker {
  /** Told whether a fiber goes on waiting. */
  looked(waits: boolean): void
}

/** The reading side of one pipe. Plain state, changed only by its link. */
export class Reading {
  private readonly pipe: Pipe.Pipe
  private readonly sink: Sink
  private readonly waiting = new Waiting()
  /** Counts the times that bytes came. */
  arrivals = 0
  private readonly looker: Looker | undefined

  /** Reads `pipe` into `sink`. Tells `looker` after each look at it. */
  constructor(pipe: Pipe.Pipe, sink: Sink, looker?: Looker) {
    this.pipe = pipe
    this.sink = sink
    this.looker = looker
  }

  /** Takes at once or as soon as it can, for ever or within a limit. Several waits at once share what comes. */
  wait<A, E>(take: Look<A, E>, limit?: Limit<A, E>): Effect.Effect<A, E> {
    const takeNew = () => this.takeNew(take)
    // What has arrived before is taken first, so that the sink holds no more than one step asked for.
    return this.waiting.until(takeNew, limit, () => take() ?? takeNew())
  }

  /** Calls `found` with the first thing that can be taken, at once or later. Call the returned function to end that. */
  watch<A, E>(take: Look<A, E>, found: (taken: Effect.Effect<A, E>) => void): () => void {
    return this.waiting.watch(() => this.takeNew(take), found)
  }

  /** `wait` for as long as bytes come: gives up after one to two limits without any. */
  waitLong<A, E>(take: Look<A, E>, limit: Limit<A, E>): Effect.Effect<A, E> {
    return Effect.suspend(() => {
      const before = this.arrivals
      const late = () => this.arrivals > before ? this.waitLong(take, limit) : limit.late()
      return this.wait(take, { within: limit.within, late })
    })
  }

  /** For the pipe's observer. */
  readable(): void {
    this.waiting.wake()
  }

  /** A bug in a framing or a parser kills the fiber that waits, not the socket's callback. */
  private takeNew<A, E>(take: Look<A, E>): Effect.Effect<A, E> | undefined {
    try {
      this.fill()
      const taken = take()
      this.looker?.looked(taken === undefined)
      return taken
    } catch (defect) {
      return Effect.die(defect)
    }
  }

  private fill(): void {
    for (let chunks = this.pipe.take(); chunks !== undefined; chunks = this.pipe.take()) {
      this.arrivals++
      this.sink.absorb(chunks)
    }
    const ended = this.pipe.ended()
    if (ended !== undefined) this.sink.end(ended)
  }
}
