/**
 * Reads exactly as many bytes of a connection as a step asks for, however the network cut them. For protocols that are
 * not a sequence of frames. What has arrived is never lost: not by a timeout, not by an interruption, not by the end
 * behind it.
 */
import { type Pipe, SocketFailure } from "@peerage/transport"
import { Duration, Effect, Result, Stream } from "effect"
import type { SocketError } from "effect/socket/Socket"
import { FrameTooLarge } from "./FrameError.ts"
import { ByteBuffer, noBytes, type ReadEnd } from "./link/ByteBuffer.ts"
import { Reading } from "./link/Reading.ts"
import { PeerUnresponsive } from "./LinkError.ts"

export type { ReadEnd } from "./link/ByteBuffer.ts"

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

/** The reading side of one connection. One fiber reads at a time. */
export interface ByteReader {
  /** How many bytes have arrived and were not taken. */
  readonly available: () => number
  /** Why no more bytes come, `undefined` while they may. `FrameTruncated` where FIN came and bytes are left. */
  readonly ended: () => ReadEnd | undefined
  /** The first bytes of those that have arrived, at most `size`. They are not taken. */
  readonly peek: (size: number) => Uint8Array
  /** Takes the first bytes of those that have arrived, at most `size`. They may share the memory of a larger chunk. */
  readonly takeNow: (size: number) => Uint8Array
  /** `takeNow` for bytes that are kept: their memory holds little else. Copies where it would. */
  readonly takeOwn: (size: number) => Uint8Array
  /** Waits until new bytes have arrived or reading has ended. False where neither happened `within`. */
  readonly more: (within?: Duration.Input) => Effect.Effect<boolean>
  /** Waits for `size` bytes and takes them. */
  readonly take: (size: number, options?: ReadOptions) => Effect.Effect<Uint8Array, ReadEnd | PeerUnresponsive>
  /** Waits for at least one byte, and takes one chunk, at most `size` bytes of it. Does not copy. */
  readonly takeSome: (size: number, options?: ReadOptions) => Effect.Effect<Uint8Array, ReadEnd | PeerUnresponsive>
  /** Waits for the peer's FIN and takes everything before it. Fails with `FrameTooLarge` beyond `limit` bytes. */
  readonly takeToEnd: (
    limit: number,
    options?: ReadOptions
  ) => Effect.Effect<Uint8Array, SocketError | FrameTooLarge | PeerUnresponsive>
  /**
   * Waits until `parse` finds something at the beginning of the bytes, and takes that. `parse` gets all bytes that have
   * arrived, again whenever more have come, and returns `undefined` where it needs more. For short things, such as a
   * header: `parse` itself must fail where they become too long.
   */
  readonly read: <A, E>(
    parse: (bytes: Uint8Array) => Result.Result<Parsed<A>, E> | undefined,
    options?: ReadOptions
  ) => Effect.Effect<A, E | ReadEnd | PeerUnresponsive>
  /** The next bytes, chunk by chunk: `size` bytes, or fewer where FIN comes before. Fails when the connection breaks. */
  readonly stream: (
    size: number,
    options?: ReadOptions
  ) => Stream.Stream<Uint8Array, SocketError | PeerUnresponsive>
}

/** A reader, and what the pipe's observer must call. */
export interface Opened {
  readonly reader: ByteReader
  readonly readable: () => void
}

/** Reads the bytes of a pipe. The owner of the pipe observes it, and calls `readable`. */
export const make = (pipe: Pipe.Pipe): Opened => {
  const buffer = new ByteBuffer()
  const reading = new Reading(pipe, buffer)
  const seen = Effect.succeed(true)
  const timedOut = Effect.succeed(false)

  const more: ByteReader["more"] = (input) =>
    Effect.suspend(() => {
      const before = buffer.version
      const news = () => buffer.version === before && buffer.ending === undefined ? undefined : seen
      const limit = input === undefined
        ? undefined
        : { within: Duration.fromInputUnsafe(input), late: () => timedOut }
      return reading.wait(news, limit)
    })

  /** Waits until `take` returns something. `take` always does after the end. */
  const until = <A, E>(
    take: () => Effect.Effect<A, E> | undefined,
    { awaited = "bytes", within }: ReadOptions = {}
  ): Effect.Effect<A, E | PeerUnresponsive> => {
    if (within === undefined) return reading.wait(take)
    const late = () => Effect.fail(new PeerUnresponsive({ awaited, within: Duration.fromInputUnsafe(within) }))
    const step: Effect.Effect<A, E | PeerUnresponsive> = Effect.suspend(() =>
      take() ?? Effect.flatMap(more(within), (came) => came ? step : late())
    )
    return step
  }

  const orEnd = <A>(value: Effect.Effect<A> | undefined): Effect.Effect<A, ReadEnd> | undefined => {
    if (value !== undefined) return value
    const ended = buffer.ended()
    return ended === undefined ? undefined : Effect.fail(ended)
  }

  const some = (size: number) => () =>
    orEnd(
      buffer.available === 0 ? undefined : Effect.succeed(buffer.take(Math.min(size, buffer.piece)))
    )

  const toEnd = (limit: number) => (): Effect.Effect<Uint8Array, SocketError | FrameTooLarge> | undefined => {
    const { available, ending } = buffer
    if (available > limit) return Effect.fail(new FrameTooLarge({ limit, size: available }))
    if (ending === undefined) return undefined
    return SocketFailure.isFin(ending) ? Effect.succeed(buffer.take(available)) : Effect.fail(ending)
  }

  /** One piece; none at FIN. */
  const upTo = (size: number) => (): Effect.Effect<Uint8Array, SocketError> | undefined => {
    if (buffer.available > 0) return Effect.succeed(buffer.take(Math.min(size, buffer.piece)))
    const { ending } = buffer
    if (ending === undefined) return undefined
    return SocketFailure.isFin(ending) ? Effect.succeed(noBytes) : Effect.fail(ending)
  }

  const reader: ByteReader = {
    available: () => buffer.available,
    ended: () => buffer.ended(),
    peek: (size) => buffer.peek(size),
    takeNow: (size) => buffer.take(size),
    takeOwn: (size) => buffer.own(size),
    more,
    take: (size, options) =>
      until(() => orEnd(buffer.available < size ? undefined : Effect.succeed(buffer.take(size))), options),
    takeSome: (size, options) => until(some(size), options),
    takeToEnd: (limit, options) => until(toEnd(limit), options),
    read: <A, E>(parse: (bytes: Uint8Array) => Result.Result<Parsed<A>, E> | undefined, options?: ReadOptions) =>
      until((): Effect.Effect<A, E | ReadEnd> | undefined => {
        const parsed = parse(buffer.peek(buffer.available))
        if (parsed === undefined) return orEnd(undefined)
        if (Result.isFailure(parsed)) return Effect.fail(parsed.failure)
        buffer.take(parsed.success.length)
        return Effect.succeed(parsed.success.value)
      }, options),
    stream: (size, options) =>
      Stream.suspend(() => {
        let left = size
        const chunk = Effect.suspend(() => left <= 0 ? Effect.succeed(noBytes) : until(upTo(left), options))
        const next = Effect.map(chunk, (bytes) => {
          left -= bytes.length
          return bytes
        })
        return Stream.takeWhile(Stream.fromEffectRepeat(next), (bytes) => bytes.length > 0)
      })
  }
  return { reader, readable: () => reading.readable() }
}
