/**
 * The sending half of a connection: one message at a time, whole, so that nothing lands between a header and its
 * payload. Knows when it last wrote, as an original loses what is under way when its connection is reset.
 */
import { Bytes, Clock, type Duration, Effect, Fiber, Semaphore, Stream } from "effect"
import { PreventSchedulerYield } from "effect/Scheduler"
import type { SocketError, Writer } from "effect/socket/Socket"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import { SendError, SlowReader, WrongLength } from "../PeerPyError.ts"
import { Held } from "./Held.ts"

/** How writing ends. */
export type OutletError = SocketError | SlowReader

/** A payload that is not held in memory. */
export interface Chunked<E = never> {
  readonly size: number
  readonly chunks: Stream.Stream<Uint8Array, E>
}

/** The writes of one connection, in turn. */
export interface Outlet {
  /** Holds a message back for a `flush`, to be written with others, its header without padding. False when it is enough. */
  readonly hold: (header: string, payload: Uint8Array) => boolean
  /** Writes what is held back. */
  readonly flush: Effect.Effect<void, OutletError>
  /** Hands over what is held back without waiting for anybody: nothing is written behind it. */
  readonly handOver: Effect.Effect<void>
  /** Writes a message: a header, bare bytes, or both; behind what is held back. */
  readonly write: (parts: ReadonlyArray<Uint8Array>) => Effect.Effect<void, OutletError>
  /** Writes a header of its own, unless a message is being written: that says as much. Waits for no turn. */
  readonly writeBetween: (header: Uint8Array) => Effect.Effect<void, OutletError>
  /** Writes a header and a payload as it comes. Fails with `WrongLength` when that is not as long as was said. */
  readonly writeChunks: <E>(header: Uint8Array, payload: Chunked<E>) => Effect.Effect<void, SendError | E>
  /** From now on large payloads go in chunks with pauses. */
  readonly pace: () => void
  /** The message that was broken off in its midst, if one was: what would follow it could not be understood. */
  readonly torn: () => WrongLength | undefined
  /** When something was last written, in milliseconds of a clock that only goes forward; -Infinity for never. */
  readonly writtenAt: () => number
}

/** How an original reads a payload: in chunks of this many bytes, none of which it asks for twice. */
const chunkBytes = 8192

/** A payload that an original reads whole, however it arrives. */
const smallBytes = 60_000

// Bytes that the other end may take the patience for a write to read.
const pieceBytes = 262_144

/** Bytes that are held back at most, and the message that is one too many. */
const heldBytes = 65_536

/** Milliseconds of a clock that only goes forward. */
export const now: Effect.Effect<number> = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos / 1_000_000n))

/** A message on its way: its header and its payload in bytes, and how many bytes of both were handed over. */
interface Message {
  readonly header: number
  readonly payload: number
  readonly paced: boolean
  written: number
}

/** Makes the sending half. */
export const make = (writer: Writer, config: PeerPyConfig): Outlet => {
  const turn = Semaphore.makeUnsafe(1)
  let paced = false
  let writtenAt = -Infinity
  let torn: WrongLength | undefined
  let current: Message | undefined
  const held = new Held()
  const noted = Effect.map(now, (at) => {
    writtenAt = at
  })
  const put: Put = (message, first, ...more) => {
    const handing = Effect.suspend(() => {
      for (const part of [first, ...more]) message.written += part.length
      return writer.writeAll([first, ...more])
      // Without a scheduler's pause an interruption cannot fall between counting and handing over.
    }).pipe(Effect.provideService(PreventSchedulerYield, true))
    const orElse = () => Effect.fail(new SlowReader())
    return Effect.andThen(Effect.timeoutOrElse(handing, { duration: config.writeTimeout, orElse }), noted)
  }
  /** Keeps in mind when a message is left unfinished. */
  const attempt = <E>(header: number, payload: number, body: (message: Message) => Effect.Effect<void, E>) =>
    Effect.suspend(() => {
      const message: Message = { header, payload, paced: paced && payload > smallBytes, written: 0 }
      current = message
      return Effect.onError(body(message), () =>
        Effect.sync(() => {
          if (isUnfinished(message)) torn = brokenOff(message)
        }))
    })
  const write: Outlet["write"] = (parts) => {
    const [header, payload] = parts.length > 1 ? parts : [undefined, ...parts]
    return attempt(header?.length ?? 0, payload?.length ?? 0, writing(put, parts, config.chunkPause))
  }

  const writeHeld = Effect.suspend(() => {
    const bytes = held.take()
    return bytes === undefined ? Effect.void : write([bytes])
  })
  const handOver = Effect.suspend(() => {
    const bytes = current !== undefined && isUnfinished(current) ? undefined : held.take()
    if (bytes === undefined) return Effect.void
    // Handing over happens when the fiber starts; what it would wait for is the other end.
    const handing = Effect.forkDetach(Effect.ignore(writer.writeAll([bytes])), { startImmediately: true })
    return Effect.flatMap(handing, Fiber.interrupt)
  })

  return {
    hold: (header, payload) => {
      held.add(header, payload)
      return held.length < heldBytes
    },
    flush: turn.withPermit(writeHeld),
    handOver,
    writtenAt: () => writtenAt,
    torn: () => torn,
    pace: () => {
      paced = true
    },
    write: (parts) => turn.withPermit(Effect.andThen(writeHeld, write(parts))),
    writeBetween: (header) => Effect.asVoid(turn.withPermitsIfAvailable(1)(write([header]))),
    writeChunks: (header, payload) => {
      const message = attempt(header.length, payload.size, streaming(put, header, payload, config.chunkPause))
      return turn.withPermit(Effect.andThen(Effect.mapError(writeHeld, failed), message))
    }
  }
}

/** Hands bytes over and waits until there is room for more. */
type Put = (message: Message, first: Uint8Array, ...more: ReadonlyArray<Uint8Array>) => Effect.Effect<void, OutletError>

const isUnfinished = ({ header, payload, written }: Message) => written > 0 && written < header + payload

const brokenOff = ({ header, payload, written }: Message) =>
  new WrongLength({ announced: payload, actual: Math.max(0, written - header) })

// Header and payload in one write where both are small: two would wait for each other's ACK.
const writing = (put: Put, parts: ReadonlyArray<Uint8Array>, pause: Duration.Duration) => (message: Message) => {
  const size = message.header + message.payload
  const [header, payload] = parts
  if (!message.paced && size > smallBytes && size <= pieceBytes && header !== undefined && payload !== undefined) {
    return put(message, header, payload)
  }
  const writes = size <= smallBytes ? [Bytes.concat([...parts])] : parts
  return Effect.forEach(writes, (bytes) => inPieces(put, message, bytes, pause), { discard: true })
}

/**
 * Quirk: an original reads a large payload in chunks of 8192 bytes and does not ask twice for what is missing of one.
 * Chunks that arrive one by one are read whole, as far as the network leaves them whole.
 */
const inPieces = Effect.fnUntraced(function*(
  put: Put,
  message: Message,
  bytes: Uint8Array,
  pause: Duration.Duration
): Effect.fn.Return<void, OutletError> {
  const size = message.paced ? chunkBytes : pieceBytes
  for (let at = 0; at < bytes.length; at += size) {
    if (message.paced && message.written > message.header) yield* Effect.sleep(pause)
    yield* put(message, bytes.subarray(at, at + size))
  }
})

const failed = (reason: SendError["reason"]) => new SendError({ reason })

/** A payload as it comes; where it is paced, cut anew, as only chunks of the right size are read whole. */
const streaming =
  <E>(put: Put, header: Uint8Array, { chunks, size }: Chunked<E>, pause: Duration.Duration) =>
  (message: Message): Effect.Effect<void, SendError | E> =>
    Effect.gen(function*() {
      const give = (bytes: Uint8Array) => Effect.mapError(inPieces(put, message, bytes, pause), failed)
      yield* give(header)
      let held = new Uint8Array(0)
      let actual = 0
      yield* Stream.runForEach(chunks, (chunk) => {
        actual += chunk.length
        if (actual > size) return failed(new WrongLength({ announced: size, actual }))
        if (!message.paced) return give(chunk)
        const joined = Bytes.concat([held, chunk])
        const whole = joined.length - joined.length % chunkBytes
        held = joined.slice(whole)
        return give(joined.subarray(0, whole))
      })
      if (actual < size) return yield* failed(new WrongLength({ announced: size, actual }))
      yield* give(held)
    })
