/**
 * The sending half of a connection: one message at a time, whole, so that nothing lands between a header and its
 * payload. Knows when it last wrote, as an original loses what is under way when its connection is reset.
 */
import { Bytes, Clock, type Duration, Effect, Semaphore, Stream } from "effect"
import type { SocketError, Writer } from "effect/socket/Socket"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import { SendError, SlowReader, WrongLength } from "../PeerPyError.ts"

/** How writing ends. */
export type OutletError = SocketError | SlowReader

/** A payload that is not held in memory. */
export interface Chunked<E = never> {
  readonly size: number
  readonly chunks: Stream.Stream<Uint8Array, E>
}

/** The writes of one connection, in turn. */
export interface Outlet {
  /** Writes a message: a header, bare bytes, or both. */
  readonly write: (parts: ReadonlyArray<Uint8Array>) => Effect.Effect<void, OutletError>
  /** Writes a header and a payload as it comes. Fails with `WrongLength` when that is not as long as was said. */
  readonly writeChunks: <E>(header: Uint8Array, payload: Chunked<E>) => Effect.Effect<void, SendError | E>
  /** From now on large payloads go in chunks with pauses. */
  readonly pace: () => void
  /** When something was last written, in milliseconds of a clock that only goes forward; -Infinity for never. */
  readonly writtenAt: () => number
}

/** How an original reads a payload: in chunks of this many bytes, none of which it asks for twice. */
export const chunkBytes = 8192

/** A payload that an original reads whole, however it arrives. */
export const smallBytes = 60_000

/** Milliseconds of a clock that only goes forward. */
export const now: Effect.Effect<number> = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos / 1_000_000n))

/** Makes the sending half. */
export const make = (writer: Writer, config: PeerPyConfig): Outlet => {
  const turn = Semaphore.makeUnsafe(1)
  let paced = false
  let writtenAt = -Infinity
  const noted = Effect.map(now, (at) => {
    writtenAt = at
  })
  const patiently = (bytes: Uint8Array): Effect.Effect<void, OutletError> =>
    Effect.timeoutOrElse(writer.writeAll([bytes]), {
      duration: config.writeTimeout,
      orElse: () => Effect.fail(new SlowReader())
    }).pipe(Effect.andThen(noted))
  const paceOut = chunked(patiently, config.chunkPause)
  const put = (bytes: Uint8Array) => paced && bytes.length > smallBytes ? paceOut(bytes) : patiently(bytes)

  return {
    writtenAt: () => writtenAt,
    pace: () => {
      paced = true
    },
    // Header and payload in one write where both are small: two would wait for each other's ACK.
    write: (parts) => {
      const size = parts.reduce((sum, { length }) => sum + length, 0)
      const writes = size <= smallBytes ? [Bytes.concat([...parts])] : parts
      return turn.withPermit(Effect.forEach(writes, put, { discard: true }))
    },
    writeChunks: (header, { chunks, size }) =>
      turn.withPermit(Effect.gen(function*() {
        const failed = (reason: SendError["reason"]) => new SendError({ reason })
        yield* Effect.mapError(patiently(header), failed)
        let sent = 0
        yield* Stream.runForEach(chunks, (chunk) => {
          sent += chunk.length
          return sent > size
            ? failed(new WrongLength({ announced: size, actual: sent }))
            : Effect.mapError(put(chunk), failed)
        })
        if (sent < size) return yield* failed(new WrongLength({ announced: size, actual: sent }))
      }))
  }
}

/**
 * Quirk: an original reads a large payload in chunks of 8192 bytes and does not ask twice for what is missing of one.
 * Chunks that arrive one by one are read whole, as far as the network leaves them whole.
 */
const chunked = (write: (bytes: Uint8Array) => Effect.Effect<void, OutletError>, pause: Duration.Duration) =>
  Effect.fnUntraced(function*(bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      if (at > 0) yield* Effect.sleep(pause)
      yield* write(bytes.subarray(at, at + chunkBytes))
    }
  })
