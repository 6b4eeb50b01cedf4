/**
 * The recorded sessions of Pyile. The roles are "auth" for the host and "join1", "join2", ... for each joiner in the
 * order in which they were started.
 */
import { Recording } from "@peerage/testing"
import { Schema } from "effect"
import { type Event, type Vector, vectors } from "../fixtures/Vectors.ts"

/** One recorded connection. */
export interface Recorded extends Recording.Recorded {
  readonly purpose: "auth" | "dist" | "chat"
}

/** One original, and where it took what. */
export interface Role extends Recording.Role {
  readonly auth: string
  readonly chat: string
  readonly dist: string
}

export type Session = Recording.Session<Recorded, Role>

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The segments that one end sent, as text. */
export const textsOf = ({ happenings }: Recorded, side: Recording.Side): ReadonlyArray<string> =>
  Recording.segmentsOf(happenings, side).map(({ bytes }) => decoder.decode(bytes))

const rolesOf = (vector: Vector): ReadonlyArray<Role> => {
  const found = new Map<string, Role>()
  for (const [address, names] of Object.entries(vector.roles ?? {})) {
    for (const label of names.split("|")) {
      const [name = "", purpose = ""] = label.split(".")
      found.set(name, { name, auth: "", chat: "", dist: "", ...found.get(name), [purpose]: address })
    }
  }
  return [...found.values()]
}

const filler = /x{9,}/

/** What a segment said. One too long to be recorded was more of the same filler as the ones before it. */
const textOf = (event: Event, vector: Vector): string => {
  if (event.utf8 !== undefined) return event.utf8
  const like = vector.connections.flatMap(({ events }) => events).find(({ utf8 }) => utf8?.startsWith(`{"data": "xxx`))
  const text = like?.utf8 ?? ""
  const wanted = (event.len ?? 0) - text.replace(filler, "").length
  return text.replace(filler, "x".repeat(wanted))
}

/** The recording calls them client and server. */
const sides = { client: "opener", server: "acceptor" } as const

const happeningOf = (event: Event, vector: Vector): Recording.Happening => ({
  at: event.ms,
  by: sides[event.from],
  what: event.tcp === "FIN" || event.tcp === "RST" ? event.tcp : encoder.encode(textOf(event, vector))
})

const sender = /"from": \["([^"]+)", (\d+)\]\}$/
const claim = /"peer_address": \["([^"]+)", (\d+)\]/

/**
 * Who dialed. Several joiners may have had one auth address, one after the other: their claims tell them apart. A chat
 * connection comes from any port: its message tells, and where there is none it was the first joiner's.
 */
const openerOf = (client: string, texts: ReadonlyArray<string>, roles: ReadonlyArray<Role>): string => {
  const candidates = roles.filter(({ auth, dist }) => auth === client || dist === client)
  const [first] = candidates
  if (candidates.length === 1 && first !== undefined) return first.name
  const named = texts.map((text) => claim.exec(text) ?? sender.exec(text)).find((match) => match !== null)
  return roles.find(({ chat }) => chat === `${named?.[1]}:${named?.[2]}`)?.name ?? "join1"
}

const read = (vector: Vector): Session => {
  const roles = rolesOf(vector)
  const host = roles.find(({ name }) => name === "auth")
  const connections = vector.connections.map(({ client, events, open_ms, server }, index): Recorded => {
    const happenings = events.map((event) => happeningOf(event, vector))
    const texts = Recording.segmentsOf(happenings, "opener").map(({ bytes }) => decoder.decode(bytes))
    const acceptor = roles.find(({ auth, chat, dist }) => [auth, chat, dist].includes(server))?.name
    return {
      number: index + 1,
      opener: client,
      acceptor: server,
      purpose: server === host?.auth ? "auth" : server === host?.dist ? "dist" : "chat",
      roles: { opener: openerOf(client, texts, roles), acceptor },
      refused: acceptor === undefined,
      openedAt: open_ms,
      happenings
    }
  })
  return { name: vector.name, roles, connections }
}

/** All recorded sessions. */
export const sessions: ReadonlyArray<Session> = vectors.map(read)

/** Wrong passwords that the recorded host allowed. */
export const attemptsIn = ({ name }: Session): number =>
  name.startsWith("ban_limit_") ? Number(name.slice(-1)) : name === "limbo_reset" ? 2 : 3

/** The password of all recorded hosts. */
export const password = "p\u00e4ssword \u2713"

const decodePassword = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Struct({ shadow: Schema.String })))

/** The password that a joiner tried; the right one where it was not asked. */
export const passwordOf = ({ connections }: Session, { name }: Role): string => {
  const texts = connections.flatMap((connection) =>
    connection.roles.opener === name ? textsOf(connection, "opener") : []
  )
  const tried = texts.find((text) => text.startsWith(`{"shadow"`))
  return tried === undefined ? password : decodePassword(tried).shadow
}

/** What each role called itself. */
export const aliasOf = ({ name }: Role): string => name === "auth" ? "admin" : name === "join1" ? "bob" : "carol"

/**
 * When a role left, or its process ended, where it did so by itself: the one thing that the wire does not always show
 * at once.
 */
const departures: { readonly [session: string]: { readonly [role: string]: number } } = {
  join_heartbeat: { auth: 7397 },
  wrong_password: { auth: 1320 },
  limbo_reset: { auth: 3180 },
  two_joiners_leave_rejoin: { auth: 14_420, join1: 5775 },
  chat: { auth: 5528 },
  chat_2048: { auth: 3087 },
  auth_leave: { auth: 3071 },
  auth_killed: { auth: 3060 },
  join_killed: { join1: 3053 }
}

/** When a role left by itself; `undefined` where it only followed others. */
export const departureOf = (session: Session, role: Role): number | undefined => departures[session.name]?.[role.name]
