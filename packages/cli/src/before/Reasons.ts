/** Reasons that every protocol has, which are tags of errors, in words for the middle of a sentence. */
import { printable } from "../Printable.ts"

const common = [
  ["PeerClosed", "the connection ended"],
  ["PeerUnresponsive", "it stopped answering"],
  ["Unreachable", "no connection to it"],
  ["MalformedMessage", "not a message of this protocol"],
  ["UnexpectedMessage", "an unexpected message"],
  ["FrameTooLarge", "a message that is too large"],
  ["FrameTruncated", "the connection ended within a message"],
  ["TooMany", "there are too many already"],
  ["ECONNRESET", "the connection was reset"],
  ["ECONNREFUSED", "nobody listens there"],
  ["ETIMEDOUT", "it did not answer in time"]
] as const

/** Puts reasons into words, with a protocol's own ones; a reason without words stays as it is. */
export const wording = (
  own: ReadonlyArray<readonly [reason: string, words: string]>
): (reason: string) => string => {
  const words = new Map<string, string>([...common, ...own])
  return (reason) => words.get(reason) ?? printable(reason)
}
