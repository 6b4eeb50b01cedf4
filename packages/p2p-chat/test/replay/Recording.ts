/**
 * A recorded session of the originals, read as a play: who dialed whom, which original was at which end, and what each
 * end then sent. A role is one original's part: it took connections, or joined somebody, or both. What is not a role is
 * a plain socket.
 */
import { bytesOf, type Connection, type Event, type Scenario, scenarios } from "../fixtures/Vectors.ts"

/** An end of a connection. */
export type Side = "opener" | "acceptor"

/** One segment, FIN or RST. Times are milliseconds since the session began. */
export interface Happening {
  readonly at: number
  readonly by: Side
  readonly what: { readonly _tag: "Data"; readonly bytes: Uint8Array } | { readonly _tag: "FIN" | "RST" }
}

/** One frame, header included, and when its last byte was sent. */
export interface Frame {
  readonly at: number
  readonly by: Side
  readonly bytes: Uint8Array
}

/** One recorded connection. */
export interface Recorded {
  /** Its number in the session, from 1. */
  readonly number: number
  readonly opener: string
  readonly acceptor: string
  /** False where nobody listened. */
  readonly accepted: boolean
  readonly openedAt: number
  readonly happenings: ReadonlyArray<Happening>
  readonly frames: ReadonlyArray<Frame>
}

/** One original. */
export interface Role {
  /** Its letter in the session, or its id; the second with that id "11 (2)" and so on. */
  readonly name: string
  /** The id it was given, in decimal; not always one that a peer can have. */
  readonly id: string
  /** Where it took connections; `undefined` where nobody ever came. */
  readonly listen: string | undefined
  /** The number of the connection with which it joined somebody; `undefined` where it joined nobody. */
  readonly joinedWith: number | undefined
}

/** A session of the originals. */
export interface Session {
  readonly name: string
  readonly roles: ReadonlyArray<Role>
  readonly connections: ReadonlyArray<Recorded>
}

/** Bytes of which a recording may have no more than the beginning: what follows was more of the same. */
const whole = (hex: string, length: number | undefined): Uint8Array => {
  const bytes = bytesOf(hex.replace("...", ""))
  if (length === undefined) return bytes
  const filled = new Uint8Array(length).fill(bytes.at(-1) ?? 0)
  filled.set(bytes)
  return filled
}

const happeningsOf = (event: Event): ReadonlyArray<Happening> => {
  const { from: by, t_ms: at } = event
  switch (event.kind) {
    case "data":
      return [{ at, by, what: { _tag: "Data", bytes: whole(event.hex, event.full_length) } }]
    case "fin":
      return [{ at, by, what: { _tag: "FIN" } }]
    case "rst":
      return [{ at, by, what: { _tag: "RST" } }]
    default:
      return []
  }
}

const read = ({ acceptor, events, frames, opener }: Connection, index: number): Recorded => ({
  number: index + 1,
  opener,
  acceptor,
  accepted: events.some(({ kind }) => kind === "syn-ack"),
  openedAt: events[0]?.t_ms ?? 0,
  happenings: events.flatMap(happeningsOf),
  frames: frames.map(({ frame_hex, from, full_length, t_ms }) => ({
    at: t_ms,
    by: from,
    bytes: whole(frame_hex, full_length)
  }))
})

/**
 * The ids that never went on the wire, by session and connection: the connection was over before. What the last joiner
 * in "connection-limit" was called nobody knows, only that one byte was enough for it.
 */
const unsent: { readonly [session: string]: { readonly [connection: number]: string } } = {
  "connection-limit": { 12: "22" },
  "joiner-against-probe": { 7: "9223372036854775808" },
  arguments: { 1: "5", 2: "9223372036854775808" }
}

const acceptorRole = /^ORIGINAL p2p-chat '(?<letter>.+)' id (?<id>\d+)$/
const openerRole = /^ORIGINAL p2p-chat joiner(?: id (?<id>\d+))?$/

const rolesOf = ({ connections, name: session }: Scenario): ReadonlyArray<Role> => {
  const roles = new Map<string, Role>()
  for (const { acceptor, acceptor_role } of connections) {
    const { id, letter } = acceptorRole.exec(acceptor_role)?.groups ?? {}
    if (id !== undefined && letter !== undefined) {
      roles.set(letter, { name: letter, id, listen: acceptor, joinedWith: undefined })
    }
  }
  for (const [index, { acceptor, opener_role }] of connections.entries()) {
    const known = openerRole.exec(opener_role)
    if (known === null) continue
    const joinedWith = index + 1
    const id = known.groups?.["id"] ?? unsent[session]?.[joinedWith] ?? ""
    // An original joins once at most, and never itself.
    const alike = [...roles.values()].filter((role) => role.id === id)
    const same = alike.find((role) => role.joinedWith === undefined && role.listen !== acceptor)
    const earlier = alike.filter((role) => role.joinedWith !== undefined).length
    const name = same?.name ?? (earlier === 0 ? id : `${id} (${earlier + 1})`)
    roles.set(name, { name, id, listen: same?.listen, joinedWith })
  }
  return [...roles.values()]
}

/** All recorded sessions. */
export const sessions: ReadonlyArray<Session> = scenarios.map((scenario) => ({
  name: scenario.name,
  roles: rolesOf(scenario),
  connections: scenario.connections.map(read)
}))

/** The end of a connection at which a role was; `undefined` where it was at neither. */
export const sideOf = ({ joinedWith, listen }: Role, { acceptor, number }: Recorded): Side | undefined =>
  number === joinedWith ? "opener" : acceptor === listen ? "acceptor" : undefined

/** A role in its session, in words. */
export const placeOf = ({ name }: Session, role: Role): string => `${name} as ${role.name}`
