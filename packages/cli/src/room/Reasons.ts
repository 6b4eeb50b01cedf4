/** Reasons, which are tags of errors: the reason of an error, and reasons in words. Knows no protocol. */
import { Predicate } from "effect"
import { printable } from "../Printable.ts"

/** The error that the reasons of others lead to: what happened, without the verbs that failed of it. */
export const innermost = (error: unknown): unknown =>
  Predicate.hasProperty(error, "_tag") && error._tag !== "SocketError" && Predicate.hasProperty(error, "reason") &&
    Predicate.hasProperty(error.reason, "_tag")
    ? innermost(error.reason)
    : error

/** The innermost reason of an error, by its tag; `Defect` for anything else. */
export const reasonOf = (error: unknown): string => {
  const cause = innermost(error)
  return Predicate.hasProperty(cause, "_tag") && Predicate.isString(cause._tag) ? cause._tag : "Defect"
}

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

/** Puts reasons into words for the middle of a sentence. `own` are those of one protocol; others stay as they are. */
export const wording = (
  own: ReadonlyArray<readonly [reason: string, words: string]>
): (reason: string) => string => {
  const words = new Map<string, string>([...common, ...own])
  return (reason) => words.get(reason) ?? printable(reason)
}
