/**
 * The sending half of a connection: one message at a time, whole, so that nothing comes between a header and its
 * payload. A message that is broken off ends the connection: the other end would take what follows for the rest of it.
 */
import { Timeouts } from "@peerage/transport"
import type { ByteLink } from "@peerage/wire"
import { Effect, Semaphore, Stream } from "effect"
import type { SocketError } from "effect/socket/Socket"
import * as DataHeader from "../codec/DataHeader.ts"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import { SendError, SlowReader, WrongLength } from "../PeerPyError.ts"
import * as Pieces from "./Pieces.ts"
import * as WriteBuffer from "./WriteBuffer.ts"

/** A message as it goes out. */
export interface Message {
  /** A header without its padding, or "" for a bare frame of a stream. */
  readonly header: string
  readonly payload: Uint8Array
}

/** How writing ends a connection. */
export type WriteEnd = SocketError | SlowReader | WrongLength

/** A payload that is not held in memory. */
export interface Chunked<E = never> {
  readonly size: number
  readonly chunks: Stream.Stream<Uint8Array, E>
}

/** How messages are written. */
export interface Options {
  readonly config: Pick<PeerPyConfig, "writeTimeout" | "chunkPause">
  /** True where large payloads go in chunks with pauses, as an original reads them. */
  readonly paced: boolean
  /** Ends the connection: a write failed, or a message was broken off. */
  readonly end: (reason: WriteEnd) => Effect.Effect<void>
}

/** The writes of one connection, in turn. */
export interface MessageWriter {
  /**
   * Writes small payloads, each behind its header, with all others of this turn of the event loop. Waits only where there
   * are many that the other end does not read.
   */
  readonly writeTogether: (
    headers: ReadonlyArray<string>,
    payloads: ReadonlyArray<Uint8Array>
  ) => Effect.Effect<void, SendError>
  /** Runs an effect. What `writeTogether` takes meanwhile goes out as soon as it is done, and waits for no turn's end. */
  readonly gather: (effect: Effect.Effect<unknown>) => Effect.Effect<unknown>
  /** Writes a message, which is made when its turn has come. */
  readonly write: (message: Effect.Effect<Message, SendError>) => Effect.Effect<void, SendError>
  /** Writes a header, which is made when its turn has come, and a payload as it comes. */
  readonly writeChunks: <E>(
    header: Effect.Effect<string, SendError>,
    payload: Chunked<E>
  ) => Effect.Effect<void, SendError | E>
  /** Writes a header of its own, unless a message is being written: that says as much. Waits for no turn. */
  readonly writeBetween: (header: Uint8Array) => Effect.Effect<void, SendError>
  /** Hands over what `writeTogether` holds back, without waiting for the other end. Nothing is written behind it. */
  readonly handOver: Effect.Effect<void>
  /** When something was last written, in milliseconds as `Timeouts.now` has them. At first, when the writer was made. */
  readonly writtenAt: () => number
}

/** Bytes that are held back at most, and the message that is one too many. */
const heldBytes = 65_536

/** A message that is being written. */
interface InHand {
  readonly header: number
  readonly payload: number
  /** True where its payload goes in chunks with pauses. */
  readonly pausing: boolean
  /** What `ByteLink.written` was before it. */
  readonly begin: number
}

const failed = (reason: SendError["reason"]) => new SendError({ reason })
const noBytes = new Uint8Array(0)

/** Makes the sending half of a connection. */
export const make = Effect.fnUntraced(function*(
  link: ByteLink.ByteLink,
  { config, end, paced }: Options
): Effect.fn.Return<MessageWriter> {
  const turn = yield* Semaphore.make(1)
  const held = WriteBuffer.make()
  let writtenAt = yield* Timeouts.now
  let inHand: InHand | undefined
  /** True where what is held will be flushed. */
  let scheduled = false

  const noted = Effect.map(Timeouts.now, (now) => {
    writtenAt = now
  })
  const over = (reason: WriteEnd): Effect.Effect<never, SendError> => Effect.andThen(end(reason), failed(reason))

  const put = (chunks: Pieces.Write): Effect.Effect<void, SendError> =>
    Effect.andThen(
      Effect.catch(
        link.write(chunks, config.writeTimeout),
        (error) => over(error._tag === "PeerUnresponsive" ? new SlowReader() : error)
      ),
      noted
    )

  const putPiece = ({ begin, header, pausing }: InHand, piece: Pieces.Write): Effect.Effect<void, SendError> =>
    pausing && link.written() > begin + header
      ? Effect.andThen(Effect.sleep(config.chunkPause), put(piece))
      : put(piece)

  const putAll = (message: InHand, pieces: ReadonlyArray<Pieces.Write>): Effect.Effect<void, SendError> =>
    Effect.forEach(pieces, (piece) => putPiece(message, piece), { discard: true })

  /** Writes a message, and ends the connection where a part of it went out and the rest will not. */
  const whole = <E>(
    header: number,
    payload: number,
    write: (message: InHand) => Effect.Effect<void, E>
  ): Effect.Effect<void, E> =>
    Effect.suspend(() => {
      const message = { header, payload, pausing: paced && Pieces.needsPauses(payload), begin: link.written() }
      inHand = message
      return Effect.onExit(write(message), () => {
        const broken = brokenOff(message, link.written())
        if (broken !== undefined) return end(broken)
        inHand = undefined
        return Effect.void
      })
    })

  const writeMessage = ({ header, payload }: Message): Effect.Effect<void, SendError> => {
    const head = header === "" ? noBytes : DataHeader.encode(header)
    return whole(
      head.length,
      payload.length,
      (message) => putAll(message, Pieces.ofMessage(head, payload, message.pausing))
    )
  }

  const writeStream = <E>(header: string, { chunks, size }: Chunked<E>) => {
    const head = DataHeader.encode(header)
    return whole(head.length, size, (message) =>
      Effect.gen(function*() {
        yield* put([head])
        let actual = 0
        const counted = Stream.tap(chunks, ({ length }) => {
          actual += length
          return actual > size ? over(new WrongLength({ announced: size, actual })) : Effect.void
        })
        yield* Stream.runForEach(
          message.pausing ? Pieces.recut(counted) : counted,
          (chunk) => putAll(message, Pieces.cut(chunk, message.pausing))
        )
        if (actual < size) return yield* over(new WrongLength({ announced: size, actual }))
      }))
  }

  // Behind a message that was broken off nothing is written.
  const putHeld = Effect.suspend(() => held.length === 0 || inHand !== undefined ? Effect.void : put([held.take()]))
  // What was handed over in one go lies between two messages, unless one is in hand.
  const isBetween = () => inHand === undefined && link.hasRoom()
  const flush = Effect.suspend(() => {
    scheduled = false
    return isBetween() ? putHeld : turn.withPermit(putHeld)
  })
  // Nobody waits for it. A failure ends the connection: the next sender meets it.
  const flushLater = Effect.asVoid(Effect.forkDetach(Effect.ignore(flush)))
  const flushNow = (): Effect.Effect<unknown> => {
    scheduled = false
    if (held.length === 0) return Effect.void
    return isBetween() ? Effect.catch(link.hand([held.take()]), end) : flushLater
  }

  return {
    writeTogether: (headers, payloads) =>
      Effect.suspend(() => {
        payloads.forEach((payload, index) => WriteBuffer.add(held, headers[index] ?? "", payload))
        // Scheduled in any case: a sender that is interrupted while it waits has held something back as well.
        const schedule = scheduled ? Effect.void : flushLater
        scheduled = true
        return held.length < heldBytes ? schedule : Effect.andThen(schedule, flush)
      }),
    gather: (effect) =>
      Effect.suspend(() => {
        if (scheduled) return effect
        scheduled = true
        return Effect.flatMap(effect, flushNow)
      }),
    write: (message) => turn.withPermit(Effect.andThen(putHeld, Effect.flatMap(message, writeMessage))),
    writeChunks: (header, payload) =>
      turn.withPermit(Effect.flatMap(Effect.andThen(putHeld, header), (text) => writeStream(text, payload))),
    writeBetween: (header) => Effect.asVoid(turn.withPermitsIfAvailable(1)(put([header]))),
    handOver: Effect.suspend(() => {
      const isInMidst = inHand !== undefined && brokenOff(inHand, link.written()) !== undefined
      return held.length === 0 || isInMidst ? Effect.void : Effect.ignore(link.hand([held.take()]))
    }),
    writtenAt: () => writtenAt
  }
})

/** How much of a message went out, where that is neither all nor nothing. */
const brokenOff = ({ begin, header, payload }: InHand, now: number): WrongLength | undefined => {
  const written = now - begin
  return written > 0 && written < header + payload
    ? new WrongLength({ announced: payload, actual: Math.max(0, written - header) })
    : undefined
}
