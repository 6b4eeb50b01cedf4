/**
 * Plays a recorded session with one role given to our own peer. Everybody else follows the recording: dials from the
 * recorded addresses, sends the recorded segments at their recorded times, ends connections as they were ended. The
 * originals were recorded on one machine's loopback addresses, so that is where this happens too.
 */
import { MemoryNetwork, MemoryTransport, type Pipe, Transport } from "@peerage/transport"
import { Effect, Exit, Fiber, Queue, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { elapse, settle } from "../peer/Network.ts"
import * as Actor from "./Actor.ts"
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

/** A session while it is replayed. */
interface Play {
  readonly session: Session
  readonly role: string
  readonly transport: Transport.Transport["Service"]
  readonly scenes: ReadonlyArray<Scene>
  /** Connections that our peer has opened, by the address it dialed. */
  readonly arrivals: ReadonlyMap<string, Queue.Dequeue<Pipe.Pipe>>
  /** The life of our peer. */
  readonly life: Scope.Closeable
  readonly said: Set<string>
  ours: Fiber.Fiber<Actor.Actor, unknown> | undefined
  /** Milliseconds since the play began, and how many of them are more than the original took. */
  elapsed: number
  delay: number
}

const inet = NetAddress.inetAddressFromStringUnsafe
const encoder = new TextEncoder()

const prepare = Effect.fnUntraced(function*(session: Session, role: string) {
  const transport = yield* MemoryTransport.make("10.0.0.1")
  const life = yield* Scope.fork(yield* Effect.scope)
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
  const play: Play = {
    session,
    role,
    transport,
    scenes,
    arrivals,
    life,
    said: new Set(),
    ours: undefined,
    elapsed: 0,
    delay: 0
  }
  return play
})

/** Our peer enters. */
const enter = Effect.fnUntraced(function*(play: Play) {
  const entering = Scope.provide(Actor.enter(play.session, play.role), play.life)
  play.ours = yield* Effect.forkScoped(Effect.provideService(entering, Transport.Transport, play.transport))
})

// What ours may take longer than the original before the play goes on without it.
const patience = 300
const glance = 10

/** Gives our peer time to do something, no more than it needs. What it takes longer delays all that follows. */
const allow = Effect.fnUntraced(function*(play: Play, done: Effect.Effect<boolean>) {
  yield* settle
  const before = play.elapsed
  while (!(yield* done)) {
    // Not delayed but left out: the play catches up.
    if (play.elapsed - before >= patience) return
    yield* elapse(glance)
    yield* settle
    play.elapsed += glance
  }
  play.delay += play.elapsed - before
})

const until = Effect.fnUntraced(function*(play: Play, at: number) {
  const due = Math.round(at) + play.delay - play.elapsed
  if (due > 0) {
    yield* elapse(due)
    play.elapsed += due
  }
  yield* settle
})

/** Takes a connection as the one that was recorded. */
const adopt = (play: Play, scene: Scene, pipe: Pipe.Pipe) => {
  const [mine, yours] = [NetAddress.formatInet(pipe.local), NetAddress.formatInet(pipe.remote)]
  const [client, server] = scene.connection.opener === play.role ? [yours, mine] : [mine, yours]
  const same = ({ conversation }: Scene) => conversation?.client === client && conversation.server === server
  scene.conversation = { client, server, nth: play.scenes.filter(same).length }
  scene.pipe = pipe
  const readable = () => {
    for (const chunk of pipe.take() ?? []) scene.heard += chunk.length
  }
  pipe.observe({ readable, drained: () => {}, closed: () => {} })
}

/** Somebody dials our peer. */
const dial = Effect.fnUntraced(function*(play: Play, scene: Scene) {
  const client = inet(scene.connection.client)
  const from = { host: client.address, port: client.port }
  const pipe = yield* Effect.option(play.transport.connect(inet(scene.connection.server), { from }))
  if (pipe._tag === "Some") adopt(play, scene, pipe.value)
})

/** Our peer dials, or is told to. */
const welcome = Effect.fnUntraced(function*(play: Play, scene: Scene) {
  const { connection } = scene
  if (connection.purpose === "auth") yield* enter(play)
  if (connection.purpose === "chat" && play.ours !== undefined) {
    const speaking = Effect.flatMap(Fiber.join(play.ours), (actor) => Actor.speak(actor, connection, play.said))
    yield* Effect.forkScoped(speaking)
  }
  const accepted = play.arrivals.get(connection.server)
  if (accepted === undefined) return
  yield* allow(play, Effect.map(Queue.size(accepted), (size) => size > 0))
  const pipe = yield* Queue.poll(accepted)
  if (pipe._tag === "Some") adopt(play, scene, pipe.value)
})

/** Does what was recorded, or waits until our peer has said as much as the original. */
const follow = Effect.fnUntraced(function*(play: Play, scene: Scene, { by, what }: Happening) {
  const { pipe } = scene
  if (pipe === undefined || scene.over) return
  if ((by === "client") === (scene.connection.opener === play.role)) {
    if (what._tag !== "Data") return
    scene.expected += encoder.encode(what.text).length
    return yield* allow(play, Effect.sync(() => scene.heard >= scene.expected))
  }
  if (what._tag === "Data") return void pipe.write([encoder.encode(what.text)])
  scene.over = true
  if (what._tag === "FIN") pipe.close()
  else pipe.reset()
})

const script = (play: Play) => {
  const steps = play.scenes.flatMap((scene) => [
    {
      at: scene.connection.openedAt,
      act: scene.connection.opener === play.role ? welcome(play, scene) : dial(play, scene)
    },
    ...scene.connection.happenings.map((happening) => ({ at: happening.at, act: follow(play, scene, happening) }))
  ])
  const departure = Recording.departureOf(play.session, play.role)
  if (departure !== undefined) steps.push({ at: departure, act: Scope.close(play.life, Exit.void) })
  return steps.sort((a, b) => a.at - b.at)
}

/** Replays a session and returns where our peer in `role` differs from the original. */
export const replay = Effect.fnUntraced(function*(session: Session, role: string) {
  const play = yield* prepare(session, role)
  if (role === "auth") yield* enter(play)
  yield* settle
  if (play.scenes.length === 0 && play.ours !== undefined) {
    // The one thing that a lonely original did, and it raised.
    yield* Effect.flatMap(Fiber.join(play.ours), (actor) => actor.broadcast("hello"))
  }
  for (const { act, at } of script(play)) {
    yield* until(play, at)
    yield* act
  }
  yield* settle
  const trace = yield* Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.trace)
  const differences = play.scenes.flatMap(({ connection, conversation }) => {
    const side = connection.opener === role ? "client" : "server"
    const is = conversation === undefined ? [] : Transcript.replayed(trace, conversation, side)
    return Transcript.compare(session, role, connection.purpose, Transcript.recorded(connection, role), is)
  })
  const known = new Set(
    play.scenes.flatMap((
      { connection, conversation }
    ) => [connection.client, conversation?.client ?? connection.client])
  )
  return { differences, unrecorded: Transcript.unrecorded(trace, known) }
})
