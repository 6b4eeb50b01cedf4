/**
 * What people did and saw at the recorded originals: the lines they typed and those that were shown, found by their
 * frames, and when they ended a program, which the wire does not tell from an end that the program came to by itself.
 */
import { Recording, Transcript } from "@peerage/testing"
import { Option } from "effect"
import * as Hex from "effect/encoding/Hex"
import type { Role, Session } from "./Recording.ts"
import * as Words from "./Words.ts"

/** A line typed at a console: text of its own for somebody. */
export interface Line {
  readonly at: number
  readonly chat: Words.Chat
}

/** Text that passed over a connection of a role's. */
interface Passed {
  readonly at: number
  readonly bytes: Uint8Array
  readonly chat: Words.Chat
  /** Whether the role sent it. */
  readonly own: boolean
  readonly connection: Recording.Recorded
}

const passing = (session: Session, role: Role): ReadonlyArray<Passed> =>
  session.connections.flatMap((connection) =>
    (["opener", "acceptor"] as const).flatMap((by) =>
      Words.framesIn(Recording.segmentsOf(connection.happenings, by)).flatMap(({ at, bytes }) => {
        const side = Recording.sideOf(role, connection)
        return side === undefined ? [] : Option.toArray(Words.chatIn(bytes)).map((chat) => ({
          at,
          bytes,
          chat,
          own: by === side,
          connection
        }))
      })
    )
  ).sort((one, other) => one.at - other.at)

// Nobody types as fast: what a newcomer is sent at once was typed before, and kept for it.
const atOnce = 50

/** What was typed at a role, in the order in which it was sent. What was kept for its receiver: at the very beginning. */
export const linesOf = (session: Session, role: Role): ReadonlyArray<Line> => {
  const heard = new Set<string>()
  const lines: Array<Line> = []
  for (const { at, bytes, chat, connection, own } of passing(session, role)) {
    const key = Hex.encode(bytes)
    if (!own) heard.add(key)
    // A stranger may have written in this role's name: what came in before was only passed on.
    else if (`${chat.from}` === role.id && !heard.has(key)) {
      lines.push({ at: at - connection.openedAt < atOnce ? 0 : at, chat })
    }
  }
  return lines
}

const beganWithStart = ({ happenings }: Recording.Recorded): boolean => {
  const [first] = Words.framesIn(Recording.segmentsOf(happenings, "opener"))
  return first !== undefined && Words.isStart(first.bytes)
}

/**
 * What a role's console showed: everything for its id on connections that began with a START, whatever was answered. The
 * recording says so in its observations.
 */
export const shownAt = (session: Session, role: Role): ReadonlyArray<Transcript.Token> =>
  passing(session, role).flatMap(({ at, chat, connection, own }) =>
    own || `${chat.to}` !== role.id || !beganWithStart(connection)
      ? []
      : [Transcript.bare(at, Words.describeChat(chat))]
  )

/** When programs were ended, in milliseconds since the session began. */
const departures: { readonly [session: string]: { readonly [role: string]: number } } = {
  pair: { B: 3657 },
  star: { 12: 1728, A: 2945 },
  "duplicate-id": { A: 2070 },
  "store-and-forward": { A: 3308 },
  chain: { 12: 3896, A: 5215 },
  "via-node-dies": { B: 2075, A: 7801 },
  "upstream-dies": { A: 1546 },
  "probe-to-server": { A: 4364 },
  "probe-to-server-2": { A: 5529 },
  "id-zero": { A: 2768 },
  shutdown: { A: 1003, E: 8853, C: 9765 }
}

/** When a role was ended; `undefined` where it ended by itself, or outlived the recording. */
export const departureOf = (session: Session, role: Role): number | undefined => departures[session.name]?.[role.name]
