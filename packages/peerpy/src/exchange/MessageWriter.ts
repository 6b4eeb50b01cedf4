/**
 * The sending half of a connection: one message at a time, whole, so that nothing comes between a header and its
 * payload; and small messages together, in one write. Probes go between them, and are not answered. A stream is never
 * probed: an original takes the probe for payload. (docs/wire/peerpy.md, sections 4 and 5.)
 */
import { Ascii, type ByteLink } from "@peerage/wire"
import { Effect, Semaphore } from "effect"
import * as Header from "../codec/Header.ts"
import type { SendError } from "../PeerPyError.ts"
import * as PieceWriter from "./PieceWriter.ts"

/** Bytes that are held back at most, and the message that is one too many. */
const heldBytes = 65_536

const padding = 0x7c

/** Holds back a message with a copy of its payload, which the sender may change before it goes out. */
const hold = (held: Ascii.Ascii, header: string, payload: Uint8Array): void => {
  if (header !== "") {
    held.text(header)
    held.fill(padding, Header.size - header.length)
  }
  held.bytes(payload)
}

/** Makes the sending half of a connection. */
export const make = Effect.fnUntraced(function*(link: ByteLink.ByteLink, options: PieceWriter.Options) {
  const turn = yield* Semaphore.make(1)
  const { isInMidst, isWriting, put, write, writeChunks, writtenAt } = yield* PieceWriter.make(link, options)
  const held = new Ascii.Ascii()
  /** True where what is held will be flushed. */
  let scheduled = false

  // Behind a message that was broken off nothing is written.
  const putHeld = Effect.suspend(() => held.length === 0 || isWriting() ? Effect.void : put([held.take()]))
  // What is handed over in one go lies between two messages.
  const isBetween = () => !isWriting() && link.hasRoom()
  const flush = Effect.suspend(() => {
    scheduled = false
    return isBetween() ? putHeld : turn.withPermit(putHeld)
  })
  // No sender waits for it. A failure ends the connection, and the next sender fails with that.
  const flushLater = Effect.asVoid(Effect.forkDetach(Effect.ignore(flush)))
  const flushNow = (): Effect.Effect<unknown> => {
    scheduled = false
    if (held.length === 0) return Effect.void
    return isBetween() ? Effect.catch(link.hand([held.take()]), options.end) : flushLater
  }

  return {
    /**
     * Writes small payloads, each behind its header, with all others of this turn of the event loop. Waits only where
     * there are many that the other end does not read.
     */
    writeTogether: (headers: ReadonlyArray<string>, payloads: ReadonlyArray<Uint8Array>) =>
      Effect.suspend(() => {
        payloads.forEach((payload, index) => hold(held, headers[index] ?? "", payload))
        // Scheduled in any case: a sender that is interrupted while it waits has held something back as well.
        const schedule = scheduled ? Effect.void : flushLater
        scheduled = true
        return held.length < heldBytes ? schedule : Effect.andThen(schedule, flush)
      }),
    /** Runs an effect. What `writeTogether` takes meanwhile goes out when it is done, and waits for no turn's end. */
    gather: (effect: Effect.Effect<unknown>) =>
      Effect.suspend(() => {
        if (scheduled) return effect
        scheduled = true
        return Effect.flatMap(effect, flushNow)
      }),
    /** Writes a header, which is made when its turn has come, and a payload. */
    write: (header: Effect.Effect<string, SendError>, payload: Uint8Array) =>
      turn.withPermit(Effect.flatMap(Effect.andThen(putHeld, header), (text) => write(text, payload))),
    /** Writes the same with a payload as it comes. */
    writeChunks: <E>(header: Effect.Effect<string, SendError>, payload: PieceWriter.Chunked<E>) =>
      turn.withPermit(Effect.flatMap(Effect.andThen(putHeld, header), (text) => writeChunks(text, payload))),
    /** Shows that this end is there: writes a bare PING, unless a message is being written. Waits for no turn. */
    probe: Effect.asVoid(turn.withPermitsIfAvailable(1)(put([Header.ping]))),
    /** Hands over what `writeTogether` holds back, without waiting for the other end. Nothing is written behind it. */
    handOver: Effect.suspend(() =>
      held.length === 0 || isInMidst() ? Effect.void : Effect.ignore(link.hand([held.take()]))
    ),
    writtenAt
  }
})

/** The writes of one connection, in turn. */
export type MessageWriter = Effect.Success<ReturnType<typeof make>>
