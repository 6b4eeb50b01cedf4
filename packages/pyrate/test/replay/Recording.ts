/**
 * A recorded session of the originals, read as a play: which original was at which end of which connection. A role is one
 * original's part, "bootstrap" or "client 1" and so on in the order in which they came. What is not a role is a plain
 * socket.
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

/** One recorded connection. */
export interface Recorded {
  /** Its number in the session, from 1. */
  readonly number: number
  readonly opener: string
  readonly acceptor: string
  readonly openedAt: number
  readonly happenings: ReadonlyArray<Happening>
  /** The names of the roles at its ends; `undefined` for a plain socket. */
  readonly roles: { readonly [side in Side]: string | undefined }
}

/** A session of the originals. */
export interface Session {
  readonly name: string
  readonly connections: ReadonlyArray<Recorded>
  /** In the order in which they first did something. */
  readonly roles: ReadonlyArray<string>
}

const happeningsOf = (event: Event): ReadonlyArray<Happening> => {
  const { from: by, t_ms: at } = event
  switch (event.kind) {
    case "data":
      return [{ at, by, what: { _tag: "Data", bytes: bytesOf(event.hex) } }]
    case "fin":
      return [{ at, by, what: { _tag: "FIN" } }]
    case "rst":
      return [{ at, by, what: { _tag: "RST" } }]
    default:
      return []
  }
}

const hostOf = (address: string): string => address.slice(0, address.indexOf(":"))
const registers = ({ events }: Connection): boolean =>
  events.some((event) => event.kind === "data" && event.from === "opener" && event.hex.startsWith("303a"))

/** Who was at the ends of a session's connections. A client begins with its registration, and is known by its letter. */
const cast = (connections: ReadonlyArray<Connection>): ReadonlyArray<Recorded["roles"]> => {
  const hosts: Array<string> = []
  const assigned: Array<Recorded["roles"]> = []
  const client = (number: number) => number === 0 ? undefined : `client ${number}`
  /** The client whose letter a role's name ends with: A is the first, and so is A0. */
  const lettered = (role: string) => {
    const [, letter = "", digits = ""] = /^ORIGINAL client \w+ '([A-Z])(\d*)'$/.exec(role) ?? []
    if (letter === "") return undefined
    return client(digits === "" ? letter.charCodeAt(0) - 64 : Number(digits) + 1)
  }
  for (const connection of connections) {
    const { acceptor, acceptor_role, opener, opener_role } = connection
    const original = opener_role.startsWith("ORIGINAL client")
    const request = connections.findIndex((earlier) => earlier.opener === acceptor)
    if (original && registers(connection)) hosts.push(hostOf(opener))
    // A connection back comes from the one that was asked, and goes to the one that asked.
    const back = request === -1 ? undefined : assigned[request]
    const latest = client(hosts.lastIndexOf(hostOf(opener)) + 1)
    assigned.push({
      opener: back !== undefined ? back.acceptor : original ? latest : undefined,
      acceptor: back !== undefined
        ? back.opener
        : acceptor_role.startsWith("ORIGINAL bootstrap")
        ? "bootstrap"
        : lettered(acceptor_role)
    })
  }
  return assigned
}

const read = ({ connections, name }: Scenario): Session => {
  const roles = cast(connections)
  const names = new Set(roles.flatMap(({ acceptor, opener }) => [acceptor, opener]))
  return {
    name,
    roles: [...names].filter((role) => role !== undefined),
    connections: connections.map(({ acceptor, events, opener }, index) => ({
      number: index + 1,
      opener,
      acceptor,
      openedAt: events[0]?.t_ms ?? 0,
      happenings: events.flatMap(happeningsOf),
      roles: roles[index] ?? { opener: undefined, acceptor: undefined }
    }))
  }
}

/** All recorded sessions. */
export const sessions: ReadonlyArray<Session> = scenarios.map(read)

/** The end of a connection at which a role was; `undefined` where it was at neither. */
export const sideOf = (role: string, { roles }: Recorded): Side | undefined =>
  roles.opener === role ? "opener" : roles.acceptor === role ? "acceptor" : undefined

/** A role in its session, in words. */
export const placeOf = ({ name }: Session, role: string): string => `${name} as ${role}`

/** Nobody listened there: the attempt is no connection. */
export const refused = ({ happenings }: Recorded): boolean =>
  happenings.every(({ by, what }) => by === "acceptor" && what._tag === "RST")
