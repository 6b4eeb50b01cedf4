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
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import { Connection, Endpoint, type Listener, SocketFailure, type Transport } from "@peerage/transport"
import { LinkError } from "@peerage/wire"
import { Effect, Queue, Schedule, type Scope, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Reader, SocketError, Writer } from "effect/socket/Socket"
import type { FileName } from "../codec/FileName.ts"
import { encode } from "../codec/Message.ts"
import * as Signal from "../codec/Signal.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { Corrupted, type DownloadError, EmptyAnswer, type FileTrouble, Incomplete, NoSuchFile } from "../PyrateError.ts"
import { Tray } from "./Tray.ts"

/** A file on its way. */
export interface Transfer {
  /** Its size in bytes; `undefined` where the holder is an original. */
  readonly size: number | undefined
  /** Its bytes, once. Fails when not all of them come, or not the right ones. */
  readonly bytes: Stream.Stream<Uint8Array, DownloadError["reason"]>
}

/** Whom to ask, and how. */
export interface Asking {
  readonly transport: Transport.Transport["Service"]
  readonly address: NetAddress.InetAddress
  readonly config: PyrateConfig
}

// Another program may take a port between finding it free and dialing from it.
const tries = 16

/** Asks for a file. The scope's end breaks the transfer off. */
export const initiate = Effect.fn("Download.initiate")(function*(
  asking: Asking,
  name: FileName
): Effect.fn.Return<Transfer, DownloadError["reason"], Scope.Scope> {
  const { address, config } = asking
  const { listener, pipe } = yield* Effect.retry(bothOnOnePort(asking), {
    times: tries,
    while: (error) => error._tag === "ListenFailed" || (error._tag === "Unreachable" && error.code === "EADDRINUSE")
  })
  const reader = yield* Effect.orDie(Connection.fromPipe(pipe).reader)
  const tray = new Tray(reader, config.idleTimeout)
  pipe.write([encode({ _tag: "Download", name })])
  pipe.end()

  const first = yield* Effect.catch(tray.signal, () => Effect.undefined)
  if (first?._tag === "Missing") return yield* new NoSuchFile({ name })
  if (first?._tag !== "Found") {
    // Somebody else's peer: it answers here, or it dials back.
    if (tray.bytes.length > 0) return { size: undefined, bytes: tray.stream() }
    const back = yield* connectionBack(listener, address, config)
    return { size: undefined, bytes: notEmpty(name, new Tray(back, config.idleTimeout)) }
  }
  const { size } = first
  const here = Effect.as(tray.here, tray)
  const back = Effect.map(connectionBack(listener, address, config), (opened) => new Tray(opened, config.idleTimeout))
  const source = yield* Effect.raceFirst(back, here)
  return { size, bytes: verified({ name, size, signals: tray }, source.stream(size)) }
})

/** Dials from a port and listens on it. Listening comes second: a port that is listened on cannot be dialed from. */
const bothOnOnePort = Effect.fnUntraced(function*({ address, config, transport }: Asking) {
  const port = yield* Effect.scoped(Effect.map(
    Endpoint.listen(transport, NetAddress.inetAddressUnsafe(NetAddress.ipv4Unspecified, 0)),
    (listener) => listener.address.port
  ))
  const dial = transport.connect(address, { from: { port }, connectTimeout: config.connectTimeout })
  const pipe = yield* Effect.acquireRelease(
    Effect.mapError(dial, Endpoint.unreachable(address)),
    (pipe) => Effect.sync(() => pipe.close())
  )
  const listener = yield* Endpoint.listen(transport, pipe.local, { maxConnections: 16 })
  return { listener, pipe }
})

/** Waits for the holder to dial back. Whoever else dials is reset: the port is known to more than the holder. */
const connectionBack = Effect.fnUntraced(function*(
  { accepted }: Listener.Listener,
  address: NetAddress.InetAddress,
  { idleTimeout }: PyrateConfig
): Effect.fn.Return<Reader<Uint8Array>, LinkError.PeerUnresponsive | SocketError, Scope.Scope> {
  const holder = NetAddress.formatHost(address)
  const taken = Effect.gen(function*() {
    while (true) {
      const pipe = yield* Queue.take(accepted)
      if (NetAddress.formatHost(pipe.remote) === holder) return pipe
      pipe.reset()
    }
  })
  const pipe = yield* Effect.timeoutOrElse(taken, {
    duration: idleTimeout,
    orElse: () => Effect.fail(new LinkError.PeerUnresponsive({ awaited: "connection back", within: idleTimeout }))
  })
  return yield* Connection.fromPipe(pipe).reader
})

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

/** Bytes that have to be as many as was said, and the ones that the holder read. */
const verified = (
  { name, signals, size }: { readonly name: FileName; readonly size: number; readonly signals: Tray },
  bytes: Stream.Stream<Uint8Array, LinkError.PeerUnresponsive>
): Transfer["bytes"] => {
  const hash = sha256.create()
  let received = 0
  const hashed = Stream.tap(bytes, (chunk) =>
    Effect.sync(() => {
      received += chunk.length
      hash.update(chunk)
    }))
  const ended = Effect.gen(function*() {
    const digest = received < size ? undefined : yield* signals.signal
    if (digest?._tag !== "Digest") return yield* new Incomplete({ name, received, total: size })
    if (digest.sha256 !== bytesToHex(hash.digest())) return yield* new Corrupted({ name })
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
 * Sends a file, or says that there is none. Succeeds with the bytes sent.
 *
 * Quirk: an original requester listens a moment after it has asked, and waits for ever for a connection back, so that a
 * missing file is an empty one to it.
 */
export const respond = Effect.fn("Download.respond")(function*(
  { config, remote, transport, writer }: Asked,
  file: Offered | undefined
): Effect.fn.Return<number, SocketError | FileTrouble, Scope.Scope> {
  // What is said here an original never reads: its end of the connection is closed.
  const say = (signal: Signal.Signal) => Effect.ignore(writer.write(Signal.encode(signal)))
  yield* say(file === undefined ? { _tag: "Missing" } : { _tag: "Found", size: file.size })
  const back = yield* Effect.option(connectBack(transport, remote, config))
  if (file === undefined) return 0
  const hash = sha256.create()
  let sent = 0
  const send = (to: Writer) =>
    Stream.runForEach(file.bytes, (chunk) => {
      hash.update(chunk)
      sent += chunk.length
      return to.write(chunk)
    })
  if (back._tag === "Some") yield* Effect.scoped(Effect.flatMap(back.value.writer, send))
  else yield* Effect.andThen(say({ _tag: "Here" }), send(writer))
  yield* say({ _tag: "Digest", sha256: bytesToHex(hash.digest()) })
  return sent
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
