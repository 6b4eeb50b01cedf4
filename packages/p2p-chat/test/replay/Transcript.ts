/** What one side of a connection sent, as recorded and as replayed, and where the two differ. */
import type { Trace } from "@peerage/transport"
import * as Hex from "effect/encoding/Hex"
import * as Frames from "./Frames.ts"
import type { Recorded, Side } from "./Recording.ts"

/** One thing sent: a frame, a SYN, a FIN, an RST, or a part of a frame that never came to its end. */
export interface Token {
  /** Milliseconds since the session began. */
  readonly at: number
  /** The very bytes, in hexadecimal digits; the name of what has none. */
  readonly key: string
  /** The key as one of ours has it, with what it says beyond the protocol. */
  readonly extended: string
  readonly text: string
}

/** Something that one transcript has otherwise than the other. */
export interface Change {
  readonly change: "missing" | "extra" | "late" | "early" | "extended"
  readonly text: string
  /** Milliseconds since the session began; when ours did it, if it did. */
  readonly at: number
}

/** Something that has no bytes of its own. */
export const bare = (at: number, name: string): Token => ({ at, key: name, extended: name, text: name })

const ofBytes = (at: number, bytes: Uint8Array): Token => ({
  at,
  key: Hex.encode(bytes),
  extended: Hex.encode(Frames.extended(bytes)),
  text: Frames.describe(bytes)
})

/** What is left of a side's bytes behind its last whole frame. */
const remainder = ({ frames, happenings }: Recorded, side: Side): ReadonlyArray<Token> => {
  const segments = happenings.flatMap(({ at, by, what }) =>
    by === side && what._tag === "Data" ? [{ at, bytes: what.bytes }] : []
  )
  const whole = frames.reduce((sum, { by, bytes }) => by === side ? sum + bytes.length : sum, 0)
  const rest = Uint8Array.from(segments.flatMap(({ bytes }) => [...bytes])).subarray(whole)
  const last = segments.at(-1)
  return last === undefined || rest.length === 0 ? [] : [ofBytes(last.at, rest)]
}

/** What the original on a side sent. */
export const recorded = (connection: Recorded, side: Side): ReadonlyArray<Token> => {
  const { frames, happenings, openedAt } = connection
  const ends = happenings.flatMap(({ at, by, what }) =>
    by === side && what._tag !== "Data" ? [bare(at, what._tag)] : []
  )
  return [
    ...(side === "opener" ? [bare(openedAt, "SYN")] : []),
    ...[
      ...frames.filter(({ by }) => by === side).map(({ at, bytes }) => ofBytes(at, bytes)),
      ...remainder(connection, side),
      ...ends
    ].sort((one, other) => one.at - other.at)
  ]
}

/** The addresses of a replayed connection. */
export interface Ends {
  readonly opener: string
  readonly acceptor: string
}

/** What our side sent over a connection, retransmissions aside: each segment is a token, so none may be less than a frame. */
export const replayed = (trace: ReadonlyArray<Trace.Entry>, ends: Ends, side: Side): ReadonlyArray<Token> => {
  const to = ends[side === "opener" ? "acceptor" : "opener"]
  return trace
    .filter((entry) => entry.from === ends[side] && entry.to === to && !entry.again && entry.kind !== "SYN-ACK")
    .map(({ at, bytes, kind }) => kind === "DATA" ? ofBytes(at, bytes) : bare(at, kind))
}

// Ours takes no time to think, originals some 2 ms; one that waits for the answer to its header first, some 40 ms.
const patience = { late: 50, early: 100 }

const timing = (was: Token, is: Token): "late" | "early" | undefined =>
  is.at - was.at > patience.late ? "late" : was.at - is.at > patience.early ? "early" : undefined

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

/** Where two transcripts of one connection differ, in what was said and in when. */
export const compare = (was: ReadonlyArray<Token>, is: ReadonlyArray<Token>): ReadonlyArray<Change> => {
  const changes: Array<Change> = []
  const note = (change: Change["change"], { at, text }: Token) => changes.push({ change, text, at })
  const longest = common(was, is)
  let [i, j] = [0, 0]
  while (i < was.length || j < is.length) {
    const [before, now] = [was[i], is[j]]
    if (before !== undefined && now !== undefined && same(before, now)) {
      const moved = timing(before, now)
      if (moved !== undefined) note(moved, now)
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
