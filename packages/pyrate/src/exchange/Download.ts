/**
 * Fetching a file. It comes over a connection back to the port that was asked from, until that connection ends. Only
 * extended holders send the lines marked with *.
 *
 *     requester, local port P                       holder
 *       dials from P, then listens on P
 *       4:song.txt, ends its half            -->
 *                                          * <--    waiting, again and again until it is its turn
 *                                          * <--    found 1234
 *                                            <==    dials P: the bytes of the file, and the end
 *                                          * <--    digest 0a1b...
 *
 * An extended holder that cannot dial back sends the file on the connection of the request, after `here`.
 * (docs/wire/pyrate.md, sections 2.1 and 4.)
 */
import type { ByteLink, ByteReader, LinkError } from "@peerage/wire"
import { Duration, Effect, Option, Result, Schedule, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { FileName } from "../codec/FileName.ts"
import { encode } from "../codec/Message.ts"
import * as Sha256 from "../codec/Sha256.ts"
import * as Signal from "../codec/Signal.ts"
import {
  type FileChanged,
  type FileTrouble,
  Incomplete,
  NoConnectionBack,
  NoSuchFile,
  OtherProtocol,
  Unanswered,
  UnreadableFile
} from "../PyrateError.ts"
import * as Remote from "./Remote.ts"
import * as ReturnPort from "./ReturnPort.ts"
import * as Transfer from "./Transfer.ts"

// How much later than the connection back a holder's signal may come: as long as a lost segment or two.
const signalWithin = "1 second"

/** Asks for a file. The scope's end breaks the transfer off. */
export const initiate = Effect.fn("Download.initiate")(function*(holder: Remote.Remote, name: FileName) {
  const { idleTimeout: within, messageSilence } = holder.config
  const { back, link } = yield* ReturnPort.open(holder)
  yield* link.write([encode({ _tag: "Download", name })])
  yield* link.end

  const silent = Effect.as(Effect.andThen(back, Effect.sleep(signalWithin)), undefined)
  const told: ReturnType<typeof Transfer.signal> = Effect.flatMap(
    Transfer.signal(link.reader, within),
    (signal) => signal?._tag === "Waiting" ? told : Effect.succeed(signal)
  )
  const signal = yield* Effect.raceFirst(told, silent)
  if (signal?._tag === "Missing" || signal?._tag === "Unreadable") {
    // The holder dials back all the same, and would retry for long if nobody listened.
    yield* Effect.timeoutOption(back, messageSilence)
    return yield* signal._tag === "Missing" ? new NoSuchFile({ name }) : new UnreadableFile({ name })
  }
  const dialedBack = (within: Duration.Duration) =>
    Effect.map(Remote.within(back, "connection back", within), ({ reader }) => reader)
  if (signal?._tag !== "Found") {
    return Transfer.unverified(yield* unannounced(holder, { name, link, dialedBack }), { name, within })
  }
  const { size } = signal
  const here = Effect.flatMap(Transfer.signal(link.reader, within, "Here"), (signal) => {
    if (signal === undefined) return Effect.never
    return signal._tag === "End"
      ? Effect.fail(new Incomplete({ name, received: 0, total: size }))
      : Effect.succeed(link.reader)
  })
  const source = yield* Effect.raceFirst(dialedBack(within), here)
  const hash = (yield* Sha256.Sha256)()
  return Transfer.verified(source, { name, size, within, hash, signals: link.reader })
})

/** A request whose holder announces nothing. */
interface Request {
  readonly name: FileName
  readonly link: ByteLink.ByteLink
  /** Waits for the connection back, for so long. */
  readonly dialedBack: (
    within: Duration.Duration
  ) => Effect.Effect<ByteReader.ByteReader, LinkError.PeerUnresponsive>
}

/** Where the file comes from whose holder announces nothing: it sends it here, or dials back, where it can. */
const unannounced = ({ address, config }: Remote.Remote, { dialedBack, link, name }: Request) => {
  if (link.reader.available() > 0) {
    return isNoFile(link.reader.peek(longestStart), name)
      ? Effect.fail(new OtherProtocol())
      : Effect.succeed(link.reader)
  }
  // A holder reads the request to its end, so that closing resets nothing; one that resets it has dialed back by then.
  const isReset = link.reader.ended()?._tag === "SocketError"
  const within = isReset ? Duration.fromInputUnsafe(signalWithin) : config.idleTimeout
  const blocked = isReset ? new Unanswered() : new NoConnectionBack({
    peer: NetAddress.formatInet(address),
    self: NetAddress.formatInet(link.local),
    seconds: Duration.toSeconds(within)
  })
  return Effect.catchTag(dialedBack(within), "PeerUnresponsive", () => Effect.fail(blocked))
}

// No file, on the connection of the request: what a web server says that does not understand, some of them as HTTP/0.9
// with nothing before the page; and a signal of a later version. A file of an original comes over a connection back,
// which no web server makes, and may begin with anything.
const longestStart = 16
const isNoFile = (bytes: Uint8Array, name: FileName): boolean => {
  if (Signal.begins(bytes)) return true
  const start = new TextDecoder().decode(bytes)
  return /^HTTP\/1\.\d \d{3}/.test(start) || (/^(?:<!doctype html|<html)/i.test(start) && !/\.x?html?$/i.test(name))
}

/** A file to send. */
export interface Offered {
  readonly size: number
  /** Each piece stays as it is until the next but one is pulled. */
  readonly bytes: Stream.Stream<Uint8Array, FileTrouble | FileChanged>
}

/** Why there is no file to send. */
export type NoFile = NoSuchFile | FileTrouble

// So often a requester that waits for its turn is told, in the time after which it would give up.
const remindersWithin = 4

/**
 * Never ends: tells a requester again and again that it waits for its turn.
 *
 * Quirk: an original never reads it, and waits without a limit for the connection back.
 */
export const waiting = (link: ByteLink.ByteLink, { idleTimeout }: Remote.Way["config"]): Effect.Effect<never> =>
  Effect.forever(
    Effect.andThen(
      Effect.ignore(link.write([Signal.encode({ _tag: "Waiting" })], idleTimeout)),
      Effect.sleep(Duration.divideUnsafe(idleTimeout, remindersWithin))
    )
  )

const retryEvery = "10 millis"

/**
 * Sends the file that was asked for over `link`, or says why not and fails with that. Succeeds with the bytes sent;
 * fails, and sends no digest, when the file's bytes fail or the requester reads none of them for too long.
 *
 * Quirk: an original requester listens a moment after it has asked, and waits without a limit for a connection back. So
 * the holder retries, and dials back where there is nothing to send too, which is an empty file to an original.
 */
export const respond = Effect.fn("Download.respond")(function*(
  { link, ...way }: Remote.Way & { readonly link: ByteLink.ByteLink },
  file: Result.Result<Offered, NoFile>
) {
  const { dialBackFor, idleTimeout } = way.config
  // An original never reads a signal: its end of the connection is closed.
  const signal = (signal: Signal.Signal) => Effect.ignore(link.write([Signal.encode(signal)], idleTimeout))
  yield* signal(Result.match(file, {
    onSuccess: ({ size }) => ({ _tag: "Found", size }),
    onFailure: ({ _tag }) => ({ _tag: _tag === "NoSuchFile" ? "Missing" : "Unreadable" })
  }))
  const back = yield* Effect.option(Effect.retry(Remote.dial({ ...way, address: link.remote }), {
    schedule: Schedule.spaced(retryEvery).pipe(Schedule.upTo({ duration: dialBackFor })),
    while: (error) => error._tag === "Unreachable" && error.code === "ECONNREFUSED"
  }))
  const { bytes } = yield* Effect.fromResult(file)
  if (Option.isNone(back)) yield* signal({ _tag: "Here" })
  const to = Option.getOrElse(back, () => link)
  const hash = (yield* Sha256.Sha256)()
  const sent = yield* Stream.runFoldEffect(bytes, () => 0, (sent, piece) => {
    hash.update(piece)
    return Effect.as(to.write([piece], idleTimeout), sent + piece.length)
  })
  if (Option.isSome(back)) yield* back.value.end
  yield* signal({ _tag: "Digest", sha256: hash.digest("hex") })
  return sent
})
