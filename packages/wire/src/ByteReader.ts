/**
 * Reads exactly as many bytes of a connection as a step asks for, however the network cut them. For protocols that are
 * not a sequence of frames. What has arrived is never lost: not by a timeout, not by an interruption, not by the end
 * behind it.
 */
import { OptionValue, type Pipe, SocketFailure } from "@peerage/transport"
import { Duration, Effect, Result, Stream } from "effect"
import type { SocketError } from "effect/socket/Socket"
import { FrameTooLarge } from "./FrameError.ts"
import { ByteBuffer } from "./link/ByteBuffer.ts"
import { type ReadEnd, Reading } from "./link/Reading.ts"
import { limit, type Look, timeOf } from "./link/Waiting.ts"
import type { PeerUnresponsive } from "./LinkError.ts"

export type { ReadEnd } from "./link/Reading.ts"

/** What a parser found at the beginning of the bytes, and how many bytes that is. */
export interface Parsed<A> {
  readonly value: A
  readonly length: number
}

/** Options of one read. */
export interface ReadOptions {
  /** What this read waits for, in the words of `PeerUnresponsive`. Default "bytes". */
  readonly awaited?: string | undefined
  /** How long the peer may be silent. The time starts anew whenever bytes come. Default: for ever. */
  readonly within?: Duration.Input | undefined
}

/** The reading side of one connection. One fiber reads at a time. Call its methods on it: they use `this`. */
export class ByteReader {
  private readonly buffer = new ByteBuffer()
  private readonly reading: Reading

  /** Reads a pipe, whose owner observes it and calls `readable`. */
  constructor(pipe: Pipe.Pipe) {
    this.reading = new Reading(pipe, this.buffer)
  }

  /** For the pipe's observer. */
  readable(): void {
    this.reading.readable()
  }

  /** How many bytes have arrived and were not taken. */
  available(): number {
    return this.buffer.available
  }

  /** Why no more bytes come, `undefined` while they may. `FrameTruncated` where FIN came and bytes are left. */
  ended(): ReadEnd | undefined {
    return this.buffer.ended()
  }

  /** The first bytes of those that have arrived, at most `size`. They are not taken. */
  peek(size: number): Uint8Array {
    return this.buffer.peek(size)
  }

  /** Takes the first bytes of those that have arrived, at most `size`. They may share the memory of a larger chunk. */
  takeNow(size: number): Uint8Array {
    return this.buffer.take(size)
  }

  /** `takeNow` for bytes that are kept: their memory holds little else. Copies where it would. */
  takeOwn(size: number): Uint8Array {
    return this.buffer.own(size)
  }

  /** Drops what has arrived and was not taken, where nobody will. */
  drop(): void {
    this.buffer.clear()
  }

  /** Waits until new bytes have arrived or reading has ended. False where neither happened `within`. */
  more(within?: Duration.Input): Effect.Effect<boolean> {
    const silence = within === undefined
      ? undefined
      : { within: timeOf(within), late: () => timedOut }
    return Effect.suspend(() => this.reading.wait(this.news(), silence))
  }

  /** Waits for `size` bytes and takes them. */
  take(size: number, options?: ReadOptions): Effect.Effect<Uint8Array, ReadEnd | PeerUnresponsive> {
    checkSize(size)
    return this.until(
      () => this.buffer.available < size ? this.end() : Effect.succeed(this.buffer.take(size)),
      options
    )
  }

  /** Waits for at least one byte, and takes one chunk, at most `size` bytes of it. Does not copy. */
  takeSome(size: number, options?: ReadOptions): Effect.Effect<Uint8Array, ReadEnd | PeerUnresponsive> {
    checkSize(size)
    return this.until(() => this.piece(size) ?? this.end(), options)
  }

  /** Waits for the peer's FIN and takes everything before it. Fails with `FrameTooLarge` beyond `limit` bytes. */
  takeToEnd(
    limit: number,
    options?: ReadOptions
  ): Effect.Effect<Uint8Array, SocketError | FrameTooLarge | PeerUnresponsive> {
    checkSize(limit)
    return this.until((): Effect.Effect<Uint8Array, SocketError | FrameTooLarge> | undefined => {
      const { available } = this.buffer
      return available > limit ? Effect.fail(new FrameTooLarge({ limit, size: available })) : this.atFin(available)
    }, options)
  }

  /**
   * Waits until `parse` finds something at the beginning of the bytes, and takes that. `parse` gets all bytes that have
   * arrived, again whenever more have come, and returns `undefined` where it needs more. For short things, such as a
   * header: `parse` itself must fail where they become too long.
   */
  read<A, E>(
    parse: (bytes: Uint8Array) => Result.Result<Parsed<A>, E> | undefined,
    options?: ReadOptions
  ): Effect.Effect<A, E | ReadEnd | PeerUnresponsive> {
    return this.until((): Effect.Effect<A, E | ReadEnd> | undefined => {
      const parsed = parse(this.buffer.peek(this.buffer.available))
      if (parsed === undefined) return this.end()
      if (Result.isFailure(parsed)) return Effect.fail(parsed.failure)
      this.buffer.take(parsed.success.length)
      return Effect.succeed(parsed.success.value)
    }, options)
  }

  /** The next bytes, chunk by chunk: `size` bytes, or fewer where FIN comes before. Fails when the connection breaks. */
  stream(size: number, options?: ReadOptions): Stream.Stream<Uint8Array, SocketError | PeerUnresponsive> {
    checkSize(size)
    return Stream.unfold(size, (left) => {
      if (left <= 0) return Effect.undefined
      const next = this.until(() => this.piece(left) ?? this.atFin(0), options)
      return Effect.map(next, (bytes) => bytes.length === 0 ? undefined : [bytes, left - bytes.length] as const)
    })
  }

  /** Waits until `take` returns something. `take` always does after the end. */
  private until<A, E>(
    take: Look<A, E>,
    { awaited = "bytes", within }: ReadOptions = {}
  ): Effect.Effect<A, E | PeerUnresponsive> {
    const silence = limit(within, () => awaited)
    if (silence === undefined) return this.reading.wait(take)
    const step: Effect.Effect<A, E | PeerUnresponsive> = Effect.suspend(() =>
      take() ?? Effect.flatMap(this.reading.wait(this.news(), silence), () => step)
    )
    return step
  }

  /** Finds that something has happened since now, or that reading has ended. */
  private news(): Look<true, never> {
    const { version } = this.buffer
    return () => this.buffer.version === version && this.buffer.ending === undefined ? undefined : seen
  }

  private end(): Effect.Effect<never, ReadEnd> | undefined {
    const ended = this.buffer.ended()
    return ended === undefined ? undefined : Effect.fail(ended)
  }

  private piece(size: number): Effect.Effect<Uint8Array> | undefined {
    const { available, piece } = this.buffer
    return available === 0 ? undefined : Effect.succeed(this.buffer.take(Math.min(size, piece)))
  }

  /** The first bytes at FIN. Fails where the connection broke. */
  private atFin(size: number): Effect.Effect<Uint8Array, SocketError> | undefined {
    const { ending } = this.buffer
    if (ending === undefined) return undefined
    return SocketFailure.isFin(ending) ? Effect.succeed(this.buffer.take(size)) : Effect.fail(ending)
  }
}

/** Nothing is above NaN, so a limit of it would be none. */
const checkSize = (size: number): void => {
  if (!(size >= 0)) OptionValue.check("the size of a read", size, OptionValue.whole)
}

const seen = Effect.succeed(true as const)
const timedOut = Effect.succeed(false)
