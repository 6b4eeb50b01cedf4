/**
 * How a dialogue over a link fails. No error carries a value that came over the wire, as it may be a secret. Errors carry
 * names, kinds and numbers only.
 */
import { Duration, Predicate, Schema } from "effect"
import type { SocketError } from "effect/socket/Socket"
import type { FrameError } from "./FrameError.ts"

/** The peer sent FIN between two frames. */
export class PeerClosed extends Schema.TaggedError<PeerClosed>()("PeerClosed", {}) {
  override get message() {
    return "The peer ended the connection."
  }
}

/**
 * The expected message did not come in time, or the peer did not read in time. The link stays usable: a late message is
 * not lost, and sent bytes are still on their way.
 */
export class PeerUnresponsive extends Schema.TaggedError<PeerUnresponsive>()("PeerUnresponsive", {
  /** Name of the message that did not come, or "sign of reading". */
  awaited: Schema.String,
  /** How long this end waited. */
  within: Schema.Duration
}) {
  override get message() {
    return `The peer sent no ${this.awaited} within ${Duration.format(this.within)}.`
  }
}

/** A well-formed message came, but not the one that this step of the dialogue expects. The message is consumed. */
export class UnexpectedMessage extends Schema.TaggedError<UnexpectedMessage>()("UnexpectedMessage", {
  /** Name of the message that this step expects. */
  expected: Schema.String,
  /** Top-level keys of the message that came: at most 8, each cut to 32 characters, control characters replaced. */
  keys: Schema.Array(Schema.String)
}) {
  override get message() {
    const found = this.keys.length === 0 ? "something else" : `a message with ${this.keys.join(", ")}`
    return `The peer sent ${found} where ${this.expected} was expected.`
  }
}

/** A frame whose contents cannot be read, or a value that cannot be written. A received frame is consumed. */
export class MalformedMessage extends Schema.TaggedError<MalformedMessage>()("MalformedMessage", {
  /** What is wrong, in the words of the notation ("not UTF-8"); never the contents. */
  reason: Schema.String
}) {
  override get message() {
    return `A message is malformed: ${this.reason}.`
  }
}

/**
 * All connections together held more memory than `maxHeldBytes` for what is unfinished or unread, and this one most of it
 * for longest. It is closed.
 */
export class TooMuchHeld extends Schema.TaggedError<TooMuchHeld>()("TooMuchHeld", {
  held: Schema.Finite,
  limit: Schema.Finite
}) {
  override get message() {
    return `This peer held ${this.held} bytes of what is unfinished or unread, and may hold ${this.limit}. It closed the connection that held most for longest. Receive values sooner, let large payloads come one after another, or raise maxHeldBytes.`
  }
}

/**
 * Every way receiving fails. `PeerUnresponsive`, `UnexpectedMessage` and `MalformedMessage` leave the link usable; after
 * any other, each receive fails with the same error.
 */
export type ReceiveError =
  | SocketError
  | PeerClosed
  | PeerUnresponsive
  | UnexpectedMessage
  | MalformedMessage
  | TooMuchHeld
  | FrameError

/**
 * Every way sending fails: a broken connection, a peer that does not read in time, or a value that does not fit its
 * message (local misuse).
 */
export type SendError = SocketError | PeerUnresponsive | MalformedMessage

const keysShown = 8
const keyLength = 32

/** Makes an `UnexpectedMessage` that names the top-level keys of `found`, if it is an object, and no values. */
export const unexpected = (expected: string, found: unknown): UnexpectedMessage => {
  const keys = Predicate.isObject(found) ? Object.keys(found).slice(0, keysShown) : []
  const shown = keys.map((key) => key.slice(0, keyLength).replace(/\p{C}/gu, "\u{fffd}"))
  return new UnexpectedMessage({ expected, keys: shown })
}
