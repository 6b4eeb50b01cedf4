/**
 * What can go wrong, as values. Each public verb fails with one wrapper whose `reason` says what happened: `PeerError`,
 * `ConnectError`, `SendError`, `ReceiveError`, `DiscoverError`. Every message is a sentence for a person and says what
 * to do next where there is something.
 */
import { ListenFailed, NotIpv4, Unreachable } from "@peerage/transport/Endpoint"
import { TooMany } from "@peerage/transport/Places"
import { FrameError, LinkError } from "@peerage/wire"
import { Schema } from "effect"
import { SocketError } from "effect/socket/Socket"
import { DataType } from "./codec/DataType.ts"
import { MalformedHeader } from "./codec/Header.ts"

export { ListenFailed, MalformedHeader, NotIpv4, TooMany, Unreachable }

/** The other peer does not want the connection. */
export class Denied extends Schema.TaggedError<Denied>()("Denied", { address: Schema.String }) {
  override get message() {
    return `The peer at ${this.address} does not want this connection. Ask there, or try another type of data.`
  }
}

/** A peer was told to connect to itself. */
export class OwnAddress extends Schema.TaggedError<OwnAddress>()("OwnAddress", { address: Schema.String }) {
  override get message() {
    return `${this.address} is this peer's own address. Give the address of another peer.`
  }
}

/** A peer was told to advertise an address that is none. */
export class NoAddress extends Schema.TaggedError<NoAddress>()("NoAddress", { address: Schema.String }) {
  override get message() {
    return `${this.address} is no address that others can use. Listen at one of this machine's addresses, or advertise it.`
  }
}

/** Data of another type came over a strict connection, which is closed. */
export class StrictViolation extends Schema.TaggedError<StrictViolation>()("StrictViolation", {
  agreed: DataType,
  received: DataType
}) {
  override get message() {
    return `The peer sent ${this.received} data over a connection for ${this.agreed} data. Connect for ${this.received} data.`
  }
}

/** A payload is no value of the connection's type, which ends the connection; or a value is not what `read` expects. */
export class UnreadableValue extends Schema.TaggedError<UnreadableValue>()("UnreadableValue", {
  type: DataType,
  /** What is wrong, never the contents. */
  problem: Schema.String
}) {
  override get message() {
    const next = this.type === "raw"
      ? "Have it send plain data, or open a json connection."
      : "Have it send valid JSON."
    return `The peer sent a ${this.type} value that cannot be read: ${this.problem}. ${next}`
  }
}

/** A value that cannot be written as the connection's type. Nothing was sent. */
export class UnsendableValue extends Schema.TaggedError<UnsendableValue>()("UnsendableValue", {
  type: DataType,
  problem: Schema.String
}) {
  override get message() {
    return `The value cannot be sent as ${this.type}: ${this.problem}. Change it, or connect for another type of data.`
  }
}

/** A frame of a stream of another size than the first. Nothing was sent. */
export class WrongSize extends Schema.TaggedError<WrongSize>()("WrongSize", {
  agreed: Schema.Int,
  actual: Schema.Int
}) {
  override get message() {
    return `This stream carries frames of ${this.agreed} bytes, and this one has ${this.actual}. Send ${this.agreed} bytes.`
  }
}

/** A payload that is larger than what is held in memory. Bytes can be received as a stream. */
export class PayloadTooLarge extends Schema.TaggedError<PayloadTooLarge>()("PayloadTooLarge", {
  size: Schema.Finite,
  limit: Schema.Finite
}) {
  override get message() {
    return `A payload of ${this.size} bytes is larger than the ${this.limit} held in memory. Receive it as a stream.`
  }
}

/** A payload that was to be sent as a stream had another size than was said. The connection is reset. */
export class WrongLength extends Schema.TaggedError<WrongLength>()("WrongLength", {
  announced: Schema.Finite,
  actual: Schema.Finite
}) {
  override get message() {
    return `The stream gave ${this.actual} bytes where ${this.announced} were announced, so the connection ended. Connect again, and send as many as you announce.`
  }
}

/** The other end does not read what it is sent. */
export class SlowReader extends Schema.TaggedError<SlowReader>()("SlowReader", {}) {
  override get message() {
    return "The peer does not read what it is sent, so the connection ended. Connect again."
  }
}

/** The connection was closed at this end. */
export class Closed extends Schema.TaggedError<Closed>()("Closed", {}) {
  override get message() {
    return "The connection was closed here. Connect again to go on."
  }
}

/** How a connection ends. */
export const EndReason = Schema.Union([
  Closed,
  LinkError.PeerClosed,
  MalformedHeader,
  StrictViolation,
  UnreadableValue,
  PayloadTooLarge,
  LinkError.TooMuchHeld,
  WrongLength,
  SlowReader,
  LinkError.PeerUnresponsive,
  TooMany,
  LinkError.UnexpectedMessage,
  FrameError.FrameTruncated,
  SocketError
])
export type EndReason = typeof EndReason.Type

/** Why a peer could not begin. */
export class PeerError extends Schema.TaggedError<PeerError>()("PeerError", {
  reason: Schema.Union([ListenFailed, NotIpv4, NoAddress])
}) {
  override get message() {
    return this.reason.message
  }
}

/** Why there is no connection. */
export class ConnectError extends Schema.TaggedError<ConnectError>()("ConnectError", {
  reason: Schema.Union([
    Denied,
    OwnAddress,
    Unreachable,
    NotIpv4,
    TooMany,
    MalformedHeader,
    LinkError.PeerClosed,
    LinkError.PeerUnresponsive,
    LinkError.UnexpectedMessage,
    FrameError.FrameTruncated,
    SocketError
  ])
}) {
  override get message() {
    return this.reason.message
  }
}

/** Why a value was not sent. After any but the first two the connection is over. */
export class SendError extends Schema.TaggedError<SendError>()("SendError", {
  reason: Schema.Union([UnsendableValue, WrongSize, ...EndReason.members])
}) {
  override get message() {
    return this.reason.message
  }
}

/** Why there is no next value. After `UnreadableValue` of a schema, and `PayloadTooLarge`, the connection stays. */
export class ReceiveError extends Schema.TaggedError<ReceiveError>()("ReceiveError", { reason: EndReason }) {
  override get message() {
    return this.reason.message
  }
}

/** The system sends no datagrams: `code` says why, such as ENETUNREACH without a network. */
export class NoDatagrams extends Schema.TaggedError<NoDatagrams>()("NoDatagrams", { code: Schema.String }) {
  override get message() {
    return `The local network cannot be asked (${this.code}). Check that this machine has a network, and that its firewall `
      + "lets UDP out."
  }
}

/** Why a discovery could not ask. */
export class DiscoverError extends Schema.TaggedError<DiscoverError>()("DiscoverError", {
  reason: Schema.Union([NoAddress, NoDatagrams])
}) {
  override get message() {
    return this.reason.message
  }
}
