/** What Tab offers in a Pyrate room: commands, and the peers that are known for those that take one. Pure. */
import type { Complete } from "../before/Prompt.ts"
import { type Role, wordsFor } from "./Line.ts"

const takesPeer = new Set(["/get", "/list"])

/** Completes a line with the peers that are known at the moment of the question. */
export const complete = (role: Role, peers: () => ReadonlyArray<string>): Complete => (line) => {
  const [, command, part] = /^(\/\S+)\s+(\S*)$/.exec(line) ?? []
  const begun = part ?? line
  const offered = command !== undefined
    ? takesPeer.has(command) ? peers() : []
    : line.startsWith("/")
    ? wordsFor(role).map(({ name }) => name)
    : []
  return [offered.filter((word) => word.startsWith(begun)).map((word) => `${word} `), begun]
}
