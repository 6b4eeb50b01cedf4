/** What a replay comes to: where our peer did otherwise than the original in its place, and what it did beyond. */
import type { Trace } from "@peerage/transport"
import { toldTo } from "./Cues.ts"
import { type Recorded, type Role, type Session, type Side, sideOf } from "./Recording.ts"
import { type Change, compare, type Ends, recorded, replayed, type Token, torn } from "./Transcript.ts"

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
  /** Small messages of ours that did not come in one segment. */
  readonly torn: ReadonlyArray<string>
}

/** What passed in a replay. Times are milliseconds since the session began. */
export interface Replayed {
  readonly trace: ReadonlyArray<Trace.Entry>
  /** What our peer told. */
  readonly told: ReadonlyArray<Token>
}

/** A recorded connection of the role's, and the addresses that it had when it was replayed. */
interface Matched {
  readonly connection: Recorded
  readonly side: Side
  readonly ends: Ends
}

/** Ours dials from any port: the first dial to an address is the first that was recorded, and so on. */
const match = (session: Session, role: Role, trace: ReadonlyArray<Trace.Entry>) => {
  const dialed = trace.filter(({ again, from, kind }) =>
    kind === "SYN" && !again && !session.connections.some(({ client }) => client === from)
  )
  const matched = session.connections.flatMap((connection): ReadonlyArray<Matched> => {
    const side = sideOf(role, connection)
    if (side === undefined) return []
    const found = side === "client" ? dialed.findIndex(({ to }) => to === connection.server) : -1
    const [syn] = found === -1 ? [] : dialed.splice(found, 1)
    const client = side === "server" ? connection.client : syn?.from ?? "nowhere"
    return [{ connection, side, ends: { client, server: connection.server } }]
  })
  return { matched, dialed }
}

/** Judges what passed in a replay. */
export const judge = (session: Session, role: Role, { told, trace }: Replayed): Verdict => {
  const { dialed, matched } = match(session, role, trace)
  const differences: Array<Difference> = []
  const note = (where: number | "console", changes: ReadonlyArray<Change>) =>
    differences.push(...changes.map(({ at, change, text }) => ({ at, line: `${where} ${change} ${text}` })))
  for (const { connection, ends, side } of matched) {
    const is = replayed(trace, ends, { frame: connection.frame, side })
    note(connection.number, compare(recorded(connection, side), is))
  }
  const was = toldTo(session, role)
  if (was !== undefined) note("console", compare(was, told))
  return {
    differences,
    unrecorded: dialed.map(({ from, to }) => `${from} dialed ${to}`),
    torn: matched.flatMap(({ connection, ends, side }) => torn(trace, ends, { frame: connection.frame, side }))
  }
}
