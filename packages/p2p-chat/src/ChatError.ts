/**
 * What can go wrong, as values. Each public verb fails with one wrapper whose `reason` says what happened: `JoinError`,
 * `SendError`. Every message is a sentence for a person and says what to do next when there is something to do.
 */
import { Endpoint, SocketFailure } from "@peerage/transport"
import { ListenFailed, NotIpv4, Unreachable } from "@peerage/transport/Endpoint"
import { TooMany } from "@peerage/transport/Places"
import { FrameError, LinkError } from "@peerage/wire"
import { Schema } from "effect"
import { SocketError } from "effect/socket/Socket"
import { PeerId } from "./codec/PeerId.ts"

export { ListenFailed, NotIpv4, TooMany, Unreachable }

/** The id is in use in the network that was to be joined. */
export class DuplicateId extends Schema.TaggedError<DuplicateId>()("DuplicateId", { id: PeerId }) {
  override get message() {
    return `The id ${this.id} is in use in that network. Choose another id, or give none.`
  }
}

/** An id that no peer can have. */
export class InvalidId extends Schema.TaggedError<InvalidId>()("InvalidId", { id: PeerId }) {
  override get message() {
    return `${this.id} is not an id that a peer can have. Give a whole number from 1 to 9223372036854775807.`
  }
}

/** The peer to join can be reached already: joining it would close a circle. */
export class AlreadyReachable extends Schema.TaggedError<AlreadyReachable>()("AlreadyReachable", { id: PeerId }) {
  override get message() {
    return `The peer ${this.id} is in this network already, and a network has no circles. Join a peer of another one.`
  }
}

/** The peer to join ended the connection before the handshake was over. */
export class TurnedAway extends Schema.TaggedError<TurnedAway>()("TurnedAway", { address: Schema.String }) {
  override get message() {
    return `The peer at ${this.address} ended the connection before it answered. It may be full, or encrypted: join `
      + "another one, or try later. The original p2p-chat accepts ten connections in its lifetime and has to be restarted after that."
  }
}

/** A peer was told to join itself. */
export class JoinsItself extends Schema.TaggedError<JoinsItself>()("JoinsItself", { address: Schema.String }) {
  override get message() {
    return `${this.address} is this peer's own address. Give the address of the peer to join, or none.`
  }
}

/** A neighbour did not read what was sent to it. */
export class SlowReader extends Schema.TaggedError<SlowReader>()("SlowReader", {}) {
  override get message() {
    return "The neighbour does not read what is sent to it, so the session ended. Join again."
  }
}

/** The receiver is the sender. */
export class ToSelf extends Schema.TaggedError<ToSelf>()("ToSelf", {}) {
  override get message() {
    return "You cannot send a message to yourself. Give the id of another peer."
  }
}

/** A message takes more than a frame may. Nothing was sent. */
export class MessageTooLarge extends Schema.TaggedError<MessageTooLarge>()("MessageTooLarge", {
  bytes: Schema.Int,
  limit: Schema.Int
}) {
  override get message() {
    return `The message takes ${this.bytes} bytes on the wire and may take ${this.limit}. Send it in parts.`
  }
}

/** The receiver cannot be reached, and the store has no room left. Nothing was sent. */
export class BufferFull extends Schema.TaggedError<BufferFull>()("BufferFull", { limit: Schema.Int }) {
  override get message() {
    return `That peer cannot be reached, and the store, for ${this.limit} messages, is full. Try again later.`
  }
}

/** How joining can fail, and how the connection to a neighbour can end. */
export const SessionFailure = Schema.Union([
  DuplicateId,
  InvalidId,
  AlreadyReachable,
  TurnedAway,
  JoinsItself,
  TooMany,
  SlowReader,
  Unreachable,
  ListenFailed,
  NotIpv4,
  LinkError.PeerClosed,
  LinkError.PeerUnresponsive,
  LinkError.UnexpectedMessage,
  LinkError.MalformedMessage,
  LinkError.TooMuchHeld,
  FrameError.FrameTooLarge,
  FrameError.FrameTruncated,
  FrameError.MalformedFrame,
  SocketError
])
export type SessionFailure = typeof SessionFailure.Type

/**
 * The tag of a `SessionFailure`; for a broken connection its errno code, such as ECONNRESET, and where a secure transport
 * made none why.
 */
export const Reason = Schema.Union([
  Schema.TemplateLiteral(["E", Schema.String]),
  Schema.Literals(SocketFailure.refusals),
  ...SessionFailure.members.map(({ fields }) => fields._tag)
])
export type Reason = typeof Reason.Type

const isErrno = (code: string | undefined): code is `E${string}` => code?.startsWith("E") === true

/** The reason in one word, as events and `status` have it. */
export const reasonOf = (error: SessionFailure): Reason => {
  const code = error._tag === "SocketError" ? SocketFailure.errno(error) : undefined
  return isErrno(code) ? code : Endpoint.reasonOf(error)
}

/** Why a peer could not start or join, or lost the connection to the peer that it joined. */
export class JoinError extends Schema.TaggedError<JoinError>()("JoinError", { reason: SessionFailure }) {
  override get message() {
    return this.reason.message
  }
}

/** Why a message was neither sent nor stored. */
export class SendError extends Schema.TaggedError<SendError>()("SendError", {
  reason: Schema.Union([ToSelf, InvalidId, MessageTooLarge, BufferFull])
}) {
  override get message() {
    return this.reason.message
  }
}
