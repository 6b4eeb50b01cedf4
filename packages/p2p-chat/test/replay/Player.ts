/**
 * Plays a recorded session with one role given to our own peer. Everybody else follows the recording: dials from the
 * recorded addresses, sends the recorded segments at their recorded times, ends connections as they were ended. The
 * originals were recorded on one machine's loopback addresses, so that is where this happens too.
 */
import type { ChatEvent, ChatPeer } from "@peerage/p2p-chat"
import { MemoryNetwork, MemoryTransport, type Pipe, Transport } from "@peerage/transport"
import { Clock, Effect, Exit, Fiber, Queue, Scope, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { elapse, settle } from "../peer/Network.ts"
import * as Actor from "./Actor.ts"
import * as Cues from "./Cues.ts"
import { describeMessage } from "./Frames.ts"
import { type Happening, type Recorded, type Role, type Session, type Side, sideOf } from "./Recording.ts"
import { bare, type Token } from "./Transcript.ts"
import * as Verdict from "./Verdict.ts"

/** A recorded connection while it is replayed, seen from the scripted side. */
interface Scene {
  readonly connection: Recorded
  /** The side that is ours. */
  readonly side: Side
  pipe: Pipe.Pipe | undefined
}

/** A session while it is replayed. */
interface Play {
  readonly session: Session
  readonly role: Role
  readonly transport: Transport.Transport["Service"]
  readonly scenes: ReadonlyArray<Scene>
  /** Connections that our peer has opened. */
  readonly arrivals: Queue.Dequeue<Pipe.Pipe> | undefined
  /** The life of our peer. */
  readonly life: Scope.Closeable
  /** When the session began, in milliseconds of the clock. */
  readonly began: number
  /** The text that our peer was told of. */
  readonly shown: Array<Token>
  ours: Fiber.Fiber<ChatPeer.ChatPeerService, unknown> | undefined
}

const inet = NetAddress.inetAddressFromStringUnsafe

const prepare = Effect.fnUntraced(function*(session: Session, role: Role) {
  const transport = yield* MemoryTransport.make("10.0.0.1")
  const life = yield* Scope.fork(yield* Effect.scope)
  const scenes = session.connections.flatMap((connection): ReadonlyArray<Scene> => {
    const side = sideOf(role, connection)
    return side === undefined ? [] : [{ connection, side, pipe: undefined }]
  })
  const joined = scenes.find(({ connection, side }) => side === "opener" && connection.accepted)?.connection.acceptor
  const arrivals = joined === undefined ? undefined : (yield* transport.listen(inet(joined))).accepted
  const began = yield* Clock.currentTimeMillis
  const play: Play = { session, role, transport, scenes, arrivals, life, began, shown: [], ours: undefined }
  return play
})

/** Writes down what our peer tells of text for it. */
const watch = ({ began, shown }: Play, events: Stream.Stream<ChatEvent.ChatEvent>) =>
  Stream.runForEach(events, (event) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      if (event._tag !== "Message") return
      const { data: text, from, to } = event
      shown.push(bare(now - began, describeMessage({ _tag: "Chat", from, to, text })))
    }))

/** Our peer enters. */
const enter = Effect.fnUntraced(function*(play: Play) {
  const entering = Actor.enter(play.session, play.role).pipe(
    Effect.tap(({ events }) => Effect.forkScoped(watch(play, events), { startImmediately: true })),
    Scope.provide(play.life),
    Effect.provideService(Transport.Transport, play.transport)
  )
  play.ours = yield* Effect.forkScoped(entering)
  yield* settle
})

/** Our peer is told to say something. */
const say = Effect.fnUntraced(function*({ ours }: Play, line: Cues.Line) {
  if (ours === undefined) return
  yield* Effect.forkScoped(Effect.flatMap(Fiber.join(ours), (actor) => Actor.say(actor, line)))
})

/** Takes a connection as the one that was recorded. What arrives is read and not looked at: the trace has it. */
const adopt = (scene: Scene, pipe: Pipe.Pipe) => {
  scene.pipe = pipe
  pipe.observe({ readable: () => void pipe.take(), drained: () => {}, closed: () => {} })
}

/** Somebody dials our peer. */
const dial = Effect.fnUntraced(function*(play: Play, scene: Scene) {
  const client = inet(scene.connection.opener)
  const from = { host: client.address, port: client.port }
  const pipe = yield* Effect.option(play.transport.connect(inet(scene.connection.acceptor), { from }))
  if (pipe._tag === "Some") adopt(scene, pipe.value)
})

/** Our peer comes, and dials. */
const welcome = Effect.fnUntraced(function*(play: Play, scene: Scene) {
  yield* enter(play)
  if (play.arrivals === undefined) return
  const pipe = yield* Queue.poll(play.arrivals)
  if (pipe._tag === "Some") adopt(scene, pipe.value)
})

/**
 * Does what was recorded of somebody else. Whoever ended a connection only because the original had goes on where ours
 * has not. Where the original reset it, nothing shows when they let go: at once.
 */
const follow = ({ connection, pipe, side }: Scene, { at, by, what }: Happening): void => {
  if (pipe === undefined) return
  if (by === side) return what._tag === "RST" ? pipe.close() : undefined
  if (what._tag === "Data") return void pipe.write([what.bytes])
  const answers = connection.happenings.some((one) => one.by === side && one.what._tag !== "Data" && one.at < at)
  if (answers && pipe.ended() === undefined) return
  return what._tag === "FIN" ? pipe.close() : pipe.reset()
}

const script = (play: Play) => {
  const { life, role, scenes, session } = play
  const steps = scenes.flatMap((scene) => [
    { at: scene.connection.openedAt, act: scene.side === "opener" ? welcome(play, scene) : dial(play, scene) },
    ...scene.connection.happenings.map((happening) => ({
      at: happening.at,
      act: Effect.sync(() => follow(scene, happening))
    }))
  ])
  for (const line of Cues.linesOf(session, role)) steps.push({ at: line.at, act: say(play, line) })
  const departure = Cues.departureOf(session, role)
  if (departure !== undefined) steps.push({ at: departure, act: Scope.close(life, Exit.void) })
  return steps.sort((one, other) => one.at - other.at)
}

/** Lets time pass until a moment of the session. */
const until = Effect.fnUntraced(function*({ began }: Play, at: number) {
  const due = began + Math.round(at) - (yield* Clock.currentTimeMillis)
  yield* due > 0 ? elapse(due) : settle
})

/** Replays a session and judges how our peer played its role. */
export const replay = Effect.fnUntraced(function*(session: Session, role: Role) {
  const play = yield* prepare(session, role)
  if (role.joinedWith === undefined) yield* enter(play)
  for (const { act, at } of script(play)) {
    yield* until(play, at)
    yield* act
  }
  yield* settle
  const trace = yield* Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.trace)
  return Verdict.judge(session, role, {
    trace: trace.map((entry) => ({ ...entry, at: entry.at - play.began })),
    shown: play.shown
  })
})
