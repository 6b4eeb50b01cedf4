/**
 * A file that is written in large pieces, one on its way to the disk while the next is gathered: a write for each chunk
 * off a socket, and a pause until it is done, would take twice as long.
 */
import { Effect, Fiber, type FileSystem, type PlatformError, type Scope } from "effect"

const pieceSize = 1_048_576

/** One step writes at a time. The scope must be left before the file is closed: it waits for what is being written. */
export const make = (
  file: Pick<FileSystem.File, "writeAll">
): Effect.Effect<GatheredWriter, never, Scope.Scope> =>
  Effect.acquireRelease(Effect.sync(() => new GatheredWriter(file)), (writer) => writer.settled)

/** Gathers chunks in one piece of memory while another is written. */
export class GatheredWriter {
  private readonly file: Pick<FileSystem.File, "writeAll">
  private piece = new Uint8Array(pieceSize)
  private other = new Uint8Array(pieceSize)
  private gathered = 0
  private writing: Fiber.Fiber<void, PlatformError.PlatformError> | undefined

  constructor(file: Pick<FileSystem.File, "writeAll">) {
    this.file = file
  }

  /** Takes a chunk, of which nothing is kept. Fails when an earlier piece could not be written. */
  write(chunk: Uint8Array): Effect.Effect<void, PlatformError.PlatformError> {
    const room = pieceSize - this.gathered
    this.piece.set(chunk.subarray(0, room), this.gathered)
    this.gathered += Math.min(room, chunk.length)
    if (this.gathered < pieceSize) return Effect.void
    const more = Effect.suspend(() => this.write(chunk.subarray(room)))
    return chunk.length === room ? this.turn : Effect.andThen(this.turn, more)
  }

  /** Waits until everything is written. */
  readonly flush: Effect.Effect<void, PlatformError.PlatformError> = Effect.suspend(() =>
    this.gathered === 0 ? this.written : Effect.andThen(this.turn, this.written)
  )

  /** Waits until nothing is being written, however that ends. */
  readonly settled: Effect.Effect<void> = Effect.suspend(() =>
    this.writing === undefined ? Effect.void : Effect.asVoid(Fiber.await(this.writing))
  )

  private readonly written: Effect.Effect<void, PlatformError.PlatformError> = Effect.suspend(() =>
    this.writing === undefined ? Effect.void : Fiber.join(this.writing)
  )

  /** Begins to write what is gathered, once the piece before is written. */
  private readonly turn: Effect.Effect<void, PlatformError.PlatformError> = Effect.suspend(() =>
    Effect.andThen(this.written, this.begin)
  )

  private readonly begin: Effect.Effect<void> = Effect.gen({ self: this }, function*() {
    const { gathered, other, piece } = this
    // What the system has begun to write it writes, also to another file if this one was closed.
    this.writing = yield* Effect.forkChild(this.file.writeAll(piece.subarray(0, gathered)), { uninterruptible: true })
    this.piece = other
    this.other = piece
    this.gathered = 0
  }).pipe(Effect.uninterruptible)
}
