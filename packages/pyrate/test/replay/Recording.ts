/**
 * The recorded sessions of Pyrate. A role is one original's part, "bootstrap" or "client 1" and so on in the order in
 * which they came.
 */
import { Recording } from "@peerage/testing"
import { bytesOf, type Connection, type Event, type Scenario, scenarios } from "../fixtures/Vectors.ts"

const happeningsOf = (event: Event): ReadonlyArray<Recording.Happening> => {
  const { from: by, t_ms: at } = event
  switch (event.kind) {
    case "data":
      return [{ at, by, what: bytesOf(event.hex) }]
    case "fin":
      return [{ at, by, what: "FIN" }]
    case "rst":
      return [{ at, by, what: "RST" }]
    default:
      return []
  }
}

const hostOf = (address: string): string => address.slice(0, address.indexOf(":"))
const registers = ({ events }: Connection): boolean =>
  events.some((event) => event.kind === "data" && event.from === "opener" && event.hex.startsWith("303a"))

/** Who was at the ends of a session's connections. A client begins with its registration, and is known by its letter. */
const cast = (connections: ReadonlyArray<Connection>): ReadonlyArray<Recording.Recorded["roles"]> => {
  const hosts: Array<string> = []
  const assigned: Array<Recording.Recorded["roles"]> = []
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

const read = ({ connections, name }: Scenario): Recording.Session => {
  const roles = cast(connections)
  const names = new Set(
    roles.flatMap(({ acceptor, opener }) => [acceptor, opener]).filter((role) => role !== undefined)
  )
  return {
    name,
    roles: [...names].map((name) => ({ name })),
    connections: connections.map(({ acceptor, events, opener }, index) => {
      const happenings = events.flatMap(happeningsOf)
      return {
        number: index + 1,
        opener,
        acceptor,
        roles: roles[index] ?? { opener: undefined, acceptor: undefined },
        refused: happenings.every(({ by, what }) => by === "acceptor" && what === "RST"),
        openedAt: events[0]?.t_ms ?? 0,
        happenings
      }
    })
  }
}

/** All recorded sessions. */
export const sessions: ReadonlyArray<Recording.Session> = scenarios.map(read)

/** The first thing that the opener of a connection said. */
export const saidOn = ({ happenings }: Recording.Recorded): string => {
  const [first] = Recording.segmentsOf(happenings, "opener")
  return first === undefined ? "" : Buffer.from(first.bytes).toString("latin1")
}

/** Where an original listened; where the recording does not say, the usual place, unless somebody else was there. */
export const placeIn = ({ connections }: Recording.Session, { name }: Recording.Role): string => {
  const known = connections.find(({ acceptor, roles }) =>
    roles.acceptor === name && !connections.some(({ opener }) => opener === acceptor)
  )
  const taken = connections.some(({ acceptor }) => acceptor === "127.0.0.1:63339")
  return known?.acceptor ?? (taken ? "127.0.0.1:63340" : "127.0.0.1:63339")
}
