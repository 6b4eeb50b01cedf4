/**
 * The receiving half of a link, without waiting: bytes in, frames out, and how reading ended. Frames that came before the
 * end are taken before the end is reported. The end is reported for ever.
 */
import { SocketFailure } from "@peerage/transport"
import { Effect, Result } from "effect"
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type { SocketError } from "effect/socket/Socket"
import type { Format } from "../Format.ts"
import { FrameTruncated } from "../FrameError.ts"
import { PeerClosed, type ReceiveError } from "../LinkError.ts"

// Made once: most connections end with it, and its stack trace says nothing.
const peerClosed = new PeerClosed()

/** Reads a frame as a message. */
export type Read<A> = (frame: Uint8Array) => Result.Result<A, ReceiveError>

/** Arrived frames and the end of a stream. Plain state, changed only by its link. */
export class Inbox<State> {
  private frames: Array<Uint8Array> = []
  private next = 0
  private state: State
  private error: ReceiveError | undefined
  private readonly format: Format<State>
  private readonly limit: number

  constructor(format: Format<State>, limit: number) {
    this.format = format
    this.limit = limit
    this.state = format.framing.initial
  }

  /** True when there is a frame to take or an end to report. */
  get ready(): boolean {
    return this.next < this.frames.length || this.error !== undefined
  }

  /** Why no more frames come after those that have arrived. */
  get ended(): ReceiveError | undefined {
    return this.error
  }

  /** The next frame, without taking it. */
  peek(): Uint8Array | undefined {
    return this.frames[this.next]
  }

  /** Takes the frame that `peek` gives. */
  drop() {
    this.next++
    if (this.next < this.frames.length) return
    this.frames = []
    this.next = 0
  }

  /** Takes the next message. Fails with the end where no more comes; `undefined` where one may still come. */
  takeOne<A>(read: Read<A>): Effect.Effect<A, ReceiveError> | undefined {
    const frame = this.peek()
    if (frame === undefined) return this.failure()
    this.drop()
    return Effect.fromResult(read(frame))
  }

  /** Takes all messages that have arrived. A message that cannot be read ends them, and is left where it is not the first. */
  takeAll<A>(read: Read<A>): Effect.Effect<NonEmptyReadonlyArray<A>, ReceiveError> | undefined {
    const messages: Array<A> = []
    for (let frame = this.peek(); frame !== undefined; frame = this.peek()) {
      const one = read(frame)
      if (Result.isFailure(one) && messages.length > 0) break
      this.drop()
      if (Result.isFailure(one)) return Effect.fail(one.failure)
      messages.push(one.success)
    }
    return isReadonlyArrayNonEmpty(messages) ? Effect.succeed(messages) : this.failure()
  }

  /** Drops all frames that have arrived. Fails with the end where no more comes. */
  dropAll(): Effect.Effect<never, ReceiveError> | undefined {
    this.frames = []
    this.next = 0
    return this.failure()
  }

  private failure(): Effect.Effect<never, ReceiveError> | undefined {
    return this.error === undefined ? undefined : Effect.fail(this.error)
  }

  /** Frames what arrived. */
  absorb(chunks: NonEmptyReadonlyArray<Uint8Array>) {
    for (const chunk of chunks) {
      if (this.error !== undefined) return
      const { error, frames, state } = this.format.framing.decode(this.state, chunk, this.limit)
      for (const frame of frames) this.frames.push(frame)
      this.state = state
      this.error = error
    }
  }

  /** Notes how the connection ended. A FIN between frames is `PeerClosed`, inside one `FrameTruncated`. */
  end(error: SocketError) {
    if (this.error !== undefined) return
    const pending = this.format.framing.pending(this.state)
    this.error = !SocketFailure.isFin(error) ? error : pending > 0 ? new FrameTruncated({ pending }) : peerClosed
  }
}
