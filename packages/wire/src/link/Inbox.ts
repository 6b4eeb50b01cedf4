/**
 * The receiving half of a link, without waiting: bytes in, frames out, and how reading ended. Frames that came before the
 * end are taken before the end is reported. The end is reported for ever.
 */
import { SocketFailure } from "@peerage/transport"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type { SocketError } from "effect/socket/Socket"
import type { Format } from "../Format.ts"
import { FrameTruncated } from "../FrameError.ts"
import { PeerClosed, type ReceiveError } from "../LinkError.ts"

// Made once: most connections end with it, and its stack trace says nothing.
const peerClosed = new PeerClosed()

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

  /** Drops all frames that have arrived. */
  clear() {
    this.frames = []
    this.next = 0
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
