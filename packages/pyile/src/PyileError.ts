/**
 * What can go wrong, as values. Each public verb fails with one wrapper whose `reason` says what happened: `JoinError`,
 * `HostError`, `SendError`. Every message is a sentence for a person and says what to do next where there is something.
 */
import { ListenFailed, NotIpv4, Unreachable } from "@peerage/transport/Endpoint"
import { TooMany } from "@peerage/transport/Places"
import { FrameError, LinkError, SystemProblem } from "@peerage/wire"
import { Schema } from "effect"
import { SocketError } from "effect/socket/Socket"

/** What goes wrong with addresses, in this protocol as in every other. */
export { ListenFailed, NotIpv4, TooMany, Unreachable }

/** The host has banned this peer's address, or bars it for some more seconds, `retryAfter`, as after a kick. */
export class Banned extends Schema.TaggedError<Banned>()("Banned", { retryAfter: Schema.optionalKey(Schema.Finite) }) {
  override get message() {
    if (this.retryAfter !== undefined) {
      return `The host has removed a peer at this address, which may join again in ${this.retryAfter} seconds. Try then.`
    }
    return "The host does not admit this address: it is banned, for a while or for good. Try later, or ask for the ban to be lifted."
  }
}

/** The host did not accept the password. */
export class WrongPassword extends Schema.TaggedError<WrongPassword>()("WrongPassword", {}) {
  override get message() {
    return "The host refused the password. Check it before trying again: a few wrong ones get this address banned."
  }
}

/** The other end speaks release 0.0.3 of the protocol, which cannot be spoken with. */
export class IncompatiblePeer extends Schema.TaggedError<IncompatiblePeer>()("IncompatiblePeer", {
  release: Schema.String
}) {
  override get message() {
    return `The host runs Pyile ${this.release}, which is not compatible with 0.1. Ask it to upgrade.`
  }
}

/**
 * The file of bans cannot be read, and stays as it is, or cannot be written, and the bans hold without it. Or another host
 * uses it: `problem` is its lock then.
 */
export class BanStoreError extends Schema.TaggedError<BanStoreError>()("BanStoreError", {
  action: Schema.Literals(["read", "write", "lock"]),
  path: Schema.String,
  problem: Schema.String
}) {
  override get message() {
    if (this.action === "lock") {
      return `Another host uses the ban file ${this.path}. Give this one a file of its own; where no host uses it any `
        + `more, remove ${this.problem}.`
    }
    return this.action === "read"
      ? `The ban file ${this.path} cannot be used: ${this.problem}. `
        + `${SystemProblem.remedy(this.problem, "Fix or move it.")} Nothing was changed.`
      : `The bans hold now but not after a restart: ${this.path} cannot be written: ${this.problem}. `
        + `${SystemProblem.remedy(this.problem)} The next ban that can be written brings them back.`
  }
}

/** A joiner claimed another address than the one it comes from, as behind NAT. Both ends fail with it. */
export class ForeignAddress extends Schema.TaggedError<ForeignAddress>()("ForeignAddress", {
  claimed: Schema.String,
  remote: Schema.String
}) {
  override get message() {
    return `The joiner claims the address ${this.claimed}, but the host sees it come from ${this.remote}. Behind NAT, join `
      + `with --advertise ${this.remote}:PORT (\`advertise\`), a port that is forwarded to the joiner's chat port, or host `
      + "with --trust-claims (`trustClaims`)."
  }
}

/** A joiner claimed the address of a member that has joined with another key. Both ends fail with it. */
export class AddressTaken extends Schema.TaggedError<AddressTaken>()("AddressTaken", { address: Schema.String }) {
  override get message() {
    return `A member with another key has joined from ${this.address}. Join with another chat port, or when it has left.`
  }
}

/** A joiner did not open its dist connection in time. */
export class NoDistConnection extends Schema.TaggedError<NoDistConnection>()("NoDistConnection", {}) {
  override get message() {
    return "The joiner did not open its second connection in time. Check that no firewall keeps it from the port for lists."
  }
}

/**
 * A joiner did not reach its host at the port for lists, and the host names another address for them, which the joiner does
 * not dial without being told to.
 */
export class ListsElsewhere extends Schema.TaggedError<ListsElsewhere>()("ListsElsewhere", {
  address: Schema.String,
  code: Schema.String,
  named: Schema.String
}) {
  override get message() {
    return `No connection to the host's port for lists, ${this.address} (${this.code}); the host names ${this.named} for them. `
      + `Where you know that lists come from there, join with --dist-host ${this.named} (\`distHosts\`). Else forward or `
      + "open that port at the host."
  }
}

/** The connection over which lists travel ended. */
export class DistributionLost extends Schema.TaggedError<DistributionLost>()("DistributionLost", {}) {
  override get message() {
    return "The connection for peer lists ended. Join again."
  }
}

/** A member did not read its lists, or its heartbeats. */
export class SlowReader extends Schema.TaggedError<SlowReader>()("SlowReader", {}) {
  override get message() {
    return "The other end does not read what it is sent, so the session ended. Join again."
  }
}

/** The receiver is not a member of the network, so that it would not take the message. */
export class NotAMember extends Schema.TaggedError<NotAMember>()("NotAMember", { peer: Schema.String }) {
  override get message() {
    return `${this.peer} is not in this network. Send to one of its peers.`
  }
}

/** An encoded message is larger than what an original can read. Nothing was sent. */
export class MessageTooLarge extends Schema.TaggedError<MessageTooLarge>()("MessageTooLarge", {
  bytes: Schema.Int,
  limit: Schema.Int
}) {
  override get message() {
    return `The message takes ${this.bytes} bytes on the wire, where a letter beyond ASCII takes 6, and may take `
      + `${this.limit}. Send it in parts.`
  }
}

/** A value that JSON cannot carry as Python writes it. Nothing was sent. */
export class NotJson extends Schema.TaggedError<NotJson>()("NotJson", { problem: Schema.String }) {
  override get message() {
    return `The message cannot be sent: ${this.problem}. Change it and send it again.`
  }
}

const failures = [
  Banned,
  WrongPassword,
  IncompatiblePeer,
  Unreachable,
  ListenFailed,
  NotIpv4,
  ForeignAddress,
  AddressTaken,
  NoDistConnection,
  ListsElsewhere,
  DistributionLost,
  SlowReader,
  TooMany,
  LinkError.PeerClosed,
  LinkError.PeerUnresponsive,
  LinkError.UnexpectedMessage,
  LinkError.MalformedMessage,
  LinkError.TooMuchHeld,
  FrameError.FrameTooLarge,
  FrameError.FrameTruncated,
  FrameError.MalformedFrame
] as const

/** How a session can end, at either end of it. */
export const SessionFailure = Schema.Union([...failures, SocketError])
export type SessionFailure = typeof SessionFailure.Type

/** The tags of these, but for that of a `SocketError`, whose errno says more. */
export const failureTags = failures.map(({ fields }) => fields._tag.schema.literal)

/** Why a peer could not join, or left. `reason` says which. */
export class JoinError extends Schema.TaggedError<JoinError>()("JoinError", { reason: SessionFailure }) {
  override get message() {
    return this.reason.message
  }
}

/** Why a host could not begin. */
export class HostError extends Schema.TaggedError<HostError>()("HostError", {
  reason: Schema.Union([ListenFailed, NotIpv4, BanStoreError])
}) {
  override get message() {
    return this.reason.message
  }
}

/** Why a message was not sent to anybody. What happens to single receivers is in `Delivery`. */
export class SendError extends Schema.TaggedError<SendError>()("SendError", {
  reason: Schema.Union([MessageTooLarge, NotJson])
}) {
  override get message() {
    return this.reason.message
  }
}
