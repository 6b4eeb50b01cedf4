/**
 * The recorded sessions of PeerPy with connections. A role is one original's part; every one listens somewhere, be it
 * that nobody came.
 */
import { Recording } from "@peerage/testing"
import { bytesOf, type Connection, type DriverEvent, type Event, type Vector, vectors } from "../fixtures/Vectors.ts"
import * as Bulk from "./Bulk.ts"
import { cut, frameSize, type Message } from "./Messages.ts"

/** One recorded connection. */
export interface Recorded extends Recording.Recorded {
  /** Bytes of a frame where it is a stream, else 0. */
  readonly frame: number
}

/** One original, named as in the session, with the port where there are several of that name. */
export interface Role extends Recording.Role {
  /** Where it listens. */
  readonly address: string
  /** What its application was told; `undefined` where that was not recorded. */
  readonly told: ReadonlyArray<DriverEvent> | undefined
}

export type Session = Recording.Session<Recorded, Role>

/** The recording calls them client and server. */
const sides = { client: "opener", server: "acceptor" } as const

const happeningOf = (event: Event): Recording.Happening => {
  const { from, ms: at } = event
  const by = sides[from]
  if ("tcp" in event) return { at, by, what: event.tcp }
  return { at, by, what: "hex" in event ? bytesOf(event.hex) : Bulk.bytes(event.len) }
}

const dialerOf = ({ events, opened_by }: Connection, { roles }: Vector): string | undefined => {
  const first = events.find(({ from }) => from === "client")
  const hello = first !== undefined && "hex" in first ? Buffer.from(bytesOf(first.hex)).toString("latin1") : ""
  const named = /peer_name=(?<name>[^&|]+)/.exec(hello)?.groups?.["name"]
  return named ?? Object.keys(roles).find((address) => roles[address] === opened_by)
}

const connectionOf =
  (vector: Vector, roles: ReadonlyArray<Role>) => (connection: Connection, index: number): Recorded => {
    const { client, events, open_ms, server } = connection
    const happenings = Bulk.complete(connection, events.map(happeningOf))
    const segments = happenings.flatMap(({ at, what }) => typeof what === "string" ? [] : [{ at, bytes: what }])
    const isStream = segments.some(({ bytes }) => Buffer.from(bytes).toString("latin1").includes("&stream=True"))
    const named = (address: string | undefined) => roles.find((role) => role.address === address)?.name
    return {
      number: index + 1,
      opener: client,
      acceptor: server,
      roles: { opener: named(dialerOf(connection, vector)), acceptor: named(server) },
      refused: happenings[0]?.by === "acceptor",
      openedAt: open_ms,
      happenings,
      frame: isStream ? frameSize(segments) : 0
    }
  }

/** Where several have one name, what applications were told is that of the last. */
const rolesOf = ({ driver_events, roles }: Vector): ReadonlyArray<Role> => {
  const all = Object.entries(roles)
  return all.map(([address, label]) => {
    const [name = label] = label.split(" ", 1)
    const alike = all.filter(([, other]) => other.split(" ", 1)[0] === name)
    const isLast = alike.at(-1)?.[0] === address
    const port = address.slice(address.indexOf(":") + 1)
    return {
      name: alike.length === 1 ? name : `${name} ${port}`,
      address,
      told: isLast ? driver_events[label] : undefined
    }
  })
}

/** All recorded sessions with connections. */
export const sessions: ReadonlyArray<Session> = vectors
  .filter(({ connections }) => connections.length > 0)
  .map((vector) => {
    const roles = rolesOf(vector)
    return { name: vector.name, roles, connections: vector.connections.map(connectionOf(vector, roles)) }
  })

/** What a side of a connection said. */
export const messagesOf = ({ frame, happenings }: Recorded, side: Recording.Side): ReadonlyArray<Message> =>
  cut(Recording.segmentsOf(happenings, side), frame)
