/**
 * The recorded sessions of p2p-chat. A role is one original's part: it took connections, or joined somebody, or both.
 */
import type { Recording } from "@peerage/testing"
import { bytesOf, type Connection, type Event, type Scenario, scenarios } from "../fixtures/Vectors.ts"

/** One original, named by its letter in the session, or its id; the second with that id "11 (2)" and so on. */
export interface Role extends Recording.Role {
  /** The id it was given, in decimal; not always one that a peer can have. */
  readonly id: string
  /** Where it took connections; `undefined` where nobody ever came. */
  readonly listen: string | undefined
  /** The number of the connection with which it joined somebody; `undefined` where it joined nobody. */
  readonly joinedWith: number | undefined
}

export type Session = Recording.Session<Recording.Recorded, Role>

/** Bytes of which a recording may have no more than the beginning: what follows was more of the same. */
const whole = (hex: string, length: number | undefined): Uint8Array => {
  const bytes = bytesOf(hex.replace("...", ""))
  if (length === undefined) return bytes
  const filled = new Uint8Array(length).fill(bytes.at(-1) ?? 0)
  filled.set(bytes)
  return filled
}

const happeningsOf = (event: Event): ReadonlyArray<Recording.Happening> => {
  const { from: by, t_ms: at } = event
  switch (event.kind) {
    case "data":
      return [{ at, by, what: whole(event.hex, event.full_length) }]
    case "fin":
      return [{ at, by, what: "FIN" }]
    case "rst":
      return [{ at, by, what: "RST" }]
    default:
      return []
  }
}

const read = (
  { acceptor, events, opener }: Connection,
  index: number,
  roles: ReadonlyArray<Role>
): Recording.Recorded => ({
  number: index + 1,
  opener,
  acceptor,
  roles: {
    opener: roles.find(({ joinedWith }) => joinedWith === index + 1)?.name,
    acceptor: roles.find(({ listen }) => listen === acceptor)?.name
  },
  refused: events.every(({ kind }) => kind !== "syn-ack"),
  openedAt: events[0]?.t_ms ?? 0,
  happenings: events.flatMap(happeningsOf)
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
export const sessions: ReadonlyArray<Session> = scenarios.map((scenario) => {
  const roles = rolesOf(scenario)
  return {
    name: scenario.name,
    roles,
    connections: scenario.connections.map((connection, index) => read(connection, index, roles))
  }
})
