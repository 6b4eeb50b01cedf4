/**
 * A neighbour in the hand of a test: one end of a connection, which says frames or any bytes and sees what comes,
 * segment by segment. It reads at once, unless the network clogs its machine.
 */
import { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
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

type Id = number | bigint

/** The messages, with ids as plain numbers. */
export const start = (from: Id, extension = 0) => ({ _tag: "HandshakeStart" as const, id: id(from), extension })
export const response = (from: Id, options: { readonly error?: boolean; readonly extension?: number } = {}) => ({
  _tag: "HandshakeResponse" as const,
  id: id(from),
  ...{ error: false, extension: 0, ...options }
})
export const join = (peer: Id, via: Id, hops = 0) => ({ _tag: "Join" as const, id: id(peer), via: id(via), hops })
export const leave = (peer: Id) => ({ _tag: "Leave" as const, id: id(peer) })
export const chat = (from: Id, to: Id, text: string) => ({ _tag: "Chat" as const, from: id(from), to: id(to), text })

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
export class Raw extends Stranger {
  /** Says each message in a segment of its own. */
  say(...messages: ReadonlyArray<PeerMessage>): void {
    this.write(...messages.map(frame))
  }

  /** Says all messages in one write. */
  sayAtOnce(messages: ReadonlyArray<PeerMessage>): void {
    this.write(Buffer.concat(messages.map(frame)))
  }

  /** Sends what hexadecimal digits stand for, each in a segment of its own. */
  writeHex(...digits: ReadonlyArray<string>): void {
    this.write(...digits.map(bytesOf))
  }

  /** Everything that came, in hexadecimal digits. */
  get hex(): string {
    return Hex.encode(this.bytes)
  }

  /** The whole messages that came. */
  get heard(): ReadonlyArray<PeerMessage> {
    return Framing.decodeAll(LengthPrefix.framing, this.segments, format.limit).frames.map((body) =>
      Result.getOrThrow(Link.decode(format, PeerMessage, body))
    )
  }

  /** The text in them. */
  get heardTexts(): ReadonlyArray<string> {
    return this.heard.flatMap((message) => message._tag === "Chat" ? [message.text] : [])
  }

  /** The same in a few words each. */
  get words(): ReadonlyArray<string> {
    return this.heard.map(describeMessage)
  }
}

/** A connection from the machine of `from` to the peer `to`, on which nothing was said yet. */
export const stranger = (from: number, to: number) => Raw.dial(ipOf(from), addressOf(to))

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
