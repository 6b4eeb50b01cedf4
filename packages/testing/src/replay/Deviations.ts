/**
 * Where our peers do otherwise than the originals on purpose, each with its reason and every place where it shows. A
 * place reads `session as role`; what shows there are lines of a verdict. Whatever else differs in a replay is a defect,
 * and so is a line here that a replay does not show.
 */
import { placeOf, type Recorded, type Role, type Session } from "./Recording.ts"
import type { Difference } from "./Verdict.ts"

/** One thing that we do better. */
export interface Deviation {
  readonly what: string
  readonly reason: string
  readonly where: { readonly [place: string]: ReadonlyArray<string> }
}

/** A line several times. */
export const times = (count: number, line: string): ReadonlyArray<string> => Array.from({ length: count }, () => line)

/** All places where something shows on connections of a kind. */
export const wherever = <C extends Recorded, R extends Role>(
  sessions: ReadonlyArray<Session<C, R>>,
  line: (connection: C, role: R, session: Session<C, R>) => string | undefined
): Deviation["where"] =>
  Object.fromEntries(sessions.flatMap((session) =>
    session.roles.flatMap((role) => {
      const lines = session.connections.flatMap((connection) => line(connection, role, session) ?? [])
      return lines.length === 0 ? [] : [[placeOf(session, role), lines]]
    })
  ))

/** Sorts what differs into what the table does not know, and what the table says that does not differ. */
export const unlike = (
  table: ReadonlyArray<Deviation>,
  place: string,
  differences: ReadonlyArray<Difference>
): { readonly unexplained: ReadonlyArray<string>; readonly unneeded: ReadonlyArray<string> } => {
  const unneeded = table.flatMap(({ where }) => where[place] ?? [])
  const unexplained = differences.filter(({ line }) => {
    const known = unneeded.indexOf(line)
    if (known !== -1) unneeded.splice(known, 1)
    return known === -1
  })
  return { unexplained: unexplained.map(({ at, line }) => `${line} (${Math.round(at)} ms)`), unneeded }
}
