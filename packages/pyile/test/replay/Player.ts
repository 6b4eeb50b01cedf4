/**
 * Plays a recorded session with one role given to our own peer. Everybody else follows the recording: dials from the
 * recorded addresses, sends the recorded segments at their recorded times, ends connections as they were ended. The
 * originals were recorded on one machine's loopback addresses, so that is where this happens too.
 */
import { AuthPeer, JoinPeer, PeerAddress } from "@peerage/pyile"
import { MemoryNetwork, MemoryTransport, type Pipe, Transport } from "@peerage/transport"
import { Effect, Exit, Fiber, Queue, Redacted, Schema, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { elapse, settle } from "../peer/Network.ts"
import * as Recording from "./Recording.ts"
import type { Happening, Recorded, Session } from "./Recording.ts"
import * as Transcript from "./Transcript.ts"

/** A recorded connection while it is replayed, seen from the scripted side. */
interface Scene {
  readonly connection: Recorded
  pipe: Pipe.Pipe | undefined
  conversation: Transcript.Conversation | undefined
  heard: number
  expected: number
  over: boolean
}

type Ours = Pick<AuthPeer.AuthPeerService | JoinPeer.JoinPeerService, "send" | "broadcast">

const inet = NetAddress.inetAddressFromStringUnsafe
const portOf = (address: string): number => inet(address).port
const hostOf = (address: string): string => NetAddress.formatHost(inet(address))
const encoder = new TextEncoder()
const decodeMessage = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ data: Schema.Json, to: Schema.Json }))
)

/** The peer that plays `role`, with the ports that the original had. */
const actor = (session: Session, role: string): Effect.Effect<Ours, unknown, Transport.Transport | Scope.Scope> => {
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

interface Step {
  readonly at: number
  readonly act: Effect.Effect<unknown, never, MemoryNetwork.MemoryNetwork | Scope.Scope>
}

// What ours may take longer than the original before the play goes on without it.
const patience = 300
const glance = 10

/** Replays a session and returns where our peer in `role` differs from the original. */
export const replay = Effect.fnUntraced(function*(session: Session, role: string) {
  const transport = yield* MemoryTransport.make("10.0.0.1")
  const stage = yield* Effect.scope
  const life = yield* Scope.fork(stage)
  const start = Effect.forkScoped(Scope.provide(actor(session, role), life)).pipe(
    Effect.provideService(Transport.Transport, transport)
  )
  let ours: Fiber.Fiber<Ours, unknown> | undefined
  let elapsed = 0
  let delay = 0

  const scenes = session.connections
    .filter(({ listener, opener }) => opener === role || listener === role)
    .map((connection): Scene => ({
      connection,
      pipe: undefined,
      conversation: undefined,
      heard: 0,
      expected: 0,
      over: false
    }))
  const arrivals = new Map<string, Queue.Dequeue<Pipe.Pipe>>()
  for (const { connection: { listener, server } } of scenes) {
    if (listener === role || listener === undefined || arrivals.has(server)) continue
    arrivals.set(server, (yield* transport.listen(inet(server))).accepted)
  }

  /** Gives our peer time to do something, no more than it needs. What it takes longer delays all that follows. */
  const allow = (done: Effect.Effect<boolean>) =>
    Effect.gen(function*() {
      yield* settle
      const before = elapsed
      while (!(yield* done)) {
        // Not delayed but left out: the play catches up.
        if (elapsed - before >= patience) return
        yield* elapse(glance)
        yield* settle
        elapsed += glance
      }
      delay += elapsed - before
    })

  const adopt = (scene: Scene, pipe: Pipe.Pipe) => {
    const [client, server] = [pipe.local, pipe.remote].map(NetAddress.formatInet)
    const [from = "", to = ""] = scene.connection.opener === role ? [server, client] : [client, server]
    const nth = scenes.filter(({ conversation }) => conversation?.client === from && conversation.server === to).length
    scene.conversation = { client: from, server: to, nth }
    scene.pipe = pipe
    const readable = () => {
      for (const chunk of pipe.take() ?? []) scene.heard += chunk.length
    }
    pipe.observe({ readable, drained: () => {}, closed: () => {} })
  }

  const dial = (scene: Scene) =>
    Effect.gen(function*() {
      const { client, server } = scene.connection
      const from = { host: inet(client).address, port: portOf(client) }
      const pipe = yield* Effect.option(transport.connect(inet(server), { from }))
      if (pipe._tag === "Some") adopt(scene, pipe.value)
    })

  const said = new Set<string>()
  /** Has our peer say what the original said on this connection; a broadcast once for all its connections. */
  const speak = ({ connection: { happenings, server } }: Scene) =>
    Effect.gen(function*() {
      if (ours === undefined) return
      const peer = yield* Fiber.join(ours)
      const text = happenings.flatMap(({ what }) => what._tag === "Data" ? [what.text] : [])[0]
      const { data, to } = text === undefined ? { data: "anybody there?", to: server } : decodeMessage(text)
      if (to !== "Broadcast") return yield* peer.send(PeerAddress.at(hostOf(server), portOf(server)), data)
      if (said.has(JSON.stringify(data))) return
      said.add(JSON.stringify(data))
      yield* peer.broadcast(data)
    }).pipe(Effect.ignore, Effect.forkScoped)

  const welcome = (scene: Scene) =>
    Effect.gen(function*() {
      const accepted = arrivals.get(scene.connection.server)
      if (scene.connection.purpose === "auth") ours = yield* start
      if (scene.connection.purpose === "chat") yield* speak(scene)
      if (accepted === undefined) return
      yield* allow(Effect.map(Queue.size(accepted), (size) => size > 0))
      const pipe = yield* Queue.poll(accepted)
      if (pipe._tag === "Some") adopt(scene, pipe.value)
    })

  const follow = (scene: Scene, { by, what }: Happening) =>
    Effect.gen(function*() {
      const mine = (by === "client") === (scene.connection.opener !== role)
      const { pipe } = scene
      if (pipe === undefined || scene.over) return
      if (!mine) {
        if (what._tag !== "Data") return
        scene.expected += encoder.encode(what.text).length
        return yield* allow(Effect.sync(() => scene.heard >= scene.expected))
      }
      if (what._tag === "Data") return void pipe.write([encoder.encode(what.text)])
      scene.over = true
      if (what._tag === "FIN") pipe.close()
      else pipe.reset()
    })

  const steps: Array<Step> = scenes.flatMap((scene) => [
    { at: scene.connection.openedAt, act: scene.connection.opener === role ? welcome(scene) : dial(scene) },
    ...scene.connection.happenings.map((happening) => ({ at: happening.at, act: follow(scene, happening) }))
  ])
  const departure = Recording.departureOf(session, role)
  if (departure !== undefined) steps.push({ at: departure, act: Scope.close(life, Exit.void) })

  if (role === "auth") ours = yield* start
  yield* settle
  if (scenes.length === 0 && ours !== undefined) {
    yield* Effect.flatMap(Fiber.join(ours), (peer) => peer.broadcast("hello"))
  }
  for (const { act, at } of steps.sort((a, b) => a.at - b.at)) {
    const due = Math.round(at) + delay - elapsed
    if (due > 0) {
      yield* elapse(due)
      elapsed += due
    }
    yield* settle
    yield* act
  }
  yield* settle
  const trace = yield* Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.trace)
  return scenes.flatMap(({ connection, conversation }) => {
    const side = connection.opener === role ? "client" : "server"
    const is = conversation === undefined ? [] : Transcript.replayed(trace, conversation, side)
    return Transcript.compare(session, role, connection.purpose, Transcript.recorded(connection, role), is)
  })
})
