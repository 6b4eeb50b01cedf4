/** Our own peer in the role of a recorded original: with the same ports, the same password, and the same to say. */
import { AuthPeer, JoinPeer, PeerAddress } from "@peerage/pyile"
import type { Transport } from "@peerage/transport"
import { Effect, Redacted, Schema, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Recording from "./Recording.ts"
import type { Recorded, Session } from "./Recording.ts"

/** What both kinds of peer can do. */
export type Actor = Pick<AuthPeer.AuthPeerService | JoinPeer.JoinPeerService, "send" | "broadcast">

const inet = NetAddress.inetAddressFromStringUnsafe
const portOf = (address: string): number => inet(address).port
const hostOf = (address: string): string => NetAddress.formatHost(inet(address))

/** The peer that plays `role`, with the ports that the original had. */
export const enter = (
  session: Session,
  role: string
): Effect.Effect<Actor, unknown, Transport.Transport | Scope.Scope> => {
  const own = session.roles.get(role)
  const host = session.roles.get("auth")
  if (own === undefined || host === undefined) return Effect.die(`nobody played ${role} in ${session.name}`)
  const common = { alias: Recording.aliasOf(role), chatPort: portOf(own.chat) }
  return role === "auth"
    ? AuthPeer.make({
      ...common,
      listen: own.auth,
      distPort: portOf(own.dist),
      password: Redacted.make(Recording.password),
      attempts: Recording.attemptsIn(session)
    })
    : JoinPeer.make({
      ...common,
      host: host.auth,
      listen: hostOf(own.auth),
      authPort: portOf(own.auth),
      password: Redacted.make(Recording.passwordOf(session, role))
    })
}

const decodeMessage = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ data: Schema.Json, to: Schema.Json }))
)

/** Says what the original said on a connection; a broadcast once for all its connections, which `said` remembers. */
export const speak = (actor: Actor, { happenings, server }: Recorded, said: Set<string>): Effect.Effect<unknown> => {
  const text = happenings.flatMap(({ what }) => what._tag === "Data" ? [what.text] : [])[0]
  const { data, to } = text === undefined ? { data: "anybody there?", to: server } : decodeMessage(text)
  const key = JSON.stringify(data)
  if (to !== "Broadcast") return Effect.ignore(actor.send(PeerAddress.at(hostOf(server), portOf(server)), data))
  if (said.has(key)) return Effect.void
  said.add(key)
  return Effect.ignore(actor.broadcast(data))
}
