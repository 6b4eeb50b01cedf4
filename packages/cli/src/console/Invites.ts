/** How others join, as a page shows it. Without secrets. Pure. */
import type { Invite } from "@peerage/console/About"
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
  readonly secured: Secured | undefined
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

/** What others need beside the command, of a network with a secret; `isMadeUp`: the terminal has shown it. */
export const secretOf = (secured: Secured | undefined, isMadeUp: boolean): string => {
  const secret = secured === undefined ? "password" : "passphrase"
  return isMadeUp
    ? `They also need the ${secret} that the terminal showed once. Tell it to them another way, such as by telephone.`
    : `They also need the ${secret} that you chose. Tell it to them another way, such as by telephone.`
}
