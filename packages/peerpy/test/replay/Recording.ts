/**
 * A recorded session of the originals, read as a play: who dialed whom, which original was at which end, and what each
 * end then sent. A role is one original's part; every one listens somewhere, be it that nobody came.
 */
import { bytesOf, type Connection, type DriverEvent, type Event, type Vector, vectors } from "../fixtures/Vectors.ts"
import * as Bulk from "./Bulk.ts"
import { cut, frameSize, type Message } from "./Messages.ts"

/** An end of a connection. */
export type Side = "client" | "server"

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
  /** The addresses of its ends. */
  readonly client: string
  readonly server: string
  /** The listening address of whoever dialed. */
  readonly dialer: string | undefined
  readonly openedAt: number
  readonly happenings: ReadonlyArray<Happening>
  /** Bytes of a frame where it is a stream, else 0. */
  readonly frame: number
}

/** One original. */
export interface Role {
  /** Its name in the session, with the port where there are several of that name. */
  readonly name: string
  /** Where it listens. */
  readonly address: string
  /** What its application was told; `undefined` where that was not recorded. */
  readonly told: ReadonlyArray<DriverEvent> | undefined
}

/** A session of the originals. */
export interface Session {
  readonly name: string
  readonly roles: ReadonlyArray<Role>
  readonly connections: ReadonlyArray<Recorded>
}

const happeningsOf = (event: Event): ReadonlyArray<Happening> => {
  const { from: by, ms: at } = event
  if ("tcp" in event) return [{ at, by, what: { _tag: event.tcp } }]
  const bytes = "hex" in event ? bytesOf(event.hex) : Bulk.bytes(event.len)
  return [{ at, by, what: { _tag: "Data", bytes } }]
}

const pieces = (happenings: ReadonlyArray<Happening>, side: Side | "both") =>
  happenings.flatMap(({ at, by, what }) =>
    what._tag === "Data" && (side === "both" || by === side) ? [{ at, bytes: what.bytes }] : []
  )

const dialerOf = ({ events, opened_by }: Connection, { roles }: Vector): string | undefined => {
  const first = events.find(({ from }) => from === "client")
  const hello = first !== undefined && "hex" in first ? Buffer.from(bytesOf(first.hex)).toString("latin1") : ""
  const named = /peer_name=(?<name>[^&|]+)/.exec(hello)?.groups?.["name"]
  return named ?? Object.keys(roles).find((address) => roles[address] === opened_by)
}

const connectionOf = (connection: Connection, index: number, vector: Vector): Recorded => {
  const happenings = Bulk.complete(connection, connection.events.flatMap(happeningsOf))
  const both = pieces(happenings, "both")
  const isStream = both.some(({ bytes }) => Buffer.from(bytes).toString("latin1").includes("&stream=True"))
  return {
    number: index + 1,
    client: connection.client,
    server: connection.server,
    dialer: dialerOf(connection, vector),
    openedAt: connection.open_ms,
    happenings,
    frame: isStream ? frameSize(both) : 0
  }
}

/** Where several have one name, what applications were told is that of the last. */
const rolesOf = ({ driver_events, roles }: Vector): ReadonlyArray<Role> => {
  const all = Object.entries(roles)
  return all.map(([address, label], index) => {
    const [name = label] = label.split(" ", 1)
    const alike = all.filter(([, other]) => other.split(" ", 1)[0] === name)
    const isLast = alike.at(-1)?.[0] === address
    const port = address.slice(address.indexOf(":") + 1)
    return {
      name: alike.length === 1 ? name : `${name} ${port}`,
      address,
      told: isLast ? driver_events[label] : undefined,
      index
    }
  })
}

/** All recorded sessions with connections. */
export const sessions: ReadonlyArray<Session> = vectors
  .filter(({ connections }) => connections.length > 0)
  .map((vector) => ({
    name: vector.name,
    roles: rolesOf(vector),
    connections: vector.connections.map((connection, index) => connectionOf(connection, index, vector))
  }))

/** The end of a connection at which a role was; `undefined` where it was at neither. */
export const sideOf = ({ address }: Role, { dialer, server }: Recorded): Side | undefined =>
  server === address ? "server" : dialer === address ? "client" : undefined

/** What a side of a connection said. */
export const messagesOf = ({ frame, happenings }: Recorded, side: Side): ReadonlyArray<Message> =>
  cut(pieces(happenings, side), frame)

/** A role in its session, in words. */
export const placeOf = ({ name }: Session, role: Role): string => `${name} as ${role.name}`
