/** How others join, as a page shows it. Without secrets. Pure. */
import type { Invite } from "@peerage/console/About"
import { Effect } from "effect"
import { encode } from "uqr"
import type { Secured } from "../secure/Encryption.ts"
import * as Invited from "../secure/Invited.ts"
import * as Welcome from "../secure/Welcome.ts"

/** What others join with. */
export interface Joining {
  /** Their command, before the address, as `peerage join`. */
  readonly command: string
  /** Where they join, as `host:port`. */
  readonly reached: string
  /** Whose key an invitation names, where connections are encrypted. */
  readonly secured: Pick<Secured, "key" | "protocol"> | undefined
  /** What else they need, in a sentence. */
  readonly needs?: string | undefined
}

/** A QR code as an SVG path, over a square whose side is its number of modules: one rectangle for each row of dark ones. */
export const codeOf = (text: string): NonNullable<Invite["code"]> => {
  const { data, size } = encode(text, { border: 2 })
  const path = data.flatMap((row, y) => {
    const dark = row.map((isDark) => isDark ? "1" : "0").join("")
    return [...dark.matchAll(/1+/g)].map(({ 0: run, index }) => `M${index} ${y}h${run.length}v1h-${run.length}z`)
  })
  return { size, path: path.join("") }
}

/** How others join. */
export const make = ({ command, needs, reached, secured }: Joining): Invite => {
  const typed = `${command} ${Welcome.named(secured, reached)}`
  const invitation = secured === undefined ? undefined : Invited.text(secured, reached)
  return {
    command: typed,
    code: codeOf(invitation ?? typed),
    ...(invitation === undefined ? {} : { invitation }),
    ...(needs === undefined ? {} : { needs })
  }
}

/** What another peer of the network needs beside the command, where it is encrypted. */
const told = "They also need the passphrase with which you came. Tell it to them another way, such as by telephone."

/** How others join where this command did: an invitation says the key of the peer that was named, once that is known. */
export const through = (
  { command, needs, reached, secured }: Omit<Joining, "secured"> & {
    readonly secured: Pick<Secured, "namedKey" | "protocol"> | undefined
  }
): Effect.Effect<Invite> =>
  secured === undefined
    ? Effect.succeed(make({ command, reached, needs, secured }))
    : Effect.map(secured.namedKey, (key) =>
      make({
        command,
        reached,
        needs: told,
        secured: key === undefined ? undefined : { key, protocol: secured.protocol }
      }))

/** What others need beside the command, of a network with a secret; `isMadeUp`: the terminal has shown it. */
export const secretOf = (secured: Secured | undefined, isMadeUp: boolean): string => {
  const secret = secured === undefined ? "password" : "passphrase"
  return isMadeUp
    ? `They also need the ${secret} that the terminal showed once. Tell it to them another way, such as by telephone.`
    : `They also need the ${secret} that you chose. Tell it to them another way, such as by telephone.`
}
