/**
 * Plays a recorded session with one role given to our own peer. Everybody else follows the recording: dials from the
 * recorded addresses, sends the recorded segments at their recorded times, ends connections as they were ended.
 */
import type { Connection, Peer, PeerPyEvent } from "@peerage/peerpy"
import { MemoryNetwork, MemoryTransport, type Pipe, Transport } from "@peerage/transport"
import { Clock, Effect, Exit, Fiber, Option, Queue, Scope, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { elapse, settle } from "../peer/Network.ts"
import * as Actor from "./Actor.ts"
import * as Cues from "./Cues.ts"
import { type Happening, type Recorded, type Role, type Session, type Side, sideOf } from "./Recording.ts"
import type { Token } from "./Transcript.ts"
import * as Verdict from "./Verdict.ts"

/** A recorded connection while it is replayed. */
interface Scene {
  readonly connection: Recorded
  /** The side that is ours. */
  readonly side: Side
  /** Its other end, in the hand of the script. */
  pipe: Pipe.Pipe | undefined
}

/** A session while it is replayed. */
interface Play {
  readonly ours: Peer.PeerService
  /** The life of our peer. */
  readonly life: Scope.Closeable
  readonly scenes: ReadonlyArray<Scene>
  /** Connections that our peer has opened, by the address that it dialed. */
  readonly arrivals: ReadonlyMap<string, Queue.Dequeue<Pipe.Pipe>>
  /** When the session began, in milliseconds of the clock. */
  readonly began: number
  /** What our peer told. */
  readonly told: Array<Token>
  /** Writes down what it told. */
  readonly audience: Fiber.Fiber<void>
}

const inet = NetAddress.inetAddressFromStringUnsafe
const hostOf = (address: string) => NetAddress.formatHost(inet(address))

/** Opens the listeners that ours will dial. */
const welcome = Effect.fnUntraced(function*(scenes: ReadonlyArray<Scene>) {
  const arrivals = new Map<string, Queue.Dequeue<Pipe.Pipe>>()
  for (const { connection: { happenings, server }, side } of scenes) {
    const refused = happenings[0]?.by === "server"
    if (side === "server" || refused || arrivals.has(server)) continue
    const transport = yield* MemoryTransport.make(hostOf(server))
    arrivals.set(server, (yield* transport.listen(inet(server))).accepted)
  }
  return arrivals
})

/** Writes down what our peer tells. */
const watch = (told: Array<Token>, began: number, events: Stream.Stream<PeerPyEvent.PeerPyEvent>) =>
  Stream.runForEach(events, (event) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      told.push(...Option.toArray(Actor.tell(now - began, event)))
    }))

const prepare = Effect.fnUntraced(function*(session: Session, role: Role) {
  const scenes = session.connections.flatMap((connection): ReadonlyArray<Scene> => {
    const side = sideOf(role, connection)
    return side === undefined ? [] : [{ connection, side, pipe: undefined }]
  })
  const arrivals = yield* welcome(scenes)
  const life = yield* Scope.fork(yield* Effect.scope)
  const transport = yield* MemoryTransport.make(hostOf(role.address))
  const ours = yield* Actor.enter(session, role).pipe(
    Scope.provide(life),
    Effect.provideService(Transport.Transport, transport)
  )
  const began = yield* Clock.currentTimeMillis
  const told: Array<Token> = []
  const audience = yield* Effect.forkScoped(watch(told, began, ours.events), { startImmediately: true })
  const play: Play = { ours, life, scenes, arrivals, began, told, audience }
  return play
})

/** Takes a connection as the one that was recorded. What arrives is read and not looked at: the trace has it. */
const adopt = (scene: Scene, pipe: Pipe.Pipe) => {
  scene.pipe = pipe
  pipe.observe({ readable: () => void pipe.take(), drained: () => {}, closed: () => {} })
}

/** Somebody dials our peer. */
const dial = Effect.fnUntraced(function*(scene: Scene) {
  const { client, server } = scene.connection
  const transport = yield* MemoryTransport.make(hostOf(client))
  const { address: host, port } = inet(client)
  const pipe = yield* Effect.option(transport.connect(inet(server), { from: { host, port } }))
  if (Option.isSome(pipe)) adopt(scene, pipe.value)
})

/** Our peer asks for a connection, if it was asked for. */
const ask = Effect.fnUntraced(function*({ arrivals, life, ours }: Play, scene: Scene) {
  const wish = Cues.wishOf(scene.connection)
  if (wish === undefined) return
  const { server } = scene.connection
  yield* Effect.forkIn(Scope.provide(ours.connect(server, wish), life), life)
  yield* settle
  const arrived = arrivals.get(server)
  const pipe = arrived === undefined ? Option.none() : yield* Queue.poll(arrived)
  if (Option.isSome(pipe)) adopt(scene, pipe.value)
})

/** The connection of our peer's in a scene, while there is one. */
const connectionOf = Effect.fnUntraced(function*({ ours }: Play, { connection, side }: Scene) {
  const other = connection[side === "server" ? "client" : "server"]
  const all = yield* SubscriptionRef.get(ours.connections)
  return Option.fromUndefinedOr(all.find(({ remote }) => NetAddress.formatInet(remote) === other))
})

/** Our peer does something with a connection, when it is there. */
const act = Effect.fnUntraced(function*(
  play: Play,
  scene: Scene,
  todo: (connection: Connection.AnyConnection) => Effect.Effect<unknown, unknown>
) {
  const connection = yield* connectionOf(play, scene)
  if (Option.isSome(connection)) yield* Effect.ignore(todo(connection.value))
})

/**
 * Does what was recorded of somebody else. Whoever ended a connection only because the original had goes on where ours
 * has not.
 */
const follow = ({ connection, pipe, side }: Scene, { at, by, what }: Happening): void => {
  if (pipe === undefined || by === side) return
  if (what._tag === "Data") return void pipe.write([what.bytes])
  const answers = connection.happenings.some((one) => one.by === side && one.what._tag !== "Data" && one.at < at)
  if (answers && pipe.ended() === undefined) return
  return what._tag === "FIN" ? pipe.close() : pipe.reset()
}

interface Step {
  readonly at: number
  readonly act: Effect.Effect<unknown, never, MemoryNetwork.MemoryNetwork | Scope.Scope>
}

const sceneSteps = (play: Play, scene: Scene): ReadonlyArray<Step> => {
  const { connection, side } = scene
  return [
    { at: connection.openedAt, act: side === "client" ? ask(play, scene) : dial(scene) },
    ...connection.happenings.map((happening) => ({
      at: happening.at,
      act: Effect.sync(() => follow(scene, happening))
    })),
    ...Cues.linesOf(connection, side).map(({ at, value }) => ({
      at,
      act: Effect.forkIn(act(play, scene, ({ sendAny }) => sendAny(value)), play.life)
    }))
  ]
}

const leave = ({ audience, life }: Play, of: Cues.Ending["of"]) =>
  Effect.andThen(of === "program" ? Fiber.interrupt(audience) : Effect.void, Scope.close(life, Exit.void))

const script = (play: Play, session: Session, role: Role): ReadonlyArray<Step> => {
  const endings = Cues.endingsOf(session, role).map(({ at, of }): Step => {
    const scene = play.scenes.find(({ connection }) => connection.number === of)
    return { at, act: scene === undefined ? leave(play, of) : act(play, scene, ({ close }) => close) }
  })
  return [...play.scenes.flatMap((scene) => sceneSteps(play, scene)), ...endings].sort((one, other) =>
    one.at - other.at
  )
}

/** Lets time pass until a moment of the session. */
const until = Effect.fnUntraced(function*({ began }: Play, at: number) {
  const due = began + Math.round(at) - (yield* Clock.currentTimeMillis)
  yield* due > 0 ? elapse(due) : settle
})

// Until the last reset has come.
const afterwards = 1500

/** Replays a session and judges how our peer played its role. */
export const replay = Effect.fnUntraced(function*(session: Session, role: Role) {
  const play = yield* prepare(session, role)
  for (const { act, at } of script(play, session, role)) {
    yield* until(play, at)
    yield* act
  }
  yield* elapse(afterwards)
  const trace = yield* Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.trace)
  return Verdict.judge(session, role, {
    trace: trace.map((entry) => ({ ...entry, at: entry.at - play.began })),
    told: play.told
  })
})
