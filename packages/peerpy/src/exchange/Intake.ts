/**
 * The receiving half of a connection: exactly as many bytes as a step asks for, however the network cut them. What
 * arrived is never lost, not by a timeout and not by an end behind it.
 */
import { SocketFailure } from "@peerage/transport"
import { FrameError, LinkError } from "@peerage/wire"
import { Bytes, type Duration, Effect } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import { PreventSchedulerYield } from "effect/Scheduler"
import type { Reader, SocketError } from "effect/socket/Socket"

/** How reading ends: politely between two messages, inside one, or with the connection. */
export type IntakeError = SocketError | LinkError.PeerClosed | FrameError.FrameTruncated

const noBytes = new Uint8Array(0)

/** Bytes as they arrive. One step reads at a time. */
export class Intake {
  private chunks: Array<Uint8Array> = []
  private held = 0
  private ended: SocketError | undefined
  private readonly pull: Effect.Effect<NonEmptyReadonlyArray<Uint8Array>, SocketError>

  constructor(reader: Pick<Reader<Uint8Array>, "pull">) {
    this.pull = reader.pull
  }

  /** Bytes that have arrived and are not taken. */
  get available(): number {
    return this.held
  }

  /** How it ended, when what has arrived does not suffice; `undefined` while more may come. */
  get over(): IntakeError | undefined {
    if (this.ended === undefined || !SocketFailure.isFin(this.ended)) return this.ended
    return this.held > 0 ? new FrameError.FrameTruncated({ pending: this.held }) : new LinkError.PeerClosed()
  }

  /** Waits until there is something new, or the end of it. Never fails: the end is in `over`. */
  readonly more: Effect.Effect<void> = Effect.suspend(() =>
    this.ended !== undefined ? Effect.void : Effect.match(this.pull, {
      onSuccess: (chunks) => {
        for (const chunk of chunks) {
          this.chunks.push(chunk)
          this.held += chunk.length
        }
      },
      onFailure: (error) => {
        this.ended = error
      }
      // Without a scheduler's pause an interruption cannot fall between pulling bytes and keeping them.
    }).pipe(Effect.provideService(PreventSchedulerYield, true))
  )

  /** Waits for something new. False when nothing came in time. */
  moreWithin(time: Duration.Input): Effect.Effect<boolean> {
    return Effect.map(Effect.timeoutOption(this.more, time), ({ _tag }) => _tag === "Some")
  }

  /** Waits for `size` bytes and takes them. */
  take(size: number): Effect.Effect<Uint8Array, IntakeError> {
    return Effect.map(this.until(size), () => this.takeNow(size))
  }

  /** Waits for at least one byte and takes what there is, at most `size`. */
  takeSome(size: number): Effect.Effect<Uint8Array, IntakeError> {
    return Effect.map(this.until(1), () => this.takeNow(Math.min(size, this.chunks[0]?.length ?? 0)))
  }

  /** Waits until `size` bytes have arrived, without taking them. */
  until(size: number): Effect.Effect<void, IntakeError> {
    return Effect.suspend(() =>
      Effect.flatMap(
        Effect.whileLoop({
          while: () => this.held < size && this.ended === undefined,
          body: () => this.more,
          step: () => {}
        }),
        () => this.held >= size || this.over === undefined ? Effect.void : Effect.fail(this.over)
      )
    )
  }

  /** The first bytes of what has arrived, at most `size`, without taking them. */
  peek(size: number): Uint8Array {
    const first = this.chunks[0]
    if (first !== undefined && first.length >= size) return first.subarray(0, size)
    this.chunks = this.held === 0 ? [] : [Bytes.concat(this.chunks)]
    return this.first.subarray(0, size)
  }

  /** What has arrived first, in one piece, without taking it. */
  get first(): Uint8Array {
    return this.chunks[0] ?? noBytes
  }

  /** Takes the first `size` bytes of what has arrived, which may be a part of a larger chunk. */
  takeNow(size: number): Uint8Array {
    const [only, ...more] = this.parts(size)
    return only === undefined ? noBytes : more.length === 0 ? only : Bytes.concat([only, ...more])
  }

  /** The same in memory of its own. */
  takeCopy(size: number): Uint8Array {
    return Bytes.concat(this.parts(size))
  }

  private parts(size: number): ReadonlyArray<Uint8Array> {
    const taken: Array<Uint8Array> = []
    let missing = size
    let used = 0
    while (missing > 0) {
      const chunk = this.chunks[used]
      if (chunk === undefined) break
      if (chunk.length > missing) {
        taken.push(chunk.subarray(0, missing))
        this.chunks[used] = chunk.subarray(missing)
        missing = 0
      } else {
        taken.push(chunk)
        missing -= chunk.length
        used++
      }
    }
    this.chunks.splice(0, used)
    this.held -= size - missing
    return taken
  }
}
