/**
 * The receiving half of a link, without waiting: bytes in, frames out, and how reading ended. Frames that came before the
 * end are taken before the end is reported. The end is reported for ever.
 */
import { Effect, Result } from "effect"
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type { SocketError } from "effect/socket/Socket"
import type { Format } from "../Format.ts"
import { decodeNext } from "../Framing.ts"
import type { ReceiveError } from "../LinkError.ts"
import { readEnd, type Sink } from "./Reading.ts"

/** Reads a frame as a message. */
export type Read<A> = (frame: Uint8Array) => Result.Result<A, ReceiveError>

/** Bytes that are framed at once where all messages are wanted. */
const manyBytes = 65_536

/** What has arrived, and the end of a stream. Plain state, changed only by its link. */
export class Inbox<State> implements Sink {
  /** What was not framed yet: these chunks, the first of them from `framed` on. */
  private chunks: Array<Uint8Array> = []
  private framed = 0
  private frames: ReadonlyArray<Uint8Array> = []
  private next = 0
  private state: State
  private error: ReceiveError | undefined
  private ending: SocketError | undefined
  private readonly format: Format<State>
  private readonly limit: number

  constructor(format: Format<State>, limit: number) {
    this.format = format
    this.limit = limit
    this.state = format.framing.initial
  }

  /** Bytes that have arrived and are in no whole frame yet. */
  get held(): number {
    let bytes = this.format.framing.pending(this.state) - this.framed
    for (const { length } of this.chunks) bytes += length
    return bytes
  }

  /** Drops what has arrived. From now on receiving fails with this. */
  fail(error: ReceiveError): void {
    this.error = error
    this.chunks = []
    this.framed = 0
    this.frames = []
    this.next = 0
    this.state = this.format.framing.initial
  }

  /** Takes the next message. Fails with the end where no more comes; `undefined` where one may still come. */
  takeOne<A>(read: Read<A>): Effect.Effect<A, ReceiveError> | undefined {
    const frame = this.frame()
    if (frame === undefined) return this.failure()
    this.next++
    return Effect.fromResult(read(frame))
  }

  /** Takes all messages that have arrived. A message that cannot be read ends them, and is left where it is not the first. */
  takeAll<A>(read: Read<A>): Effect.Effect<NonEmptyReadonlyArray<A>, ReceiveError> | undefined {
    const messages: Array<A> = []
    for (let frame = this.frame(manyBytes); frame !== undefined; frame = this.frame(manyBytes)) {
      const one = read(frame)
      if (Result.isFailure(one) && messages.length > 0) break
      this.next++
      if (Result.isFailure(one)) return Effect.fail(one.failure)
      messages.push(one.success)
    }
    return isReadonlyArrayNonEmpty(messages) ? Effect.succeed(messages) : this.failure()
  }

  /** Drops all frames that have arrived. Fails with the end where no more comes. */
  dropAll(): Effect.Effect<never, ReceiveError> | undefined {
    while (this.frame(manyBytes) !== undefined) this.next = this.frames.length
    return this.failure()
  }

  absorb(chunks: NonEmptyReadonlyArray<Uint8Array>) {
    if (this.error !== undefined) return
    for (const chunk of chunks) this.chunks.push(chunk)
  }

  /** Notes how the connection ended. A FIN between frames is `PeerClosed`, inside one `FrameTruncated`. */
  end(error: SocketError) {
    this.ending ??= error
  }

  /** The next frame. Frames what has arrived, as far as it must: `bytes` of it at first. */
  private frame(bytes?: number): Uint8Array | undefined {
    while (this.next === this.frames.length && this.error === undefined) {
      const [first] = this.chunks
      if (first === undefined) return undefined
      const chunk = this.framed === 0 ? first : first.subarray(this.framed)
      const { error, frames, state, taken } = decodeNext(this.format.framing, this.state, chunk, {
        bytes,
        limit: this.limit
      })
      this.frames = frames
      this.next = 0
      this.state = state
      this.error = error
      this.framed += taken
      if (this.framed < first.length) continue
      this.chunks.shift()
      this.framed = 0
    }
    return this.frames[this.next]
  }

  /** How reading has ended. All frames were taken. */
  private failure(): Effect.Effect<never, ReceiveError> | undefined {
    if (this.error === undefined && this.ending !== undefined) {
      this.error = readEnd(this.ending, this.format.framing.pending(this.state))
    }
    return this.error === undefined ? undefined : Effect.fail(this.error)
  }
}
