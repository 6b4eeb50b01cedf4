/**
 * Which connection or offer a typed name means: one that goes by that address, or that comes from it. What a peer says
 * of its own address is only a claim, so that two of the same name are told apart by where they come from. Pure.
 */
import { Result } from "effect"
import { printable } from "../Printable.ts"

/** Whatever has the address that a peer says it has, and the one it comes from. */
export interface Named {
  readonly peer: string
  readonly remote: string
}

/** Why nobody could be chosen. */
export interface NoChoice {
  readonly reason: "UnknownPeer" | "Ambiguous"
  readonly message: string
}

const noChoice = (reason: NoChoice["reason"], message: string) => Result.fail<NoChoice>({ reason, message })

/** The one that is meant; without a name, the only one. `none` is said where there are none at all. */
export const choose = <A extends Named>(
  known: ReadonlyArray<A>,
  name: string | undefined,
  none: string
): Result.Result<A, NoChoice> => {
  const meant = name === undefined ? known : known.filter(({ peer, remote }) => peer === name || remote === name)
  const [only, another] = meant
  if (only === undefined) {
    return noChoice(
      "UnknownPeer",
      known.length === 0 || name === undefined ? none : `"${printable(name)}" is not among them. /peers shows who is.`
    )
  }
  if (another === undefined) return Result.succeed(only)
  return noChoice(
    "Ambiguous",
    name === undefined
      ? `Say which one: ${meant.map(({ peer }) => peer).join(", ")}.`
      : `Several go by ${name}. Say which one by where it comes from: ${meant.map(({ remote }) => remote).join(", ")}.`
  )
}
