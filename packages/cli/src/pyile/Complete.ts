/** What Tab offers in a Pyile room: commands, and peers and aliases after those commands that take them. Pure. */
import type { Complete } from "../before/Prompt.ts"
import type { Aliases } from "./Aliases.ts"
import { type Role, wordsFor } from "./Line.ts"

/** What is there to choose from, at the moment of the question. */
export interface Choices {
  readonly role: Role
  readonly peers: ReadonlyArray<string>
  readonly aliases: Aliases
}

const takesName = new Set(["/to", "/history"])

/** Completes a line. */
export const complete = (choices: () => Choices): Complete => (line) => {
  const { aliases, peers, role } = choices()
  const [, command, part] = /^(\/\S+)\s+(\S*)$/.exec(line) ?? []
  if (command === undefined || part === undefined) {
    const names = line.startsWith("/") ? wordsFor(role).map(({ name }) => name) : []
    return [names.filter((name) => name.startsWith(line)).map((name) => `${name} `), line]
  }
  const known = peers.flatMap((peer) => aliases.get(peer) ?? []).filter((alias) => alias !== "" && !/[\s"]/.test(alias))
  const names = takesName.has(command) ? [...new Set([...known, ...peers])] : command === "/kick" ? peers : []
  return [names.filter((name) => name.startsWith(part)).map((name) => `${name} `), part]
}
