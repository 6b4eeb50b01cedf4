/**
 * A recorded session of the originals, read as a play: who dialed whom, what for, and what each of them then sent. The
 * roles are "auth" for the host and "join1", "join2", ... for each joiner in the order in which they were started.
 */
import { Schema } from "effect"
import { type Event, type Vector, vectors } from "../fixtures/Vectors.ts"

/** One segment, FIN or RST. Times are milliseconds since the session began. */
export interface Happening {
  readonly at: number
  readonly by: "client" | "server"
  readonly what: { readonly _tag: "Data"; readonly text: string } | { readonly _tag: "FIN" } | { readonly _tag: "RST" }
}

/** One recorded connection. */
export interface Recorded {
  readonly client: string
  readonly server: string
  readonly purpose: "auth" | "dist" | "chat"
  /** Role that dialed. */
  readonly opener: string
  /** Role that listened; `undefined` where nobody did. */
  readonly listener: string | undefined
  readonly openedAt: number
  readonly happenings: ReadonlyArray<Happening>
}

/** Where a role takes what. */
export interface Addresses {
  readonly auth: string
  readonly chat: string
  readonly dist: string
}

/** A session of the originals. */
export interface Session {
  readonly name: string
  readonly roles: ReadonlyMap<string, Addresses>
  readonly connections: ReadonlyArray<Recorded>
}

const addressesOf = (vector: Vector): ReadonlyMap<string, Addresses> => {
  const found = new Map<string, Addresses>()
  for (const [address, names] of Object.entries(vector.roles ?? {})) {
    for (const name of names.split("|")) {
      const [role = "", purpose = ""] = name.split(".")
      found.set(role, { auth: "", chat: "", dist: "", ...found.get(role), [purpose]: address })
    }
  }
  return found
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

const happening = (event: Event, vector: Vector): Happening => ({
  at: event.ms,
  by: event.from,
  what: event.tcp === "FIN" || event.tcp === "RST" ? { _tag: event.tcp } : { _tag: "Data", text: textOf(event, vector) }
})

const sender = /"from": \["([^"]+)", (\d+)\]\}$/
const claim = /"peer_address": \["([^"]+)", (\d+)\]/

/**
 * Who dialed. Several joiners may have had one auth address, one after the other: their claims tell them apart. A chat
 * connection comes from any port: its message tells, and where there is none it was the first joiner's.
 */
const openerOf = (client: string, texts: ReadonlyArray<string>, roles: ReadonlyMap<string, Addresses>): string => {
  const candidates = [...roles].filter(([, { auth, dist }]) => auth === client || dist === client)
  const [first] = candidates
  if (candidates.length === 1 && first !== undefined) return first[0]
  const named = texts.map((text) => claim.exec(text) ?? sender.exec(text)).find((match) => match !== null)
  const chat = `${named?.[1]}:${named?.[2]}`
  return [...roles].find(([, addresses]) => addresses.chat === chat)?.[0] ?? "join1"
}

const purposeOf = (server: string, auth: Addresses | undefined): Recorded["purpose"] =>
  server === auth?.auth ? "auth" : server === auth?.dist ? "dist" : "chat"

const read = (vector: Vector): Session => {
  const roles = addressesOf(vector)
  const connections = vector.connections.map(({ client, events, open_ms, server }): Recorded => {
    const happenings = events.map((event) => happening(event, vector))
    const texts = happenings.flatMap(({ by, what }) => by === "client" && what._tag === "Data" ? [what.text] : [])
    return {
      client,
      server,
      purpose: purposeOf(server, roles.get("auth")),
      opener: openerOf(client, texts, roles),
      listener: [...roles].find(([, addresses]) => Object.values(addresses).includes(server))?.[0],
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
export const passwordOf = ({ connections }: Session, role: string): string => {
  const texts = connections.filter(({ opener }) => opener === role)
    .flatMap(({ happenings }) => happenings)
    .flatMap(({ what }) => what._tag === "Data" && what.text.startsWith(`{"shadow"`) ? [what.text] : [])
  return texts[0] === undefined ? password : decodePassword(texts[0]).shadow
}

/** What each role called itself. */
export const aliasOf = (role: string): string => role === "auth" ? "admin" : role === "join1" ? "bob" : "carol"

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
export const departureOf = (session: Session, role: string): number | undefined => departures[session.name]?.[role]
