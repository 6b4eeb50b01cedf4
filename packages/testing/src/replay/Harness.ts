/**
 * A recorded session in a simulated network, with our own peer in one role. Our peer starts and leaves when the original
 * did; `Script` plays everybody else. All loopback addresses belong to one machine, as in the recordings.
 */
import { MemoryTransport, type Pipe, Simulation, Transport } from "@peerage/transport"
import { Clock, Effect, Exit, Fiber, type Queue, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { type Recorded, type Role, type Session, type Side, sideOf } from "./Recording.ts"
import type { Token } from "./Transcript.ts"

/** A recorded connection of the role while it is replayed. */
export interface Scene<C extends Recorded = Recorded> {
  readonly connection: C
  /** The end that our peer has. */
  readonly side: Side
  /** The other end, which the script controls; `undefined` until the two are connected. */
  pipe: Pipe.Pipe | undefined
  /** Bytes that our peer has sent. */
  heard: number
  /** True once the script has ended the connection. */
  over: boolean
}

/** A session while it is replayed. */
export interface Harness<C extends Recorded = Recorded, R extends Role = Role, Ours = unknown> {
  readonly session: Session<C, R>
  readonly role: R
  readonly scenes: ReadonlyArray<Scene<C>>
  /** Connections that our peer has opened, by the address that it dialed. */
  readonly arrivals: Map<string, Queue.Dequeue<Pipe.Pipe>>
  /** The scope of our peer. */
  readonly life: Scope.Closeable
  /** When the session began, in milliseconds of the clock. */
  readonly began: number
  /** What our peer reported to its application. */
  readonly told: Array<Token>
  /** The fiber that makes our peer; `undefined` before it starts. */
  ours: Fiber.Fiber<Ours, unknown> | undefined
  /** Milliseconds by which the script is late because our peer took longer than the original. */
  delay: number
}

/** An action at a moment of the session. */
export interface Step<R> {
  /** Milliseconds since the session began. */
  readonly at: number
  readonly act: Effect.Effect<unknown, never, R>
}

/** Parses `host:port`. */
export const inet = NetAddress.inetAddressFromStringUnsafe

/** The transport of the machine that has an address. */
export const machineOf = (address: string) => {
  const host = NetAddress.formatHost(inet(address))
  return MemoryTransport.make(host.startsWith("127.") ? "10.0.0.1" : host)
}

/** Prepares a session, now, with our peer in a role. Nothing has happened yet. */
export const make = <Ours>() =>
  Effect.fnUntraced(function*<C extends Recorded, R extends Role>(session: Session<C, R>, role: R) {
    const scenes = session.connections.flatMap((connection): ReadonlyArray<Scene<C>> => {
      const side = sideOf(role, connection)
      return side === undefined ? [] : [{ connection, side, pipe: undefined, heard: 0, over: false }]
    })
    const life = yield* Scope.fork(yield* Effect.scope)
    const began = yield* Clock.currentTimeMillis
    const harness: Harness<C, R, Ours> = {
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
    return harness
  })

/** Listens at every address that our peer will dial. */
export const listen = Effect.fnUntraced(function*({ arrivals, role, scenes }: Harness) {
  for (const { connection: { acceptor, refused, roles }, side } of scenes) {
    if (side === "acceptor" || refused || roles.acceptor === role.name || arrivals.has(acceptor)) continue
    const transport = yield* machineOf(acceptor)
    arrivals.set(acceptor, (yield* transport.listen(inet(acceptor))).accepted)
  }
})

/** Starts our peer on the machine that has an address. */
export const start = Effect.fnUntraced(function*<C extends Recorded, R extends Role, Ours, Needs>(
  harness: Harness<C, R, Ours>,
  address: string,
  making: Effect.Effect<Ours, unknown, Needs>
) {
  const transport = yield* machineOf(address)
  harness.ours = yield* making.pipe(
    Effect.provideService(Transport.Transport, transport),
    Scope.provide(harness.life),
    Effect.forkScoped
  )
  yield* Simulation.settle
})

/** Has our peer do something once it is made. Does not wait for either. */
export const act = <C extends Recorded, R extends Role, Ours, A, E, Needs>(
  harness: Harness<C, R, Ours>,
  todo: (ours: Ours) => Effect.Effect<A, E, Needs>
): Effect.Effect<void, never, Exclude<Needs, Scope.Scope>> =>
  Effect.suspend(() => {
    if (harness.ours === undefined) return Effect.void
    const doing = Effect.ignore(Effect.flatMap(Fiber.join(harness.ours), todo))
    return Effect.asVoid(Effect.forkIn(Scope.provide(doing, harness.life), harness.life))
  })

/** Our peer leaves at a moment; never where it is `undefined`. */
export const leaveAt = ({ life }: Harness, at: number | undefined): ReadonlyArray<Step<never>> =>
  at === undefined ? [] : [{ at, act: Scope.close(life, Exit.void) }]

/** Takes a connection for the recorded one. Counts what arrives; the network's trace has the bytes. */
export const adopt = (scene: Scene, pipe: Pipe.Pipe): void => {
  scene.pipe = pipe
  const readable = () => {
    for (const chunk of pipe.take() ?? []) scene.heard += chunk.length
  }
  pipe.observe({ readable, drained: () => {}, closed: () => {} })
}

/** Dials our peer from the recorded address, at `to` where that is not the recorded one. */
export const dial = Effect.fnUntraced(function*(scene: Scene, to = scene.connection.acceptor) {
  const { opener } = scene.connection
  const { address: host, port } = inet(opener)
  const pipe = yield* Effect.option((yield* machineOf(opener)).connect(inet(to), { from: { host, port } }))
  if (pipe._tag === "Some") adopt(scene, pipe.value)
})
