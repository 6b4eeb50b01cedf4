/** Peers of ours, made by the public interface, and originals, each in its process. */
import { type Connection, type DataType, type Payload, Peer, type PeerPyError } from "@peerage/peerpy"
import { PeerAddress } from "@peerage/transport"
import { Effect, Queue, Schema } from "effect"
import { createHash } from "node:crypto"
import { loopback, soon } from "../Events.ts"
import * as Original from "../Original.ts"

type DataType = DataType.DataType

/** A peer of ours at an address of its own, hidden from discovery; `accepted` is the next connection opened to it. */
export const ourPeer = Effect.fnUntraced(function*(options: Partial<Peer.PeerOptions> = {}) {
  const queue = yield* Queue.unbounded<Connection.AnyConnection>()
  const peer = yield* Peer.make({
    listen: `${yield* loopback}:0`,
    invisible: true,
    serve: (connection) => Effect.andThen(Queue.offer(queue, connection), Effect.never),
    ...options
  })
  return { ...peer, accepted: soon("a connection", Queue.take(queue)) }
})

/** How an original is to be. */
export interface OriginalOptions {
  /** Default: one of its own on the loopback. */
  readonly address?: string
  /** Seconds. After as many of silence it probes. Default 2, as it has. */
  readonly timeout?: number
  /** Connections at once; 0 for any number. */
  readonly limit?: number
  /** Whether it answers who looks for peers. */
  readonly visible?: boolean
  /** What it answers to offers. */
  readonly wanted?: boolean
  /** A command that runs another. */
  readonly prefix?: ReadonlyArray<string>
}

/** What an original asks of a connection. */
export interface Wish {
  readonly strict?: boolean
  readonly stream?: boolean
}

/** An original in a process of its own. Values are Python expressions. */
export const originalPeer = Effect.fnUntraced(function*(
  { address, limit = 0, prefix, timeout = 2, visible = false, wanted = true }: OriginalOptions = {}
) {
  const program = yield* Original.start("peerpy_peer", prefix)
  const at = address ?? (yield* loopback)
  const self = yield* program.ask(PeerAddress.PeerAddress, "start", { address: at, timeout, limit, visible, wanted })
  yield* program.tells("listen")
  return {
    ...program,
    self,
    /** False when it was denied, or not answered. */
    connect: (to: string, type: DataType, { stream = false, strict = true }: Wish = {}) =>
      program.ask(Schema.Boolean, "connect", { to, type, strict, stream }),
    send: (to: string, value: string) => program.ask(Schema.Boolean, "send", { to, value }),
    broadcast: (value: string) => program.ask(Schema.Null, "broadcast", { value }),
    close: (to: string, force = false) => program.ask(Schema.Null, "close", { to, force }),
    stop: program.ask(Schema.Null, "stop"),
    discover: program.ask(Schema.Array(Schema.String), "discover"),
    /** Waits for a value, as Python writes it. */
    hears: (value: string) => program.tells("data", { value }),
    /** All values so far, as Python writes them. */
    heard: () => program.told("data").map(({ value }) => value),
    /** Waits until it has noticed that the connection is over. */
    closed: (peer: string) => program.tells("close", { peer })
  }
})

/** Waits for the next value, whatever it is. */
const receiving = (connection: Connection.AnyConnection): Effect.Effect<Payload.Value, PeerPyError.ReceiveError> => {
  const receive: Effect.Effect<Payload.Value, PeerPyError.ReceiveError> = connection.receive
  return soon("a value", receive)
}

/** An original that waits for connections, and what ours opened to it. */
export const opened = Effect.fnUntraced(function*<T extends DataType>(
  type: T,
  { stream, strict, ...options }: OriginalOptions & Wish = {},
  config?: Peer.PeerOptions["config"]
) {
  const theirs = yield* originalPeer(options)
  const ours = yield* ourPeer({ config })
  const connection = yield* ours.connect(theirs.self, { type, stream, strict })
  yield* theirs.tells("connection", { peer: ours.self, type })
  return { theirs, ours, connection, receive: soon("a value", connection.receive) }
})

/** What an original opened to a peer of ours. */
export const accepted = Effect.fnUntraced(function*(
  type: DataType,
  { stream = false, strict = true, ...options }: OriginalOptions & Wish = {},
  config?: Peer.PeerOptions["config"]
) {
  const theirs = yield* originalPeer(options)
  const ours = yield* ourPeer({ config })
  if (!(yield* theirs.connect(ours.self, type, { stream, strict }))) return yield* Effect.die(new Error("denied"))
  const connection = yield* ours.accepted
  return { theirs, ours, connection, receive: receiving(connection) }
})

/** A connection between both that either of them opened. */
export const pairs = (type: DataType, options: OriginalOptions & Wish = {}, config?: Peer.PeerOptions["config"]) =>
  [
    ["opened by ours", opened(type, options, config)],
    ["opened by an original", accepted(type, options, config)]
  ] as const

/** Bytes of some length, no two neighbours alike, and the same in Python. */
export const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251)
export const pythonBytes = (length: number): string => `bytes(index % 251 for index in range(${length}))`

/** How a driver tells a long value. */
export const digest = (type: string, contents: Uint8Array | string): string => {
  const bytes = Buffer.from(contents)
  return `${type} ${bytes.length} ${createHash("sha256").update(bytes).digest("hex")}`
}
