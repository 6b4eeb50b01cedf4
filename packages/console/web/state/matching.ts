/** Lines of the palette, and which of them somebody means. */

/** A line of the palette. */
export interface Command {
  readonly id: string
  readonly label: string
  /** What kind of thing it is, or which of that name. */
  readonly detail: string
  readonly harsh?: boolean
  readonly run: () => void
}

/** Those in whose label or detail all words stand that somebody wrote. */
export const matching = (all: ReadonlyArray<Command>, text: string): ReadonlyArray<Command> => {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "")
  return all.filter(({ detail, label }) => words.every((word) => `${label} ${detail}`.toLowerCase().includes(word)))
}
