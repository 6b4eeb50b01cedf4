/**
 * What everybody but our peer does in a replay: dials from the recorded addresses, sends the recorded segments at their
 * recorded times, ends connections as they were ended.
 */
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { Clock, type Duration, Effect, Queue, type Scope } from "effect"
import { adopt, dial, type Harness, type Scene, type Step } from "./Harness.ts"
import type { Happening, Recorded, Role } from "./Recording.ts"

/** What a protocol does otherwise than the plain script. */
export interface Options<C extends Recorded, Needs> {
  /** Has our peer open a connection, unless it opens that one by itself. */
  readonly open: (scene: Scene<C>) => Effect.Effect<void, never, Needs>
  /** Dials our peer. Default `Harness.dial`. */
  readonly dialing?: (scene: Scene<C>) => Effect.Effect<void, never, Needs>
  /**
   * Milliseconds that the script waits for our peer to do what the original did. All later steps are late by the time
   * waited; where our peer does not do it within that time, nothing is late. Default 0.
   */
  readonly patience?: number
  /** False to end a connection after the original in our role did, even if our peer has not ended it. Default true. */
  readonly answering?: boolean
}

const { elapse, settle } = Simulation
const glance = 10

const allow = Effect.fnUntraced(function*(harness: Harness, patience: number, done: Effect.Effect<boolean>) {
  yield* settle
  let waited = 0
  for (; !(yield* done); waited += glance) {
    if (waited >= patience) return
    yield* elapse(glance)
  }
  harness.delay += waited
})

/** True where the original in our role had ended the connection first, and our peer has not. */
const isAnswer = ({ connection: { happenings }, pipe, side }: Scene, { at, what }: Happening): boolean =>
  typeof what === "string" && pipe?.ended() === undefined
  && happenings.some((one) => one.by === side && typeof one.what === "string" && one.at < at)

const follow = (scene: Scene, { what }: Happening): void => {
  const { pipe } = scene
  if (typeof what !== "string") return void pipe?.write([what])
  scene.over = true
  return what === "FIN" ? pipe?.close() : pipe?.reset()
}

/** Bytes that the original in our role had sent on a connection by the end of a happening. */
const sentBy = ({ connection: { happenings }, side }: Scene, last: Happening): number =>
  happenings.slice(0, happenings.indexOf(last) + 1)
    .reduce((sum, { by, what }) => by === side && typeof what !== "string" ? sum + what.length : sum, 0)

/** All steps that are recorded of the role's connections. */
export const make = <C extends Recorded, R extends Role, Ours, Needs>(
  harness: Harness<C, R, Ours>,
  { answering = true, dialing = dial, open, patience = 0 }: Options<
    C,
    Needs | MemoryNetwork.MemoryNetwork | Scope.Scope
  >
): ReadonlyArray<Step<Needs | MemoryNetwork.MemoryNetwork | Scope.Scope>> => {
  const arrive = Effect.fnUntraced(function*(scene: Scene<C>) {
    yield* open(scene)
    const arrivals = harness.arrivals.get(scene.connection.acceptor)
    if (arrivals === undefined) return
    yield* allow(harness, patience, Effect.map(Queue.size(arrivals), (size) => size > 0))
    const pipe = yield* Queue.poll(arrivals)
    if (pipe._tag === "Some") adopt(scene, pipe.value)
  })
  const replay = (scene: Scene<C>, happening: Happening) =>
    Effect.suspend(() => {
      if (scene.pipe === undefined || scene.over) return Effect.void
      if (happening.by !== scene.side) {
        return Effect.sync(() => answering && isAnswer(scene, happening) ? undefined : follow(scene, happening))
      }
      return patience === 0 || typeof happening.what === "string"
        ? Effect.void
        : allow(harness, patience, Effect.sync(() => scene.heard >= sentBy(scene, happening)))
    })
  return harness.scenes.flatMap((scene) => [
    { at: scene.connection.openedAt, act: scene.side === "opener" ? arrive(scene) : dialing(scene) },
    ...scene.connection.happenings.map((happening) => ({ at: happening.at, act: replay(scene, happening) }))
  ])
}

/** Takes each step at its time, then lets `afterwards` pass. Succeeds with the network's trace since the session began. */
export const run = Effect.fnUntraced(function*<Needs>(
  harness: Harness,
  steps: ReadonlyArray<Step<Needs>>,
  afterwards: Duration.Input = 0
) {
  for (const { act, at } of [...steps].sort((one, other) => one.at - other.at)) {
    const due = harness.began + Math.round(at) + harness.delay - (yield* Clock.currentTimeMillis)
    yield* due > 0 ? elapse(due) : settle
    yield* act
  }
  yield* elapse(afterwards)
  const trace = yield* Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.trace)
  return trace.map((entry) => ({ ...entry, at: entry.at - harness.began }))
})
