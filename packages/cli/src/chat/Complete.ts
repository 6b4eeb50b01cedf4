/** What Tab offers in a chat room: commands, and ids where they stand, at the beginning or after a command. Pure. */
import type { Complete } from "../room/Prompt.ts"
import { words } from "./Line.ts"

const takesId = new Set(["/to", "/history"])

/** Completes a line with the ids of those who are there at the moment of the question. */
export const complete = (ids: () => ReadonlyArray<string>): Complete => (line) => {
  const [, command, part] = /^(\/\S+)\s+(\S*)$/.exec(line) ?? []
  const begun = part ?? line
  const offered = command !== undefined
    ? takesId.has(command) ? ids() : []
    : line.startsWith("/")
    ? words.map(({ name }) => name)
    : ids()
  return [offered.filter((word) => word.startsWith(begun)).map((word) => `${word} `), begun]
}
