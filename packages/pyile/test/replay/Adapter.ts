/** Our own peer in the role of a recorded original: with the same ports, the same password, and the same to say. */
import { AuthPeer, JoinPeer, PeerAddress } from "@peerage/pyile"
import { Harness, type Recording, Script, Transcript, Verdict } from "@peerage/testing"
import type { Transport } from "@peerage/transport"
import { Effect, Redacted, Schema, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Recorded from "./Recording.ts"
import type { Role, Session } from "./Recording.ts"

/** What both kinds of peer can do. */
type Ours = Pick<AuthPeer.AuthPeerService | JoinPeer.JoinPeerService, "send" | "broadcast">

const inet = NetAddress.inetAddressFromStringUnsafe
const portOf = (address: string): number => inet(address).port
const hostOf = (address: string): string => NetAddress.formatHost(inet(address))

/** The peer that plays a role, with the ports that the original had. */
const make = (session: Session, role: Role): Effect.Effect<Ours, unknown, Transport.Transport | Scope.Scope> => {
  const common = { alias: Recorded.aliasOf(role), chatPort: portOf(role.chat) }
  return role.name === "auth"
    ? AuthPeer.make({
      ...common,
      listen: role.auth,
      distPort: portOf(role.dist),
      password: Redacted.make(Recorded.password),
      attempts: Recorded.attemptsIn(session)
    })
    : JoinPeer.make({
      ...common,
      host: session.roles.find(({ name }) => name === "auth")?.auth ?? "",
      listen: hostOf(role.auth),
      authPort: portOf(role.auth),
      password: Redacted.make(Recorded.passwordOf(session, role))
    })
}

const decodeMessage = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ data: Schema.Json, to: Schema.Json }))
)

/** Says what the original said on a connection; a broadcast once for all its connections, which `said` remembers. */
const speak = (connection: Recorded.Recorded, said: Set<string>) => (ours: Ours): Effect.Effect<unknown, unknown> => {
  const { acceptor } = connection
  const [text] = Recorded.textsOf(connection, "opener")
  const { data, to } = text === undefined ? { data: "anybody there?", to: acceptor } : decodeMessage(text)
  const key = JSON.stringify(data)
  if (to !== "Broadcast") return ours.send(PeerAddress.at(hostOf(acceptor), portOf(acceptor)), data)
  if (said.has(key)) return Effect.void
  said.add(key)
  return ours.broadcast(data)
}

const decoder = new TextDecoder()
const brief = (text: string): string => text.replace(/x{9,}/, ({ length }) => `${length} x`)

/** What one end of a connection sent. The time of a segment counts from the segment before it, whichever end sent that. */
const tokens = (happenings: ReadonlyArray<Recording.Happening>, side: Recording.Side, dialer: string) => {
  const said: Array<Transcript.Token> = []
  let before: number | undefined
  for (const { at, by, what } of happenings) {
    const key = typeof what !== "string" ? decoder.decode(what) : what === "SYN" ? `SYN from ${hostOf(dialer)}` : what
    if (by === side) said.push({ at: at - (before ?? at), key, extended: key, text: brief(key) })
    if (what !== "FIN" && what !== "RST") before = at
  }
  return said
}

// The recorded machine was busy now and then, and a simulated peer takes no time at all: early is only what is earlier
// than such a pause. The time of an end contains two of them.
const toleranceFor = ({ key }: Transcript.Token): Transcript.Tolerance => ({
  late: key === "FIN" || key === "RST" ? 100 : 50,
  early: 250
})

/** Replays a session with our peer in a role. */
export const replay = Effect.fnUntraced(function*(session: Session, role: Role) {
  const harness = yield* Harness.make<Ours>()(session, role)
  const said = new Set<string>()
  yield* Harness.listen(harness)
  const begin = Harness.start(harness, role.auth, make(session, role))
  const open = ({ connection }: Harness.Scene<Recorded.Recorded>) =>
    connection.purpose === "auth"
      ? begin
      : connection.purpose === "chat"
      ? Harness.act(harness, speak(connection, said))
      : Effect.void
  if (role.name === "auth") yield* begin
  // An original without members did this alone, and it raised.
  if (harness.scenes.length === 0) yield* Harness.act(harness, (ours) => ours.broadcast("hello"))
  const trace = yield* Script.run(harness, [
    ...Script.make(harness, { open, patience: 300, answering: false }),
    ...Harness.leaveAt(harness, Recorded.departureOf(session, role))
  ])
  const { connections, unrecorded } = Verdict.replayed(harness, trace)
  return {
    differences: connections.flatMap(({ connection: { number, opener }, dialer, is, side, was }) =>
      Verdict.differences(
        number,
        Transcript.compare(tokens(was, side, opener), tokens(is, side, dialer), toleranceFor)
      )
    ),
    faults: unrecorded
  }
})
