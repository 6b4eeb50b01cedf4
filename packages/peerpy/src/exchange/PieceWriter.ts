/**
 * Writes one message in pieces, each with a time limit for the other end, and knows how much of it went out. A message
 * that is broken off ends the connection: the other end would take what follows for the rest of it.
 */
import { Timeouts } from "@peerage/transport"
import type { ByteLink } from "@peerage/wire"
import { Effect, Stream } from "effect"
import type { SocketError } from "effect/socket/Socket"
import * as HeaderText from "../codec/HeaderText.ts"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import { SendError, SlowReader, WrongLength } from "../PeerPyError.ts"
import * as Pieces from "./Pieces.ts"

/** A payload that is not held in memory. */
export interface Chunked<E = never> {
  readonly size: number
  readonly chunks: Stream.Stream<Uint8Array, E>
}

/** How writing ends a connection. */
export type WriteEnd = SocketError | SlowReader | WrongLength

/** How messages are written. */
export interface Options {
  readonly config: Pick<PeerPyConfig, "writeTimeout" | "chunkPause">
  /** True where large payloads go in chunks with pauses, as an original reads them. */
  readonly paced: boolean
  /** Ends the connection: a write failed, or a message was broken off. */
  readonly end: (reason: WriteEnd) => Effect.Effect<void>
}

/** A message that is being written. */
interface InHand {
  readonly header: number
  readonly payload: number
  /** True where its payload goes in chunks with pauses. */
  readonly pausing: boolean
  /** What `ByteLink.written` was before it. */
  readonly begin: number
}

const noBytes = new Uint8Array(0)

/** Writes messages to a link, one at a time: the caller begins none before the last one is done. */
export const make = Effect.fnUntraced(function*(
  link: ByteLink.ByteLink,
  { config, end, paced }: Options
) {
  let writtenAt = yield* Timeouts.now
  let inHand: InHand | undefined

  const noted = Effect.map(Timeouts.now, (now) => {
    writtenAt = now
  })
  const over = (reason: WriteEnd): Effect.Effect<never, SendError> =>
    Effect.andThen(end(reason), new SendError({ reason }))

  /** Writes bytes, and waits until there is room for more. */
  const put = (chunks: Pieces.Write): Effect.Effect<void, SendError> =>
    Effect.andThen(
      Effect.catch(
        link.write(chunks, config.writeTimeout),
        (error) => over(error._tag === "PeerUnresponsive" ? new SlowReader() : error)
      ),
      noted
    )

  const putAll = ({ begin, header, pausing }: InHand, pieces: ReadonlyArray<Pieces.Write>) =>
    Effect.forEach(pieces, (piece) =>
      pausing && link.written() > begin + header
        ? Effect.andThen(Effect.sleep(config.chunkPause), put(piece))
        : put(piece), { discard: true })

  /** Writes a message, and ends the connection where a part of it went out and the rest will not. */
  const whole = <E>(
    header: number,
    payload: number,
    parts: (message: InHand) => Effect.Effect<void, E>
  ): Effect.Effect<void, E> =>
    Effect.suspend(() => {
      const message = { header, payload, pausing: paced && Pieces.needsPauses(payload), begin: link.written() }
      inHand = message
      return Effect.onExit(parts(message), () => {
        const broken = brokenOff(message, link.written())
        if (broken !== undefined) return end(broken)
        inHand = undefined
        return Effect.void
      })
    })

  /** `header` is text without its padding, or "" for a bare frame of a stream. */
  const write = (header: string, payload: Uint8Array): Effect.Effect<void, SendError> => {
    const head = header === "" ? noBytes : HeaderText.encode(header)
    return whole(
      head.length,
      payload.length,
      (message) => putAll(message, Pieces.ofMessage(head, payload, message.pausing))
    )
  }

  const writeChunks = <E>(header: string, { chunks, size }: Chunked<E>) => {
    const head = HeaderText.encode(header)
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

  return {
    put,
    write,
    writeChunks,
    /** Whether a message is being written, or was broken off. */
    isWriting: () => inHand !== undefined,
    /** Whether a part of a message went out, and not yet all of it. */
    isInMidst: () => inHand !== undefined && brokenOff(inHand, link.written()) !== undefined,
    /** When `put` last wrote, in milliseconds as `Timeouts.now` has them. At first, when the writer was made. */
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
