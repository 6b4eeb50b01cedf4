/** Reasons, which are tags of errors: the reason of an error, and reasons in words. Knows no protocol. */
import { Unreachable } from "@peerage/transport/Endpoint"
import * as SocketFailure from "@peerage/transport/SocketFailure"
import { Predicate } from "effect"
import { printable } from "../Printable.ts"

/** The error that the reasons of others lead to: what happened, without the verbs that failed of it. */
export const innermost = (error: unknown): unknown =>
  Predicate.hasProperty(error, "_tag") && error._tag !== "SocketError" && Predicate.hasProperty(error, "reason") &&
    Predicate.hasProperty(error.reason, "_tag")
    ? innermost(error.reason)
    : error

/** The innermost reason of an error, by its tag, or by why a secure transport made no connection; `Defect` for anything else. */
export const reasonOf = (error: unknown): string => {
  const cause = innermost(error)
  if (cause instanceof Unreachable && SocketFailure.isRefusal(cause.code)) return cause.code
  return Predicate.hasProperty(cause, "_tag") && Predicate.isString(cause._tag) ? cause._tag : "Defect"
}

const common = [
  ["Left", "it was left"],
  ["PeerClosed", "the connection ended"],
  ["PeerUnresponsive", "it stopped answering"],
  ["Unreachable", "no connection to it"],
  ["ListenFailed", "the address to listen at cannot be used"],
  ["NotIpv4", "its address is not one of IPv4"],
  ["MalformedMessage", "not a message of this protocol"],
  ["MalformedFrame", "not a message of this protocol"],
  ["UnexpectedMessage", "an unexpected message"],
  ["FrameTooLarge", "a message that is too large"],
  ["FrameTruncated", "the connection ended within a message"],
  ["TooMany", "there are too many already"],
  ["TooMuchHeld", "all connections together held too much in memory, and this one most for longest"],
  ["SlowReader", "it did not read what it was sent"],
  ["SocketError", "the connection broke"],
  ["ECONNRESET", "the connection was reset"],
  ["ECONNREFUSED", "nobody listens there"],
  ["ECONNABORTED", "the connection was given up"],
  ["EPIPE", "the connection was closed at the other end"],
  ["ETIMEDOUT", "it did not answer in time"],
  ["EADDRINUSE", "the port is in use"],
  ["EADDRNOTAVAIL", "the address is not one of this machine's"],
  ["EHOSTUNREACH", "no way leads there"],
  ["ENETUNREACH", "no way leads there"],
  ["ENETDOWN", "the network is down"],
  ["EHOSTDOWN", "its machine is down"],
  ["EINVAL", "the address cannot be used"],
  ["EACCES", "this system does not allow it"],
  ["EPERM", "this system does not allow it"],
  ["EMSGSIZE", "more than the network takes at once"],
  ["EMFILE", "too many files are open here"],
  ["ENFILE", "too many files are open here"],
  ["ENOBUFS", "this machine has no room for more connections"],
  ["WrongPassphrase", "the passphrase is wrong"],
  ["NotMember", "only keys that are known are admitted there"],
  ["Banned", "banned"],
  ["TooManyGuesses", "too many wrong passphrases"],
  ["Busy", "it is too busy to admit others"],
  ["KeyMismatch", "somebody else answers there"],
  ["OwnKey", "both ends have the same key"],
  ["PlainPeer", "it does not speak the secure protocol"],
  ["OtherVersion", "it speaks another version of the secure protocol"],
  ["Tampered", "the connection was tampered with, or the other end runs another protocol"],
  ["Truncated", "the connection was cut off"],
  ["HandshakeTimeout", "no secure answer in time"],
  ["ProtocolViolation", "it broke the protocol"]
] as const

/** Puts reasons into words for the middle of a sentence. `own` are those of one protocol; others stay as they are. */
export const wording = (
  own: ReadonlyArray<readonly [reason: string, words: string]>
): (reason: string) => string => {
  const words = new Map<string, string>([...common, ...own])
  return (reason) => words.get(reason) ?? printable(reason)
}

/** A reason of Pyile in words. */
export const inPyile: (reason: string) => string = wording([
  ["Banned", "banned"],
  ["Kicked", "removed by the host"],
  ["Replaced", "joined again from the same address"],
  ["Unlisted", "gone from the host's list"],
  ["DistributionLost", "the connection for peer lists ended"],
  ["SlowReader", "it did not read its peer lists"],
  ["HostLeft", "the host has gone"],
  ["IncompatiblePeer", "it runs an older Pyile that is not compatible"],
  ["NotAMember", "not in this network"],
  ["WrongPassword", "wrong password"],
  ["ForeignAddress", "it claimed somebody else's address"],
  ["AddressTaken", "it claimed the address of a member with another key"],
  ["NoDistConnection", "it never opened its second connection"],
  ["ListsElsewhere", "the host names another address for its lists"]
])

/** A reason of p2p-chat in words. */
export const inChat: (reason: string) => string = wording([
  ["DuplicateId", "its id is in use"],
  ["InvalidId", "it has an id that no peer may have"],
  ["AlreadyReachable", "it is in this network already"],
  ["JoinsItself", "that is this peer's own address"],
  ["TurnedAway", "it ended the connection before it answered"],
  ["NextHopLeft", "the peer that led to it has gone"],
  ["Expired", "nobody could be found to take them in time"],
  ["BufferFull", "there was no more room"]
])

/** A reason of PeerPy in words. */
export const inPeerPy: (reason: string) => string = wording([
  ["Denied", "it was not wanted"],
  ["Closed", "closed here"],
  ["StrictViolation", "it sent another kind of data"],
  ["UnreadableValue", "it sent what cannot be read"],
  ["UnsendableValue", "its connection carries another kind of data"],
  ["WrongSize", "the frames of its stream have another size"],
  ["WrongLength", "a payload broke off"],
  ["PayloadTooLarge", "more than is held in memory"],
  ["MalformedHeader", "not a message of this protocol"]
])

/** A reason of Pyrate in words. */
export const inPyrate: (reason: string) => string = wording([
  ["Expired", "it was not heard of for too long"],
  ["NoSuchFile", "there is no such file"],
  ["NoConnectionBack", "it did not connect back"],
  ["MalformedRequest", "not a message of this protocol"],
  ["Unanswered", "it broke off before it answered, as an encrypted peer does to a plain one"],
  ["OtherProtocol", "it speaks another protocol"],
  ["Unsupported", "it seems to run the original, which does not survive the question"],
  ["FileTrouble", "the file cannot be read"],
  ["FileChanged", "the file changed while it was sent"]
])

/** Why an entry of the folder is not shared, behind its name. */
export const leftOut = wording([
  ["Separator", "its name has a colon, a slash or a backslash"],
  ["Control", "its name has a character that cannot be seen"],
  ["Blank", "its name begins with a blank, or ends with a blank or a dot"],
  ["Device", "Windows keeps its name for a device"],
  ["TooLong", "its name has more than 255 bytes"],
  ["Encoding", "its name is not UTF-8"],
  ["Folder", "it is a folder"],
  ["Link", "it is a link"],
  ["Special", "it is no file"],
  ["Unreadable", "this program may not read it"]
])
