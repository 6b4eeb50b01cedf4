/**
 * The receiving half of a link, without waiting: bytes in, frames out, and how reading ended. Frames that came before the
 * end are taken before the end is reported. The end is reported for ever.
 */
import { Effect, Result } from "effect"
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type { SocketError } from "effect/socket/Socket"
import type { Format } from "../Format.ts"
import type { ReceiveError } from "../LinkError.ts"
import { readEnd, type Sink } from "./Reading.ts"

/** Reads a frame as a message. */
export type Read<A> = (frame: Uint8Array) => Result.Result<A, ReceiveError>

/** Arrived frames and the end of a stream. Plain state, changed only by its link. */
export class Inbox<State> implements Sink {
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

  /** Takes the next message. Fails with the end where no more comes; `undefined` where one may still come. */
  takeOne<A>(read: Read<A>): Effect.Effect<A, ReceiveError> | undefined {
    const frame = this.frames[this.next]
    if (frame === undefined) return this.failure()
    this.drop()
    return Effect.fromResult(read(frame))
  }

  /** Takes all messages that have arrived. A message that cannot be read ends them, and is left where it is not the first. */
  takeAll<A>(read: Read<A>): Effect.Effect<NonEmptyReadonlyArray<A>, ReceiveError> | undefined {
    const messages: Array<A> = []
    for (let frame = this.frames[this.next]; frame !== undefined; frame = this.frames[this.next]) {
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

  /** Drops the next frame. */
  private drop() {
    if (++this.next < this.frames.length) return
    this.frames = []
    this.next = 0
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
    this.error ??= readEnd(error, this.format.framing.pending(this.state))
  }
}
