/** The library's reasons, which are tags of errors, in words for the middle of a sentence. */
import { printable } from "../Printable.ts"

const words = new Map([
  ["Banned", "banned"],
  ["Kicked", "removed by the host"],
  ["Replaced", "joined again from the same address"],
  ["Unlisted", "gone from the host's list"],
  ["PeerClosed", "the connection ended"],
  ["PeerUnresponsive", "it stopped answering"],
  ["DistributionLost", "the connection for peer lists ended"],
  ["SlowReader", "it did not read its peer lists"],
  ["Unreachable", "no connection to it"],
  ["NotAMember", "not in this network"],
  ["WrongPassword", "wrong password"],
  ["MalformedMessage", "not a message of this protocol"],
  ["UnexpectedMessage", "an unexpected message"],
  ["FrameTooLarge", "a message that is too large"],
  ["ForeignAddress", "it claimed somebody else's address"],
  ["NoDistConnection", "it never opened its second connection"],
  ["TooMany", "there are too many already"],
  ["ECONNRESET", "the connection was reset"],
  ["ECONNREFUSED", "nobody listens there"],
  ["ETIMEDOUT", "it did not answer in time"]
])

/** A reason in words; one without words as it is. */
export const inWords = (reason: string): string => words.get(reason) ?? printable(reason)
