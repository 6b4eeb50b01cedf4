/** What a replay comes to: where our peer did otherwise than the original in its place, and what it did beyond. */
import type { Trace } from "@peerage/transport"
import { shownAt } from "./Cues.ts"
import * as Frames from "./Frames.ts"
import { type Recorded, type Role, type Session, sideOf } from "./Recording.ts"
import { type Change, compare, type Ends, recorded, replayed, type Token } from "./Transcript.ts"

/** Something that our peer did otherwise than the original. */
export interface Difference {
  /** The number of the connection or "console", the change, and what was said. */
  readonly line: string
  /** Milliseconds since the session began; when ours did it, if it did. */
  readonly at: number
}

/** What a replay comes to. */
export interface Verdict {
  readonly differences: ReadonlyArray<Difference>
  /** Connections that nothing in the recording speaks of. */
  readonly unrecorded: ReadonlyArray<string>
  /** Segments of ours that are not one whole frame each. */
  readonly unframed: ReadonlyArray<string>
}

/** The addresses of a recorded connection when it was replayed: ours dials from any port. */
const endsOf = ({ acceptor, opener }: Recorded, dialed: Trace.Entry | undefined): Ends => ({
  opener: dialed?.from ?? opener,
  acceptor
})

/** What passed in a replay. Times are milliseconds since the session began. */
export interface Replayed {
  readonly trace: ReadonlyArray<Trace.Entry>
  /** The text that our peer was told of. */
  readonly shown: ReadonlyArray<Token>
}

/** Judges what passed in a replay. */
export const judge = (session: Session, role: Role, { shown, trace }: Replayed): Verdict => {
  const others = new Set(session.connections.map(({ opener }) => opener))
  const [dialed, ...again] = trace.filter(({ again, from, kind }) => kind === "SYN" && !again && !others.has(from))
  const differences: Array<Difference> = []
  const note = (where: number | "console", changes: ReadonlyArray<Change>) =>
    differences.push(...changes.map(({ at, change, text }) => ({ at, line: `${where} ${change} ${text}` })))
  for (const connection of session.connections) {
    const side = sideOf(role, connection)
    if (side === undefined) continue
    const ends = endsOf(connection, side === "opener" ? dialed : undefined)
    note(connection.number, compare(recorded(connection, side), replayed(trace, ends, side)))
  }
  note("console", compare(shownAt(session, role), shown))
  const unframed = trace.filter(({ bytes, from, kind }) =>
    kind === "DATA" && (from === role.listen || from === dialed?.from) && !Frames.isFrame(bytes)
  )
  const beside = role.joinedWith === undefined && dialed !== undefined ? [dialed, ...again] : again
  return {
    differences,
    unframed: unframed.map(({ bytes }) => Frames.describe(bytes)),
    unrecorded: beside.map(({ from, to }) => `${from} dialed ${to}`)
  }
}
