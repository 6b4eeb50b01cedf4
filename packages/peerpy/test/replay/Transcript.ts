/** What one side of a connection sent, as recorded and as replayed, and where the two differ. */
import type { Trace } from "@peerage/transport"
import { cut, describeMessage, digestOf, extended, type Message } from "./Messages.ts"
import { messagesOf, type Recorded, type Side } from "./Recording.ts"

/** One thing sent: a message, a SYN, a FIN or an RST; or told. */
export interface Token {
  /** Milliseconds since the session began. */
  readonly at: number
  /** The digest of the very bytes; the name of what has none. */
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

const ofMessage = (message: Message): Token => ({
  at: message.at,
  key: digestOf(message.bytes),
  extended: digestOf(extended(message)),
  text: describeMessage(message)
})

/** What the original on a side sent. */
export const recorded = (connection: Recorded, side: Side): ReadonlyArray<Token> => {
  const { happenings, openedAt } = connection
  const ends = happenings.flatMap(({ at, by, what }) =>
    by === side && what._tag !== "Data" ? [bare(at, what._tag)] : []
  )
  const said = messagesOf(connection, side).map(ofMessage)
  return [
    ...side === "client" ? [bare(openedAt, "SYN")] : [],
    ...[...said, ...ends].sort((one, other) => one.at - other.at)
  ]
}

/** The addresses of a replayed connection. */
export interface Ends {
  readonly client: string
  readonly server: string
}

const sentOver = (trace: ReadonlyArray<Trace.Entry>, ends: Ends, side: Side) =>
  trace.filter(({ again, from, kind, to }) =>
    from === ends[side] && to === ends[side === "client" ? "server" : "client"] && !again && kind !== "SYN-ACK"
  )

/** What our side sent over a connection, retransmissions aside. */
export const replayed = (
  trace: ReadonlyArray<Trace.Entry>,
  ends: Ends,
  { frame, side }: { readonly frame: number; readonly side: Side }
): ReadonlyArray<Token> => {
  const sent = sentOver(trace, ends, side)
  const rest = sent.flatMap(({ at, kind }) => kind === "DATA" ? [] : [bare(at, kind)])
  const said = cut(sent.filter(({ kind }) => kind === "DATA"), frame).map(ofMessage)
  // What was said at the time of an end came before it.
  return [...rest.filter(({ key }) => key === "SYN"), ...said, ...rest.filter(({ key }) => key !== "SYN")]
    .sort((one, other) => one.at - other.at)
}

// What an original reads in one go, however it is cut.
const smallBytes = 60_000

/** The messages of ours that are small and that did not come in one segment. */
export const torn = (
  trace: ReadonlyArray<Trace.Entry>,
  ends: Ends,
  { frame, side }: { readonly frame: number; readonly side: Side }
): ReadonlyArray<string> => {
  const segments = sentOver(trace, ends, side).filter(({ kind }) => kind === "DATA")
  const borders: Array<number> = []
  for (const { length } of segments) borders.push((borders.at(-1) ?? 0) + length)
  return cut(segments, frame)
    .filter(({ bytes, start }) =>
      bytes.length <= smallBytes && borders.some((border) => border > start && border < start + bytes.length)
    )
    .map(describeMessage)
}

// Ours takes no time to think. An original's application hears of a payload some 40 ms after its header was sent.
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

/** Where two transcripts differ, in what was said and in when. */
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
