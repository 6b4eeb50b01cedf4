/** Why something was not done: for people a sentence, for programs a reason. Pure. */
import { Predicate } from "effect"
import type { Tagged } from "../Panel.ts"

/** Why a line is not done: `reason` for programs, `message` for people. */
export interface Mistake {
  readonly reason: string
  readonly message: string
}

/** Why a command fails: a mistake, or an error of a library, whose `reason` may be a further error. */
export type Failure = Mistake | (Tagged & { readonly message: string; readonly reason?: unknown })

/** The answer for a line, as it was typed, that was not done. */
export interface Failed extends Mistake {
  readonly _tag: "Failed"
  readonly command: string
}

/** The reason of a failure, for programs: its own, or the tag of what a library says went wrong. */
const tagOf = (failure: Failure): string => {
  if (!("_tag" in failure)) return failure.reason
  return Predicate.hasProperty(failure.reason, "_tag") ? String(failure.reason._tag) : failure._tag
}

/** Makes the answer for a line that was not done. */
export const failed = (command: string, failure: Failure): Failed => ({
  _tag: "Failed",
  command,
  reason: tagOf(failure),
  message: failure.message
})
