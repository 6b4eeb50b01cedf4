/** What Tab offers in a PeerPy room: commands, and the peers that there are for those that take one. Pure. */
import type { Complete } from "../before/Prompt.ts"
import { type Role, wordsFor } from "./Line.ts"

/** What is there to choose from, at the moment of the question. */
export interface Choices {
  /** Who is connected. */
  readonly peers: ReadonlyArray<string>
  /** Whose offers wait for an answer. */
  readonly askers: ReadonlyArray<string>
}

const options = (command: string, { askers, peers }: Choices): ReadonlyArray<string> => {
  switch (command) {
    case "/to":
    case "/close":
    case "/history":
      return peers
    case "/accept":
    case "/deny":
      return askers
    case "/invisible":
      return ["on", "off"]
    case "/log":
      return ["INFO", "WARNING"]
    default:
      return []
  }
}

/** Completes a line. */
export const complete = (role: Role, choices: () => Choices): Complete => (line) => {
  const [, command, part] = /^(\/\S+)\s+(\S*)$/.exec(line) ?? []
  if (command === undefined || part === undefined) {
    const names = line.startsWith("/") ? wordsFor(role).map(({ name }) => name) : []
    return [names.filter((name) => name.startsWith(line)).map((name) => `${name} `), line]
  }
  const offered = [...new Set(options(command, choices()))]
  return [offered.filter((word) => word.startsWith(part)).map((word) => `${word} `), part]
}
