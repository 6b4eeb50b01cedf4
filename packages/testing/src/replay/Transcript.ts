/** What one end of a connection said, as recorded and as replayed, and where the two differ. */
import type { Happening, Side } from "./Recording.ts"

/** One thing said. */
export interface Token {
  /** Milliseconds since the session began, or since whatever a protocol times its words from. */
  readonly at: number
  /** Two tokens with one key are the same. */
  readonly key: string
  /** The key as our peer has it, where it says more than the original. */
  readonly extended: string
  readonly text: string
}

/** Something that one transcript has otherwise than the other. */
export interface Change {
  readonly change: "missing" | "extra" | "late" | "early" | "extended"
  readonly text: string
  /** When our peer did it, else when the original did. */
  readonly at: number
}

/** A token that is the same when its text is. */
export const bare = (at: number, text: string): Token => ({ at, key: text, extended: text, text })

/** What one end said with its bytes, and its segments without any, in order. */
export const inOrder = (
  happenings: ReadonlyArray<Happening>,
  side: Side,
  said: ReadonlyArray<Token>
): ReadonlyArray<Token> => {
  const bytesless = happenings.flatMap(({ at, by, what }) =>
    by === side && typeof what === "string" ? [bare(at, what)] : []
  )
  const [begun, ended] = [bytesless.filter(({ key }) => key === "SYN"), bytesless.filter(({ key }) => key !== "SYN")]
  // Simulated time may stand still in between: what was said followed the SYN and came before the end.
  return [...begun, ...[...said, ...ended].sort((one, other) => one.at - other.at)]
}

/** Milliseconds by which a token may differ from the recorded one. */
export interface Tolerance {
  readonly late: number
  readonly early: number
}

const same = (was: Token | undefined, is: Token | undefined): boolean =>
  was !== undefined && is !== undefined && (is.key === was.key || is.key === was.extended)

/** Lengths of the longest common subsequences of all ends of two transcripts. */
const common = (was: ReadonlyArray<Token>, is: ReadonlyArray<Token>): (i: number, j: number) => number => {
  const table = Array.from({ length: was.length + 1 }, () => Array.from({ length: is.length + 1 }, () => 0))
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0
  for (let i = was.length - 1; i >= 0; i--) {
    for (let j = is.length - 1; j >= 0; j--) {
      table[i]?.fill(same(was[i], is[j]) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1)), j, j + 1)
    }
  }
  return at
}

/** Where two transcripts differ, in what was said and in when. */
export const compare = (
  was: ReadonlyArray<Token>,
  is: ReadonlyArray<Token>,
  toleranceFor: (token: Token) => Tolerance
): ReadonlyArray<Change> => {
  const changes: Array<Change> = []
  const note = (change: Change["change"], { at, text }: Token) => changes.push({ change, text, at })
  const longest = common(was, is)
  let [i, j] = [0, 0]
  while (i < was.length || j < is.length) {
    const [before, now] = [was[i], is[j]]
    if (before !== undefined && now !== undefined && same(before, now)) {
      const { early, late } = toleranceFor(now)
      if (now.at - before.at > late) note("late", now)
      else if (before.at - now.at > early) note("early", now)
      if (before.key !== now.key) note("extended", before)
      i++
      j++
    } else if (before !== undefined && (now === undefined || longest(i + 1, j) >= longest(i, j + 1))) {
      note("missing", before)
      i++
    } else if (now !== undefined) {
      note("extra", now)
      j++
    }
  }
  return changes
}
