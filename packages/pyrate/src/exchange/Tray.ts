/** Bytes as they arrive on one connection, with a look at them before they are taken. */
import { SocketFailure } from "@peerage/transport"
import { LinkError } from "@peerage/wire"
import { Bytes, type Duration, Effect, Stream } from "effect"
import { PreventSchedulerYield } from "effect/Scheduler"
import type { Reader, SocketError } from "effect/socket/Socket"
import * as Signal from "../codec/Signal.ts"

/** The reading half of a connection. One step reads at a time. */
export class Tray {
  /** What has arrived and is not taken. */
  bytes: Uint8Array = new Uint8Array(0)
  /** How it ended; `undefined` while more may come. */
  ended: SocketError | undefined = undefined
  private readonly reader: Pick<Reader<Uint8Array>, "pull">
  private readonly patience: Duration.Duration

  constructor(reader: Pick<Reader<Uint8Array>, "pull">, patience: Duration.Duration) {
    this.reader = reader
    this.patience = patience
  }

  /** Waits for more, or for the end. Fails when neither comes for too long. */
  readonly more: Effect.Effect<void, LinkError.PeerUnresponsive> = Effect.suspend(() =>
    this.ended !== undefined ? Effect.void : Effect.match(this.reader.pull, {
      onSuccess: (chunks) => {
        // What comes while nothing is kept, as most of a file does, is not copied.
        this.bytes = this.bytes.length === 0 && chunks.length === 1 ? chunks[0] : Bytes.concat([this.bytes, ...chunks])
      },
      onFailure: (error) => {
        this.ended = error
      }
      // Without a scheduler's pause an interruption cannot fall between pulling bytes and keeping them.
    }).pipe(
      Effect.provideService(PreventSchedulerYield, true),
      Effect.timeoutOrElse({
        duration: this.patience,
        orElse: () =>
          Effect.fail(new LinkError.PeerUnresponsive({ awaited: "more of the file", within: this.patience }))
      })
    )
  )

  /** True when it ended in good order. */
  get over(): boolean {
    return this.ended !== undefined && SocketFailure.isFin(this.ended)
  }

  /**
   * True when the signal came that the file follows here, which is taken; false when the end came instead. Does not end
   * when something else comes.
   */
  readonly here: Effect.Effect<boolean, LinkError.PeerUnresponsive> = Effect.gen({ self: this }, function*() {
    while (Signal.decode(this.bytes)._tag === "Partly" && this.ended === undefined) yield* this.more
    const begun = Signal.decode(this.bytes)
    if (begun._tag === "Partly") return false
    if (begun._tag !== "Signal" || begun.signal._tag !== "Here") return yield* Effect.never
    this.bytes = this.bytes.subarray(begun.length)
    return true
  })

  /** Waits for a signal and takes it; `undefined` when something else is there, or the end. */
  readonly signal: Effect.Effect<Signal.Signal | undefined, LinkError.PeerUnresponsive> = Effect.gen(
    { self: this },
    function*() {
      while (true) {
        const begun = Signal.decode(this.bytes)
        if (begun._tag === "Other") return undefined
        if (begun._tag === "Signal") {
          this.bytes = this.bytes.subarray(begun.length)
          return begun.signal
        }
        if (this.ended !== undefined) return undefined
        yield* this.more
      }
    }
  )

  /** What comes, at most `most` bytes, up to the end. */
  stream(most = Infinity): Stream.Stream<Uint8Array, LinkError.PeerUnresponsive> {
    let left = most
    const next = Effect.gen({ self: this }, function*() {
      while (left > 0 && this.bytes.length === 0 && this.ended === undefined) yield* this.more
      const taken = this.bytes.subarray(0, left)
      this.bytes = this.bytes.subarray(taken.length)
      left -= taken.length
      return taken
    })
    return Stream.fromEffectRepeat(next).pipe(Stream.takeWhile((chunk) => chunk.length > 0))
  }
}
