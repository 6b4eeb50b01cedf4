/** Whole networks in one process: peers, each on a machine of its own in a `MemoryNetwork`. */
import { type Connecting, Peer, type PeerPyEvent } from "@peerage/peerpy"
import { MemoryNetwork, MemoryTransport, Simulation, Transport } from "@peerage/transport"
import { Effect, Exit, Fiber, Scope, Stream } from "effect"

export const { during, elapse, settle } = Simulation
export const simulated = Effect.provide(MemoryNetwork.layer())

/** The port of every peer. */
export const port = 20_000

export const ipOf = (machine: number) => `10.0.0.${machine}`
export const addressOf = (machine: number) => `${ipOf(machine)}:${port}`

/** Runs something on a machine. */
export const on = <A, E, R>(
  machine: number,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Transport.Transport> | MemoryNetwork.MemoryNetwork> =>
  Effect.flatMap(
    MemoryTransport.make(ipOf(machine)),
    (transport) => Effect.provideService(effect, Transport.Transport, transport)
  )

/** A peer that lives until `leave`, or until the test ends. */
export interface Visitor extends Peer.PeerService {
  readonly leave: Effect.Effect<void, never, MemoryNetwork.MemoryNetwork>
  /** Everything it told, growing as it comes. */
  readonly told: Array<PeerPyEvent.PeerPyEvent>
}

/** Begins a peer. */
export const visit = Effect.fnUntraced(function*(machine: number, options: Partial<Peer.PeerOptions> = {}) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const begin = on(machine, Peer.make({ listen: addressOf(machine), ...options }))
  const service = yield* Scope.provide(begin, scope)
  const told: Array<PeerPyEvent.PeerPyEvent> = []
  yield* Effect.forkIn(
    Stream.runForEach(service.events, (event) => Effect.sync(() => void told.push(event))),
    scope,
    { startImmediately: true }
  )
  yield* settle
  const visitor: Visitor = { ...service, told, leave: Effect.andThen(Scope.close(scope, Exit.void), settle) }
  return visitor
})

/** Connects, without time passing. */
export const connect = Effect.fnUntraced(function*<T extends "json" | "bytes" | "raw">(
  from: Visitor,
  machine: number,
  options: Connecting.ConnectOptions<T>
) {
  const connecting = yield* Effect.forkChild(from.connect(addressOf(machine), options))
  yield* settle
  return yield* Fiber.join(connecting)
})

/** The tags of what a peer told. */
export const tagsOf = ({ told }: Visitor): ReadonlyArray<string> => told.map(({ _tag }) => _tag)
