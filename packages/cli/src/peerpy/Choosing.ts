/** Which of several a typed name means: by the address that a peer says it has, or by the one it comes from. Pure. */
import type { Named } from "@peerage/console/Connections"
import { printable } from "@peerage/console/Printable"
import { Result } from "effect"
import type { Mistake } from "../room/Command.ts"

/** Chooses what a name means; without a name, the only one. `none` is the message where there are none at all. */
export const choose = <A extends Named>(
  known: ReadonlyArray<A>,
  name: string | undefined,
  none: string
): Result.Result<A, Mistake> => {
  const meant = name === undefined ? known : known.filter(({ peer, remote }) => peer === name || remote === name)
  const [only, another] = meant
  if (only === undefined) {
    const message = known.length === 0 || name === undefined
      ? none
      : `"${printable(name)}" is not among them. /peers shows who is.`
    return Result.fail({ reason: "UnknownPeer", message })
  }
  if (another === undefined) return Result.succeed(only)
  const message = name === undefined
    ? `Say which one: ${meant.map(({ peer }) => peer).join(", ")}.`
    : `Several go by ${name}. Say which one by where it comes from: ${meant.map(({ remote }) => remote).join(", ")}.`
  return Result.fail({ reason: "Ambiguous", message })
}
