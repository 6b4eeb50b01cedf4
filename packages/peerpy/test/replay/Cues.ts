/**
 * What the applications of recorded originals did and were told. What they did is read off the wire, but for how they
 * ended: the wire does not tell a close from the end of a program.
 */
import { Recording, Transcript } from "@peerage/testing"
import type { DriverEvent } from "../fixtures/Vectors.ts"
import { digestOf } from "./Messages.ts"
import { messagesOf, type Recorded, type Role, type Session } from "./Recording.ts"

/** How a role asked for a connection; `undefined` where it ended it without asking. */
export const wishOf = (connection: Recorded) => {
  const hello = messagesOf(connection, "opener").find(({ header }) => header?.startsWith("HELLO|") === true)?.header
  // Nobody was there to hear the one that was refused.
  if (hello === undefined) return connection.refused ? { type: "json" as const } : undefined
  const type = (["raw", "json", "bytes"] as const).find((type) => hello.includes(`&data_type=${type}&`)) ?? "json"
  return { type, strict: !hello.includes("&strict=False"), stream: hello.includes("&stream=True") }
}

/** A value that a role sent. */
export interface Line {
  readonly at: number
  /** What its header says of it; `undefined` of a bare frame. */
  readonly type: "raw" | "json" | "bytes" | undefined
  /** `undefined` where the connection broke at the header: what was to follow nobody knows. */
  readonly payload: Uint8Array | undefined
}

/** What a side sent, in order. */
export const linesOf = (connection: Recorded, side: Recording.Side): ReadonlyArray<Line> =>
  messagesOf(connection, side).flatMap(({ at, header, payload }): ReadonlyArray<Line> => {
    if (header === undefined) return [{ at, type: undefined, payload }]
    const type = (["raw", "json", "bytes"] as const).find((type) => header.endsWith(`&data_type=${type}`))
    if (!header.startsWith("DATA|") || type === undefined) return []
    return [{ at, type, payload: payload.length === 0 && !header.includes("data_size=0&") ? undefined : payload }]
  })

/** The end of one connection, by its number, of the peer, or of the program, which tells its application nothing. */
export interface Ending {
  readonly at: number
  readonly of: number | "peer" | "program"
}

/** Endings that show otherwise, or not at all, on the wire: an original closes when its reader next wakes up. */
const endings: { readonly [session: string]: { readonly [role: string]: ReadonlyArray<Ending> } } = {
  deny: {},
  deny_none: {},
  connect_errors: {},
  close_by_connector: { alice: [{ at: 298, of: 1 }] },
  close_by_listener: { bob: [{ at: 299, of: 1 }] },
  close_force: { alice: [{ at: 301, of: 1 }] },
  stop: { bob: [{ at: 300, of: "peer" }], alice: [{ at: 3909, of: "program" }] },
  max_connections: { alice: [{ at: 1473, of: 1 }], bob: [{ at: 5880, of: "program" }] }
}

/** When a role ended what. Elsewhere the last thing that it did was to end its program. */
export const endingsOf = ({ connections, name }: Session, role: Role): ReadonlyArray<Ending> => {
  const known = endings[name]
  if (known !== undefined) return known[role.name] ?? []
  const ends = connections.flatMap((connection) =>
    connection.happenings.flatMap(({ at, by, what }) =>
      typeof what === "string" && by === Recording.sideOf(role, connection) ? [at] : []
    )
  )
  return ends.length === 0 ? [] : [{ at: Math.max(...ends), of: "program" }]
}

type Got = Exclude<DriverEvent["data"], undefined>

/** A value as an original's application got it: bytes by their digest, what JSON has as JSON, all else as Python. */
const describeGot = ({ b64, len, repr, sha256, type, value }: Got): string => {
  if (type === "bytes") return `${len ?? 0} bytes ${(sha256 ?? b64 ?? "").slice(0, 8)}`
  return value === undefined ? repr ?? "" : brief(JSON.stringify(value))
}

const brief = (words: string) =>
  words.length > 400 ? `${words.length} characters ${digestOf(words).slice(0, 8)}` : words

/** A value of ours in the same words. */
export const describeValue = (value: unknown): string => {
  if (value instanceof Uint8Array) return `${value.length} bytes ${digestOf(value).slice(0, 8)}`
  if (value === Infinity || value === -Infinity) return value > 0 ? "inf" : "-inf"
  return value instanceof Set ? `{${[...value].join(", ")}}` : brief(JSON.stringify(plain(value)))
}

/** What JSON can say of a value. */
const plain = (value: unknown): unknown => {
  if (typeof value === "bigint") return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]))
  if (typeof value !== "object" || value === null) return value
  if ("items" in value) return plain(value.items)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

const words: { readonly [event: string]: string } = {
  offer: "OFFER",
  connection: "CONNECTED",
  data: "GOT",
  close: "CLOSED"
}

/**
 * What a role's application was told; `undefined` where that was not recorded. Its times are those of its own clock,
 * which is set by the first thing that shows on the wire as well.
 */
export const toldTo = (session: Session, role: Role): ReadonlyArray<Transcript.Token> | undefined => {
  const { told } = role
  if (told === undefined) return undefined
  const first = told.find(({ event }) => event === "offer" || event === "connection")
  const ahead = (first?.t ?? 0) - (beginningOf(session, role) ?? 0)
  return told.flatMap(({ conn, data, event, t }) => {
    const word = words[event]
    if (word === undefined) return []
    const peer = typeof conn === "string" ? conn : conn?.target ?? "nobody"
    const value = data === undefined ? "" : `: ${describeGot(data)}`
    return [Transcript.bare(t - ahead, `${word} ${peer}${value}`)]
  })
}

/** When the first HELLO came to a role, or the first ACCEPT. */
const beginningOf = ({ connections }: Session, role: Role): number | undefined => {
  const heard = connections.flatMap((connection) => {
    const side = Recording.sideOf(role, connection)
    if (side === undefined) return []
    return messagesOf(connection, Recording.otherSide(side)).filter(({ header }) =>
      /^(?:HELLO|ACCEPT)/.test(header ?? "")
    ).map(({ at }) => at)
  })
  return heard.length === 0 ? undefined : Math.min(...heard)
}
