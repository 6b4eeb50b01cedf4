/**
 * Fetching a file. It comes over a connection back to the port that was asked from, up to that connection's end.
 *
 *     requester, local port P                       holder
 *       dials from P, then listens on P
 *       4:song.txt, ends its half            -->
 *                                            <--    found 1234                           only between two of ours
 *                                            <==    dials P: the bytes of the file, and the end
 *                                            <--    digest 0a1b...                       only between two of ours
 *
 * A holder of ours that cannot dial back sends the file where it was asked for it. (PYRATE.md, sections 2.1 and 4.)
 */
import { Connection, SocketFailure, type Transport } from "@peerage/transport"
import { LinkError } from "@peerage/wire"
import { type Duration, Effect, Schedule, type Scope, Stream } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError, Writer } from "effect/socket/Socket"
import type { FileName } from "../codec/FileName.ts"
import { encode } from "../codec/Message.ts"
import * as Sha256 from "../codec/Sha256.ts"
import * as Signal from "../codec/Signal.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { Corrupted, type DownloadError, EmptyAnswer, type FileTrouble, Incomplete, NoSuchFile } from "../PyrateError.ts"
import * as ReturnPort from "./ReturnPort.ts"
import { Tray } from "./Tray.ts"

/** A file on its way. */
export interface Transfer {
  /** Its size in bytes; `undefined` where the holder is an original. */
  readonly size: number | undefined
  /** Its bytes, once. Fails when not all of them come, or not the right ones. */
  readonly bytes: Stream.Stream<Uint8Array, DownloadError["reason"]>
}

// How much longer than a connection back a holder's word about the file may take: as long as a lost segment or two.
const wordWithin = "1 second"

/** Asks for a file. The scope's end breaks the transfer off. */
export const initiate = Effect.fn("Download.initiate")(function*(
  asking: ReturnPort.Asking,
  name: FileName
): Effect.fn.Return<Transfer, DownloadError["reason"], Scope.Scope> {
  const { idleTimeout, messageSilence } = asking.config
  const { back, pipe } = yield* ReturnPort.open(asking)
  const tray = new Tray(yield* Effect.orDie(Connection.fromPipe(pipe).reader), idleTimeout)
  pipe.write([encode({ _tag: "Download", name })])
  pipe.end()

  const silent = Effect.as(Effect.andThen(back, Effect.sleep(wordWithin)), undefined)
  const word = yield* Effect.raceFirst(tray.signal, silent)
  if (word?._tag === "Missing") {
    // The holder dials back all the same, and would try for long if nobody was there.
    yield* Effect.timeoutOption(back, messageSilence)
    return yield* new NoSuchFile({ name })
  }
  const opened = comeBack(back, idleTimeout)
  if (word?._tag !== "Found") {
    // Somebody else's peer: it answers here, or it dials back.
    return { size: undefined, bytes: notEmpty(name, tray.bytes.length > 0 ? tray : yield* opened) }
  }
  const { size } = word
  const here = Effect.flatMap(
    tray.here,
    (follows) => follows ? Effect.succeed(tray) : Effect.fail(new Incomplete({ name, received: 0, total: size }))
  )
  const source = yield* Effect.raceFirst(opened, here)
  const hash = (yield* Sha256.Sha256)()
  return { size, bytes: verified({ name, size, signals: tray, hash }, source.stream(size)) }
})

/** The connection back, opened. Fails when it does not come. */
const comeBack = (
  back: ReturnPort.ReturnPort["back"],
  idleTimeout: Duration.Duration
): Effect.Effect<Tray, LinkError.PeerUnresponsive | SocketError, Scope.Scope> =>
  Effect.timeoutOrElse(back, {
    duration: idleTimeout,
    orElse: () => Effect.fail(new LinkError.PeerUnresponsive({ awaited: "connection back", within: idleTimeout }))
  }).pipe(
    Effect.flatMap((pipe) => Connection.fromPipe(pipe).reader),
    Effect.map((reader) => new Tray(reader, idleTimeout))
  )

/** Bytes of which nobody said how many there would be. */
const notEmpty = (name: FileName, tray: Tray): Transfer["bytes"] => {
  let received = 0
  const counted = Stream.tap(tray.stream(), (chunk) =>
    Effect.sync(() => {
      received += chunk.length
    }))
  // An original closes the connection when it is done, and a process that dies resets it, or closes it as well.
  const ended = Effect.suspend((): Effect.Effect<void, DownloadError["reason"]> => {
    if (!tray.over) return Effect.fail(new Incomplete({ name, received }))
    return received === 0 ? Effect.fail(new EmptyAnswer({ name })) : Effect.void
  })
  return Stream.concat(counted, Stream.fromEffectDrain(ended))
}

/** What is to come, and what it is compared with. */
interface Expected {
  readonly name: FileName
  readonly size: number
  readonly signals: Tray
  readonly hash: Sha256.Hashing
}

/** Bytes that have to be as many as was said, and the ones that the holder read. */
const verified = (
  { hash, name, signals, size }: Expected,
  bytes: Stream.Stream<Uint8Array, LinkError.PeerUnresponsive>
): Transfer["bytes"] => {
  let received = 0
  const hashed = Stream.tap(bytes, (chunk) =>
    Effect.sync(() => {
      received += chunk.length
      hash.update(chunk)
    }))
  const ended = Effect.gen(function*() {
    const digest = received < size ? undefined : yield* signals.signal
    if (digest?._tag !== "Digest") return yield* new Incomplete({ name, received, total: size })
    if (digest.sha256 !== hash.digest("hex")) return yield* new Corrupted({ name })
  })
  return Stream.concat(hashed, Stream.fromEffectDrain(ended))
}

/** A file to be sent. */
export interface Offered {
  readonly size: number
  readonly bytes: Stream.Stream<Uint8Array, FileTrouble>
}

/** Who asked, and over what. */
export interface Asked {
  readonly transport: Transport.Transport["Service"]
  /** Where the request came from, which is where the file goes. */
  readonly remote: NetAddress.InetAddress
  /** The writing half of the connection that it came over. */
  readonly writer: Writer
  readonly config: PyrateConfig
}

const retryEvery = "10 millis"

/**
 * Sends a file, or says that there is none. Succeeds with the bytes sent; fails when the requester takes none of them for
 * too long.
 *
 * Quirk: an original requester listens a moment after it has asked, and waits for ever for a connection back, so that a
 * missing file is an empty one to it.
 */
export const respond = Effect.fn("Download.respond")(function*(
  { config, remote, transport, writer }: Asked,
  file: Offered | undefined
): Effect.fn.Return<number, SocketError | FileTrouble | LinkError.PeerUnresponsive, Scope.Scope> {
  // What is said here an original never reads: its end of the connection is closed.
  const say = (signal: Signal.Signal) => Effect.ignore(push(writer, Signal.encode(signal), config))
  yield* say(file === undefined ? { _tag: "Missing" } : { _tag: "Found", size: file.size })
  const back = yield* Effect.option(connectBack(transport, remote, config))
  if (file === undefined) return 0
  const hash = (yield* Sha256.Sha256)()
  let sent = 0
  const send = (to: Writer) =>
    Stream.runForEach(file.bytes, (chunk) => {
      hash.update(chunk)
      sent += chunk.length
      return push(to, chunk, config)
    })
  if (back._tag === "Some") yield* Effect.scoped(Effect.flatMap(back.value.writer, send))
  else yield* Effect.andThen(say({ _tag: "Here" }), send(writer))
  yield* say({ _tag: "Digest", sha256: hash.digest("hex") })
  return sent
})

/** Writes, for as long as the other side takes something now and then. */
const push = (to: Writer, bytes: Uint8Array, { idleTimeout }: PyrateConfig) =>
  Effect.timeoutOrElse(to.write(bytes), {
    duration: idleTimeout,
    orElse: () => Effect.fail(new LinkError.PeerUnresponsive({ awaited: "acknowledgement", within: idleTimeout }))
  })

/** Dials back, again and again for a while: the requester may not listen yet. */
const connectBack = Effect.fnUntraced(function*(
  transport: Transport.Transport["Service"],
  remote: NetAddress.InetAddress,
  { connectTimeout, dialBackFor }: PyrateConfig
): Effect.fn.Return<Connection.Connection, SocketError, Scope.Scope> {
  const connection = transport.dial(remote, { connectTimeout })
  const patiently = Schedule.spaced(retryEvery).pipe(Schedule.upTo({ duration: dialBackFor }))
  yield* Effect.retry(connection.reader, {
    schedule: patiently,
    while: (error) => SocketFailure.errno(error) === "ECONNREFUSED"
  })
  return connection
})
