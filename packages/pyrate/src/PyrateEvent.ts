/** What happens at a bootstrap and at a peer: one tagged union. Reasons are tags of the errors in `PyrateError`. */
import { PeerAddress } from "@peerage/transport"
import { Schema } from "effect"
import { FileName, Unsafe } from "./codec/FileName.ts"

/** Why a request was refused, or not carried out. */
export const Rejection = Schema.Literals([
  /** Bytes that are no message. */
  "MalformedRequest",
  /** A message that this service does not answer. */
  "UnexpectedMessage",
  /** A request above the limit of bytes. */
  "FrameTooLarge",
  /** No request came in time, or the answer was not read in time. */
  "PeerUnresponsive",
  /** A limit was reached: of connections, of waiting commands, or of registrations. */
  "TooMany",
  /** All answers together took too much memory, and this one, which was not read, most for longest. */
  "TooMuchHeld",
  /** A download of a file that is not shared. */
  "NoSuchFile",
  /** A shared file could not be read. */
  "FileTrouble",
  /** A shared file was written to while it was sent. */
  "FileChanged"
])
export type Rejection = typeof Rejection.Type

/** An entry of a shared directory that is not shared, by its name, and why. */
export const LeftOut = Schema.Struct({
  name: Schema.String,
  reason: Schema.Literals([
    ...Unsafe.literals,
    /** Bytes in its name are no UTF-8. */
    "Encoding",
    "Folder",
    "Link",
    /** A pipe, a socket or a device. */
    "Special",
    /** This program may not read it. */
    "Unreadable"
  ])
})
export type LeftOut = typeof LeftOut.Type

/** All events of a bootstrap and of a peer. */
export const PyrateEvent = Schema.TaggedUnion({
  /** The service accepts connections at `address`, `host:port`. */
  Listening: { address: Schema.String },
  /** A peer has registered with this bootstrap. */
  Joined: { peer: PeerAddress.PeerAddress },
  /** This bootstrap lists a peer no longer: it unregistered, or sent no keep-alive for too long. */
  Left: { peer: PeerAddress.PeerAddress, reason: Schema.Literals(["Unregistered", "Expired"]) },
  /** The list of known peers changed; `peers` is the new list. */
  Peers: { peers: Schema.Array(PeerAddress.PeerAddress) },
  /** The shared files changed; `files` is the new list, in alphabetical order. */
  Shared: { files: Schema.Array(FileName) },
  /**
   * The shared directory is gone or cannot be read. Nothing is shared from it, until `Shared` says that it is back.
   * `problem` says why, in words for a person.
   */
  DirectoryLost: { directory: Schema.String, problem: Schema.String },
  /** An entry of the shared directory is not shared. Hidden ones are not mentioned. */
  LeftOut: LeftOut.fields,
  /** `peer` answered a search of this peer: it has the file. */
  Hit: { name: FileName, peer: PeerAddress.PeerAddress },
  /**
   * `bytes` of a file have arrived, of `total` where the holder says how many there are, and with `least` bytes a second
   * as the floor where there is one.
   */
  Progress: {
    name: FileName,
    bytes: Schema.Finite,
    total: Schema.optionalKey(Schema.Finite),
    least: Schema.optionalKey(Schema.Finite)
  },
  /** A file was fetched and saved at `path`. */
  Saved: { name: FileName, path: Schema.String, bytes: Schema.Finite },
  /**
   * A shared file is being sent to `peer`, the address that it was asked from: `bytes` of `total` were written. The last of
   * an upload, before `Served`, says all of them.
   */
  Serving: { name: FileName, peer: Schema.String, bytes: Schema.Finite, total: Schema.Finite },
  /** An upload ended before all was sent: the requester did not take more, the file changed, or this peer leaves. */
  BrokenOff: { name: FileName, peer: Schema.String, bytes: Schema.Finite, total: Schema.Finite },
  /** A shared file was sent to the host `to`: all of its `bytes` were written. */
  Served: { name: FileName, to: Schema.String, bytes: Schema.Finite },
  /** A request from `host` was refused, or not carried out. */
  Rejected: { host: Schema.String, reason: Rejection }
})
export type PyrateEvent = typeof PyrateEvent.Type
