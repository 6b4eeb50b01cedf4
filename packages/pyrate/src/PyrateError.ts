/**
 * What can go wrong, as values. Each public verb fails with one wrapper whose `reason` says what happened:
 * `BootstrapError`, `PeerError`, `DownloadError`, `AskError`. Every message is a sentence for a person, with what to do
 * next where there is something to do.
 */
import { ListenFailed, NotIpv4, Unreachable } from "@peerage/transport/Endpoint"
import { TooMany } from "@peerage/transport/Places"
import { FrameError, LinkError, SystemProblem } from "@peerage/wire"
import { Schema } from "effect"
import type { PlatformError } from "effect/PlatformError"
import { SocketError } from "effect/socket/Socket"
import { MalformedRequest } from "./codec/Message.ts"

export { ListenFailed, MalformedRequest, NotIpv4, TooMany, Unreachable }

/** The holder says that it has no such file. Only an extended holder can say so. */
export class NoSuchFile extends Schema.TaggedError<NoSuchFile>()("NoSuchFile", { name: Schema.String }) {
  override get message() {
    return `The peer shares no file ${this.name}. Ask it for its list, or search.`
  }
}

/** The holder has the file, but cannot read it. Only an extended holder can say so. */
export class UnreadableFile extends Schema.TaggedError<UnreadableFile>()("UnreadableFile", { name: Schema.String }) {
  override get message() {
    return `The peer has ${this.name}, but may not read it. Ask its owner to allow that.`
  }
}

/** The answer was empty: the holder has no such file, or an empty one. An original does not say which. */
export class EmptyAnswer extends Schema.TaggedError<EmptyAnswer>()("EmptyAnswer", { name: Schema.String }) {
  override get message() {
    return `The peer sent nothing for ${this.name}: it has no such file, or an empty one. Nothing was saved; check the name.`
  }
}

/**
 * The holder took the request and did not connect back with the file to `self`, within so many seconds. Originals can
 * send it in no other way.
 */
export class NoConnectionBack extends Schema.TaggedError<NoConnectionBack>()("NoConnectionBack", {
  peer: Schema.String,
  self: Schema.String,
  seconds: Schema.Finite
}) {
  override get message() {
    return `${this.peer} took the request but did not connect back to ${this.self} within ${this.seconds} s, as a peer that `
      + "runs the original Pyrate has to, so a firewall or NAT may be between. Let it connect to this machine, or fetch the "
      + "file from a peer that runs Peerage, which needs no connection back. Nothing was saved."
  }
}

/** The transfer ended before the whole file was there. Nothing was saved. */
export class Incomplete extends Schema.TaggedError<Incomplete>()("Incomplete", {
  name: Schema.String,
  received: Schema.Finite,
  /** Bytes announced. Missing where the holder is an original, which announces none. */
  total: Schema.optionalKey(Schema.Finite)
}) {
  override get message() {
    if (this.received === this.total) {
      return `The peer sent ${this.name}, but did not confirm that it is whole: perhaps it changed meanwhile. `
        + "Nothing was saved; try again."
    }
    const whole = this.total === undefined ? "" : ` of ${this.total}`
    return `The transfer of ${this.name} ended after ${this.received}${whole} bytes. Nothing was saved; try again.`
  }
}

/** The file came more slowly, in all, than the floor that this peer has set. Nothing was saved. */
export class TooSlow extends Schema.TaggedError<TooSlow>()("TooSlow", {
  name: Schema.String,
  received: Schema.Finite,
  /** Bytes a second at least. */
  least: Schema.Finite
}) {
  override get message() {
    return `The transfer of ${this.name} was given up after ${this.received} bytes: it was slower than ${this.least} bytes a `
      + `second in all. Nothing was saved; try another peer, or set a lower floor.`
  }
}

/** The digest differs: what arrived is not what the holder read. Nothing was saved. */
export class Corrupted extends Schema.TaggedError<Corrupted>()("Corrupted", { name: Schema.String }) {
  override get message() {
    return `What arrived of ${this.name} is not what the peer sent. Nothing was saved; try again.`
  }
}

/** A shared file was written to while it was sent. What was sent may be of no version of it, so it got no digest. */
export class FileChanged extends Schema.TaggedError<FileChanged>()("FileChanged", { name: Schema.String }) {
  override get message() {
    return `${this.name} changed while it was sent. Share it once nothing writes to it any more.`
  }
}

/** There is a file of that name already, and it is not to be replaced. */
export class AlreadyThere extends Schema.TaggedError<AlreadyThere>()("AlreadyThere", { path: Schema.String }) {
  override get message() {
    return `${this.path} is there already and stays as it is. Save to another folder with --to (\`to\`), or replace it with --replace (\`replace\`).`
  }
}

/** A file is larger than the limit. */
export class FileTooLarge extends Schema.TaggedError<FileTooLarge>()("FileTooLarge", { limit: Schema.Finite }) {
  override get message() {
    return `The file is larger than the limit of ${this.limit} bytes. Nothing was saved; set PYRATE_MAX_FILE_BYTES to allow more.`
  }
}

/** A peer was told to advertise an address that is none, or listens at all of them and no route leads to its bootstrap. */
export class NoAddress extends Schema.TaggedError<NoAddress>()("NoAddress", { address: Schema.String }) {
  override get message() {
    return `${this.address} is no address that others can use. Listen at one of this machine's addresses, or advertise it.`
  }
}

/** The peer is likely to be an original, which would die of the question. */
export class Unsupported extends Schema.TaggedError<Unsupported>()("Unsupported", { peer: Schema.String }) {
  override get message() {
    return `${this.peer} is likely to run the original Pyrate, which dies when asked for its list. Nothing was sent; search for a file by its name.`
  }
}

/** The file system refused an operation. `problem` says why, in words for a person. */
export class FileTrouble extends Schema.TaggedError<FileTrouble>()("FileTrouble", {
  path: Schema.String,
  problem: Schema.String
}) {
  /** Turns a system error about a path into a sentence. An unknown error is named by its code. */
  static at = (path: string) => (error: PlatformError): FileTrouble =>
    new FileTrouble({ path, problem: SystemProblem.of(error) })
  override get message() {
    return `${this.path} cannot be used: ${this.problem}. ${SystemProblem.remedy(this.problem)}`
  }
}

/** The answer begins as that of a server of another protocol, such as HTTP. */
export class OtherProtocol extends Schema.TaggedError<OtherProtocol>()("OtherProtocol", {}) {
  override get message() {
    return "What answers there does not speak Pyrate. Check the address and the port."
  }
}

/**
 * The other end reset the connection before anything of an answer came. A peer over a secure transport does that to one that
 * is not; a list without entries ends with FIN.
 */
export class Unanswered extends Schema.TaggedError<Unanswered>()("Unanswered", {}) {
  override get message() {
    return "The other end broke off before it answered. Check the address, and whether it expects encryption."
  }
}

/** How asking another peer or a bootstrap fails. */
const ask = [
  Unreachable,
  NotIpv4,
  LinkError.PeerClosed,
  LinkError.PeerUnresponsive,
  FrameError.FrameTooLarge,
  MalformedRequest,
  TooMany,
  Unsupported,
  OtherProtocol,
  Unanswered,
  SocketError
] as const

/** Why there is no answer. */
export class AskError extends Schema.TaggedError<AskError>()("AskError", { reason: Schema.Union(ask) }) {
  override get message() {
    return this.reason.message
  }
}

/** Why a file was not saved. */
export class DownloadError extends Schema.TaggedError<DownloadError>()("DownloadError", {
  reason: Schema.Union([
    ...ask,
    NoSuchFile,
    NoConnectionBack,
    UnreadableFile,
    EmptyAnswer,
    Incomplete,
    TooSlow,
    Corrupted,
    AlreadyThere,
    FileTooLarge,
    ListenFailed,
    FileTrouble
  ])
}) {
  override get message() {
    return this.reason.message
  }
}

/** Why a bootstrap could not start. */
export class BootstrapError extends Schema.TaggedError<BootstrapError>()("BootstrapError", {
  reason: Schema.Union([ListenFailed, NotIpv4])
}) {
  override get message() {
    return this.reason.message
  }
}

/** Why a peer could not start. */
export class PeerError extends Schema.TaggedError<PeerError>()("PeerError", {
  reason: Schema.Union([...ask, ListenFailed, NoAddress, FileTrouble])
}) {
  override get message() {
    return this.reason.message
  }
}
