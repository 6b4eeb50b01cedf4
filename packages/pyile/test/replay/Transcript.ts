/** What one side of a connection sent, as recorded and as replayed, and where the two differ. */
import type { Trace } from "@peerage/transport"
import type { Recorded, Session } from "./Recording.ts"

/** One thing sent: a segment's text, `FIN`, `RST`, or `SYN from` an address. */
export interface Token {
  readonly text: string
  /** Milliseconds since something was said on the connection, by whomever, or since it was opened. */
  readonly gap: number
}

/** Something that our side did otherwise than the original. */
export interface Difference {
  readonly session: string
  readonly role: string
  readonly purpose: Recorded["purpose"]
  readonly change: "missing" | "extra" | "late" | "early"
  readonly text: string
}

/** The two ends of a replayed connection; the `nth` between these two addresses, from 0. */
export interface Conversation {
  readonly client: string
  readonly server: string
  readonly nth: number
}

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(":"))

/** What the original in our role sent. */
export const recorded = (connection: Recorded, role: string): ReadonlyArray<Token> => {
  const ours = connection.opener === role ? "client" : "server"
  const tokens: Array<Token> = ours === "client" ? [{ text: `SYN from ${hostOf(connection.client)}`, gap: 0 }] : []
  let before = connection.openedAt
  for (const { at, by, what } of connection.happenings) {
    if (by === ours) tokens.push({ text: what._tag === "Data" ? what.text : what._tag, gap: at - before })
    if (what._tag === "Data") before = at
  }
  return tokens
}

const decoder = new TextDecoder()

const isPart = (entry: Trace.Entry, { client, server }: Conversation): boolean =>
  (entry.from === client && entry.to === server) || (entry.from === server && entry.to === client)

/** Everything that passed in a conversation, retransmissions aside. */
const passed = (trace: ReadonlyArray<Trace.Entry>, conversation: Conversation): ReadonlyArray<Trace.Entry> => {
  let nth = -1
  return trace.filter((entry) => {
    if (entry.again || entry.kind === "SYN-ACK" || !isPart(entry, conversation)) return false
    if (entry.kind === "SYN") nth++
    return nth === conversation.nth
  })
}

/** What our side sent in a conversation. */
export const replayed = (
  trace: ReadonlyArray<Trace.Entry>,
  conversation: Conversation,
  side: "client" | "server"
): ReadonlyArray<Token> => {
  const tokens: Array<Token> = []
  let before: number | undefined
  for (const { at, bytes, from, kind } of passed(trace, conversation)) {
    const text = kind === "DATA" ? decoder.decode(bytes) : kind === "SYN" ? `SYN from ${hostOf(from)}` : kind
    if (from === conversation[side]) tokens.push({ text, gap: at - (before ?? at) })
    if (kind === "DATA" || kind === "SYN") before = at
  }
  return tokens
}

/** Connections that were dialed from elsewhere than `known`: nothing in the recording speaks of them. */
export const unrecorded = (trace: ReadonlyArray<Trace.Entry>, known: ReadonlySet<string>): ReadonlyArray<string> =>
  trace.filter(({ from, kind }) => kind === "SYN" && !known.has(from)).map(({ from, to }) => `${from} dialed ${to}`)

// The recorded machine was busy now and then, and ours takes no time at all to think: so something is early only by
// more than such a pause of the original. An end is timed from what was last said, which was such a pause ago as well.
const late = { said: 50, ended: 100 }
const early = 250

const timing = (was: Token, is: Token): "late" | "early" | undefined => {
  const patience = is.text === "FIN" || is.text === "RST" ? late.ended : late.said
  return is.gap - was.gap > patience ? "late" : was.gap - is.gap > early ? "early" : undefined
}

/** Lengths of the longest common subsequences of all ends of two lists of texts. */
const common = (a: ReadonlyArray<Token>, b: ReadonlyArray<Token>): ReadonlyArray<ReadonlyArray<number>> => {
  const table = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0))
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = table[i]
      if (row !== undefined) {
        row[j] = a[i]?.text === b[j]?.text
          ? at(i + 1, j + 1) + 1
          : Math.max(at(i + 1, j), at(i, j + 1))
      }
    }
  }
  return table
}

/** Where two transcripts of one connection differ, in what was said and in when. */
export const compare = (
  session: Session,
  role: string,
  purpose: Recorded["purpose"],
  was: ReadonlyArray<Token>,
  is: ReadonlyArray<Token>
): ReadonlyArray<Difference> => {
  const differences: Array<Difference> = []
  const note = (change: Difference["change"], { text }: Token) =>
    differences.push({ session: session.name, role, purpose, change, text })
  const table = common(was, is)
  let i = 0
  let j = 0
  while (i < was.length || j < is.length) {
    const before = was[i]
    const now = is[j]
    if (before !== undefined && before.text === now?.text) {
      const moved = timing(before, now)
      if (moved !== undefined) note(moved, now)
      i++
      j++
    } else if (before !== undefined && (now === undefined || (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))) {
      note("missing", before)
      i++
    } else if (now !== undefined) {
      note("extra", now)
      j++
    }
  }
  return differences
}
