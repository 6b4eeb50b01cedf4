/**
 * The stage of a replay: a simulated network in which one role of a recorded session is our own peer's. Everybody else
 * follows the recording: dials from the recorded addresses, sends the recorded segments at their recorded times, ends
 * connections as they were ended. Everybody with a loopback address is on one machine, as they were recorded.
 */
import { MemoryNetwork, MemoryTransport, type Pipe, Simulation, Transport } from "@peerage/transport"
import { Clock, type Duration, Effect, Exit, Fiber, Queue, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { type Happening, type Recorded, type Role, type Session, type Side, sideOf } from "./Recording.ts"
import type { Token } from "./Transcript.ts"

/** A recorded connection of the role's while it is replayed. */
export interface Scene<C extends Recorded = Recorded> {
  readonly connection: C
  /** The side that is ours. */
  readonly side: Side
  /** The other end, in the hand of the script, once our peer and the script are connected. */
  pipe: Pipe.Pipe | undefined
  /** Bytes that our peer has sent. */
  heard: number
  /** Whether the script has ended the connection. */
  over: boolean
}

/** A session while it is replayed. */
export interface Stage<C extends Recorded, R extends Role, Ours> {
  readonly session: Session<C, R>
  readonly role: R
  readonly scenes: ReadonlyArray<Scene<C>>
  /** Connections that our peer has opened, by the address that it dialed. */
  readonly arrivals: Map<string, Queue.Dequeue<Pipe.Pipe>>
  /** The life of our peer. */
  readonly life: Scope.Closeable
  /** When the session began, in milliseconds of the clock. */
  readonly began: number
  /** What our peer told its application. */
  readonly told: Array<Token>
  /** Our peer, once it is to come. */
  ours: Fiber.Fiber<Ours, unknown> | undefined
  /** Milliseconds by which the script is late, as our peer took longer than the original. */
  delay: number
}

/** Something to be done at a moment of the session. */
export interface Step<R> {
  /** Milliseconds since the session began. */
  readonly at: number
  readonly act: Effect.Effect<unknown, never, R>
}

const inet = NetAddress.inetAddressFromStringUnsafe
const { elapse, settle } = Simulation

/** The transport of the machine that has an address. */
export const machineOf = (address: string) => {
  const host = NetAddress.formatHost(inet(address))
  return MemoryTransport.make(host.startsWith("127.") ? "10.0.0.1" : host)
}

/** An empty stage, before the session begins. */
export const make = <Ours>() =>
  Effect.fnUntraced(function*<C extends Recorded, R extends Role>(session: Session<C, R>, role: R) {
    const scenes = session.connections.flatMap((connection): ReadonlyArray<Scene<C>> => {
      const side = sideOf(role, connection)
      return side === undefined ? [] : [{ connection, side, pipe: undefined, heard: 0, over: false }]
    })
    const life = yield* Scope.fork(yield* Effect.scope)
    const began = yield* Clock.currentTimeMillis
    const stage: Stage<C, R, Ours> = {
      session,
      role,
      scenes,
      arrivals: new Map(),
      life,
      began,
      told: [],
      ours: undefined,
      delay: 0
    }
    return stage
  })

/** Listens wherever our peer will dial. */
export const listen = Effect.fnUntraced(
  function*<C extends Recorded, R extends Role, Ours>({ arrivals, role, scenes }: Stage<C, R, Ours>) {
    for (const { connection: { acceptor, refused, roles }, side } of scenes) {
      if (side === "acceptor" || refused || roles.acceptor === role.name || arrivals.has(acceptor)) continue
      const transport = yield* machineOf(acceptor)
      arrivals.set(acceptor, (yield* transport.listen(inet(acceptor))).accepted)
    }
  }
)

/** Our peer comes, on the machine with an address. */
export const enter = Effect.fnUntraced(function*<C extends Recorded, R extends Role, Ours, Needs>(
  stage: Stage<C, R, Ours>,
  address: string,
  entering: Effect.Effect<Ours, unknown, Needs>
) {
  const transport = yield* machineOf(address)
  stage.ours = yield* entering.pipe(
    Effect.provideService(Transport.Transport, transport),
    Scope.provide(stage.life),
    Effect.forkScoped
  )
  yield* settle
})

/** Has our peer do something as soon as it is there, and goes on meanwhile. */
export const direct = <C extends Recorded, R extends Role, Ours, A, E, Needs>(
  stage: Stage<C, R, Ours>,
  todo: (ours: Ours) => Effect.Effect<A, E, Needs>
): Effect.Effect<void, never, Exclude<Needs, Scope.Scope>> =>
  Effect.suspend(() => {
    if (stage.ours === undefined) return Effect.void
    const doing = Effect.ignore(Effect.flatMap(Fiber.join(stage.ours), todo))
    return Effect.asVoid(Effect.forkIn(Scope.provide(doing, stage.life), stage.life))
  })

/** Our peer leaves at a moment. */
export const leave = <C extends Recorded, R extends Role, Ours>(
  { life }: Stage<C, R, Ours>,
  at: number | undefined
): ReadonlyArray<Step<never>> => at === undefined ? [] : [{ at, act: Scope.close(life, Exit.void) }]

/** Takes a connection as the one that was recorded. What arrives is counted and not looked at: the trace has it. */
export const adopt = (scene: Scene, pipe: Pipe.Pipe): void => {
  scene.pipe = pipe
  const readable = () => {
    for (const chunk of pipe.take() ?? []) scene.heard += chunk.length
  }
  pipe.observe({ readable, drained: () => {}, closed: () => {} })
}

/** Somebody dials our peer, at `to` where that is not the recorded address. */
export const dial = Effect.fnUntraced(function*(scene: Scene, to = scene.connection.acceptor) {
  const { opener } = scene.connection
  const { address: host, port } = inet(opener)
  const pipe = yield* Effect.option((yield* machineOf(opener)).connect(inet(to), { from: { host, port } }))
  if (pipe._tag === "Some") adopt(scene, pipe.value)
})

/** A part's deviations from the plain script. */
export interface Options<C extends Recorded, Needs> {
  /** Has our peer open a connection, where it does not do so by itself. */
  readonly open: (scene: Scene<C>) => Effect.Effect<void, never, Needs>
  /** Somebody dials our peer, where that is more than dialing the recorded address from the recorded one. */
  readonly dialing?: (scene: Scene<C>) => Effect.Effect<void, never, Needs>
  /** Milliseconds that the script waits for our peer to do what the original did, before it goes on without that. */
  readonly patience?: number
  /** False where whoever ended a connection because the original had ends it even if ours has not. */
  readonly answering?: boolean
}

const glance = 10

/** Waits until something is done, in which everything later is delayed; not where it is not done in time. */
const allow = Effect.fnUntraced(function*<C extends Recorded, R extends Role, Ours>(
  stage: Stage<C, R, Ours>,
  patience: number,
  done: Effect.Effect<boolean>
) {
  yield* settle
  let waited = 0
  for (; !(yield* done); waited += glance) {
    if (waited >= patience) return
    yield* elapse(glance)
  }
  stage.delay += waited
})

/** Whether somebody ended a connection only because our peer's original had done so, and ours has not. */
const isAnswer = ({ connection: { happenings }, pipe, side }: Scene, { at, what }: Happening): boolean =>
  typeof what === "string" && pipe?.ended() === undefined
  && happenings.some((one) => one.by === side && typeof one.what === "string" && one.at < at)

/** Does what was recorded of somebody else. */
const follow = (scene: Scene, { what }: Happening): void => {
  const { pipe } = scene
  if (typeof what !== "string") return void pipe?.write([what])
  scene.over = true
  return what === "FIN" ? pipe?.close() : pipe?.reset()
}

/** Bytes that the original had sent on a connection by the end of a happening. */
const sentBy = ({ connection: { happenings }, side }: Scene, last: Happening): number =>
  happenings.slice(0, happenings.indexOf(last) + 1)
    .reduce((sum, { by, what }) => by === side && typeof what !== "string" ? sum + what.length : sum, 0)

/** All that is recorded of the role's connections. */
export const script = <C extends Recorded, R extends Role, Ours, Needs>(
  stage: Stage<C, R, Ours>,
  { answering = true, dialing = dial, open, patience = 0 }: Options<
    C,
    Needs | MemoryNetwork.MemoryNetwork | Scope.Scope
  >
): ReadonlyArray<Step<Needs | MemoryNetwork.MemoryNetwork | Scope.Scope>> => {
  const arrive = Effect.fnUntraced(function*(scene: Scene<C>) {
    yield* open(scene)
    const arrivals = stage.arrivals.get(scene.connection.acceptor)
    if (arrivals === undefined) return
    yield* allow(stage, patience, Effect.map(Queue.size(arrivals), (size) => size > 0))
    const pipe = yield* Queue.poll(arrivals)
    if (pipe._tag === "Some") adopt(scene, pipe.value)
  })
  const heed = (scene: Scene<C>, happening: Happening) =>
    Effect.suspend(() => {
      if (scene.pipe === undefined || scene.over) return Effect.void
      if (happening.by !== scene.side) {
        return Effect.sync(() => answering && isAnswer(scene, happening) ? undefined : follow(scene, happening))
      }
      return patience === 0 || typeof happening.what === "string"
        ? Effect.void
        : allow(stage, patience, Effect.sync(() => scene.heard >= sentBy(scene, happening)))
    })
  return stage.scenes.flatMap((scene) => [
    { at: scene.connection.openedAt, act: scene.side === "opener" ? arrive(scene) : dialing(scene) },
    ...scene.connection.happenings.map((happening) => ({ at: happening.at, act: heed(scene, happening) }))
  ])
}

/** Does everything at its time, then lets some time pass. Gives the trace of the network, from the session's beginning. */
export const perform = Effect.fnUntraced(function*<C extends Recorded, R extends Role, Ours, Needs>(
  stage: Stage<C, R, Ours>,
  steps: ReadonlyArray<Step<Needs>>,
  afterwards: Duration.Input = 0
) {
  for (const { act, at } of [...steps].sort((one, other) => one.at - other.at)) {
    const due = stage.began + Math.round(at) + stage.delay - (yield* Clock.currentTimeMillis)
    yield* due > 0 ? elapse(due) : settle
    yield* act
  }
  yield* elapse(afterwards)
  const trace = yield* Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.trace)
  return trace.map((entry) => ({ ...entry, at: entry.at - stage.began }))
})
