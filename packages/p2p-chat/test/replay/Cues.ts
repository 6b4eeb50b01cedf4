/**
 * What people did and saw at the recorded originals: the lines they typed and those that were shown, found by their
 * frames, and when they ended a program, which the wire does not tell from an end that the program came to by itself.
 */
import { Option } from "effect"
import * as Hex from "effect/encoding/Hex"
import type { Chat } from "../../src/codec/Message.ts"
import * as Frames from "./Frames.ts"
import { type Frame, type Recorded, type Role, type Session, sideOf } from "./Recording.ts"
import { bare, type Token } from "./Transcript.ts"

/** A line typed at a console: text of its own for somebody. */
export interface Line {
  readonly at: number
  readonly chat: Chat
}

/** A frame on a connection of a role's, and whether the role sent it. */
interface Passed extends Frame {
  readonly own: boolean
  readonly connection: Recorded
}

const passing = (session: Session, role: Role): ReadonlyArray<Passed> =>
  session.connections.flatMap((connection) => {
    const side = sideOf(role, connection)
    return side === undefined
      ? []
      : connection.frames.map((frame) => ({ ...frame, own: frame.by === side, connection }))
  }).sort((one, other) => one.at - other.at)

// Nobody types as fast: what a newcomer is sent at once was typed before, and kept for it.
const atOnce = 50

/** What was typed at a role, in the order in which it was sent. What was kept for its receiver: at the very beginning. */
export const linesOf = (session: Session, role: Role): ReadonlyArray<Line> => {
  const heard = new Set<string>()
  const lines: Array<Line> = []
  for (const { at, bytes, connection, own } of passing(session, role)) {
    const chat = Option.getOrUndefined(Frames.chatIn(bytes))
    if (chat === undefined) continue
    const key = Hex.encode(bytes)
    if (!own) heard.add(key)
    // A stranger may have written in this role's name: what came in before was only passed on.
    else if (`${chat.from}` === role.id && !heard.has(key)) {
      lines.push({ at: at - connection.openedAt < atOnce ? 0 : at, chat })
    }
  }
  return lines
}

/**
 * What a role's console showed: everything for its id on connections that began with a START, whatever was answered. The
 * recording says so in its observations.
 */
export const shownAt = (session: Session, role: Role): ReadonlyArray<Token> =>
  passing(session, role).flatMap(({ at, bytes, connection, own }) => {
    const chat = Option.getOrUndefined(Frames.chatIn(bytes))
    const [first] = connection.frames
    return own || chat === undefined || `${chat.to}` !== role.id || first === undefined || !Frames.isStart(first.bytes)
      ? []
      : [bare(at, Frames.describeMessage(chat))]
  })

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
