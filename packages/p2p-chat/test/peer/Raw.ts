/**
 * A neighbour in the hand of a test: one end of a connection, which says frames or any bytes and sees what comes,
 * segment by segment. It reads at once, unless the network clogs its machine.
 */
import { MemoryNetwork, type Pipe, SocketFailure } from "@peerage/transport"
import { Framing, LengthPrefix, Link } from "@peerage/wire"
import { Effect, Queue, Result } from "effect"
import * as Hex from "effect/encoding/Hex"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../../src/codec/Frame.ts"
import { PeerMessage } from "../../src/codec/Message.ts"
import { bytesOf } from "../fixtures/Vectors.ts"
import { addressOf, id, ipOf, settle } from "./Network.ts"

const inet = NetAddress.inetAddressFromStringUnsafe

/** A message as a frame, header included. */
export const frame = (message: PeerMessage): Uint8Array => Result.getOrThrow(Link.encode(format, PeerMessage, message))

/** A body behind a header that tells its length. */
export const framed = (body: Uint8Array): Uint8Array => LengthPrefix.framing.encode(body)

/** The messages, with ids as plain numbers. */
export const start = (from: number, extension = 0): PeerMessage => ({
  _tag: "HandshakeStart",
  id: id(from),
  extension
})
export const response = (from: number, options: { readonly error?: boolean; readonly extension?: number } = {}) => ({
  _tag: "HandshakeResponse" as const,
  id: id(from),
  error: options.error ?? false,
  extension: options.extension ?? 0
})
export const join = (peer: number, via: number, hops = 0): PeerMessage => ({
  _tag: "Join",
  id: id(peer),
  via: id(via),
  hops
})
export const leave = (peer: number): PeerMessage => ({ _tag: "Leave", id: id(peer) })
export const chat = (from: number, to: number, text: string): PeerMessage => ({
  _tag: "Chat",
  from: id(from),
  to: id(to),
  text
})

/** A message in a few words, for comparing. */
export const describeMessage = (message: PeerMessage): string => {
  switch (message._tag) {
    case "Chat":
      return `${message.from} to ${message.to}: ${message.text}`
    case "Join":
      return `JOIN ${message.id}`
    case "Leave":
      return `LEAVE ${message.id}`
    case "HandshakeStart":
      return `START ${message.id}`
    case "HandshakeResponse":
      return message.error ? "ERROR" : `RESPONSE ${message.id}`
    default:
      return "UNKNOWN"
  }
}

/** One end of a connection. */
export class Raw {
  readonly pipe: Pipe.Pipe
  /** What came, as it came. */
  readonly segments: Array<Uint8Array> = []

  constructor(pipe: Pipe.Pipe) {
    this.pipe = pipe
    pipe.observe({ readable: () => this.segments.push(...pipe.take() ?? []), drained: () => {}, closed: () => {} })
  }

  /** Says each message in a segment of its own. */
  say(...messages: ReadonlyArray<PeerMessage>): void {
    for (const message of messages) this.pipe.write([frame(message)])
  }

  /** Says all messages in one write. */
  sayAtOnce(messages: ReadonlyArray<PeerMessage>): void {
    this.pipe.write([Buffer.concat(messages.map(frame))])
  }

  /** Sends bytes, or what hexadecimal digits stand for. */
  write(bytes: Uint8Array | string): void {
    this.pipe.write([typeof bytes === "string" ? bytesOf(bytes) : bytes])
  }

  /** Everything that came, in hexadecimal digits. */
  get hex(): string {
    return Hex.encode(Buffer.concat(this.segments))
  }

  /** The whole messages that came. */
  get heard(): ReadonlyArray<PeerMessage> {
    return Framing.decodeAll(LengthPrefix.framing, this.segments, format.limit).frames.map((body) =>
      Result.getOrThrow(Link.decode(format, PeerMessage, body))
    )
  }

  /** The same in a few words each. */
  get words(): ReadonlyArray<string> {
    return this.heard.map(describeMessage)
  }

  /** How reading ended: not yet, politely, or with an errno. */
  get end(): string {
    const ended = this.pipe.ended()
    if (ended === undefined) return "Open"
    return SocketFailure.isFin(ended) ? "Fin" : SocketFailure.errno(ended) ?? "Closed"
  }
}

/** A connection from the machine of `from` to the peer `to`, on which nothing was said yet. */
export const stranger = Effect.fnUntraced(function*(from: number, to: number) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const raw = new Raw(yield* network.transport(ipOf(from)).connect(inet(addressOf(to))))
  yield* settle
  return raw
})

/** A neighbour that has joined the peer `to`, as an original unless `extension` is 1, which makes it one of ours. */
export const joiner = Effect.fnUntraced(function*(from: number, to: number, extension = 0) {
  const raw = yield* stranger(from, to)
  raw.say(start(from, extension))
  yield* settle
  return raw
})

/** Who listens at the machine of a peer: the connections that come, each in the hand of the test. */
export const server = Effect.fnUntraced(function*(number: number) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(ipOf(number)).listen(inet(addressOf(number)))
  return { next: Effect.map(Queue.take(listener.accepted), (pipe) => new Raw(pipe)) }
})
