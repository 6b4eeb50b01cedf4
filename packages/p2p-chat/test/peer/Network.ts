/** Whole networks in one process: peers, each on a machine of its own in a `MemoryNetwork`. */
import { it } from "@effect/vitest"
import { type ChatEvent, ChatPeer, PeerId } from "@peerage/p2p-chat"
import { MemoryNetwork, MemoryTransport, Simulation, Transport } from "@peerage/transport"
import { Effect, Exit, Fiber, Scope, Stream, SubscriptionRef } from "effect"

export const { elapse, settle } = Simulation
export const simulated = Effect.provide(MemoryNetwork.layer())

type Steps = Generator<Effect.Effect<unknown, unknown, MemoryNetwork.MemoryNetwork | Scope.Scope>, void>

/** A test on a simulated network of its own. */
export const simulate = Object.assign(
  (name: string, test: () => Steps) => it.effect(name, () => Effect.gen(test).pipe(simulated)),
  {
    /** The same test for each of some rows. */
    each: <Row extends object>(rows: ReadonlyArray<Row>) => (name: string, test: (row: Row) => Steps) =>
      it.effect.each([...rows])(name, (row: Row) => Effect.gen(() => test(row)).pipe(simulated))
  }
)

/** The port of every peer. */
const port = 5000

/** The machine of the peer with this id, which is below 65,536. */
export const ipOf = (id: number) => `10.0.${id >> 8}.${id & 255}`
export const addressOf = (id: number) => `${ipOf(id)}:${port}`

/** Runs something on the machine of a peer. */
export const on = <A, E, R>(
  id: number,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Transport.Transport> | MemoryNetwork.MemoryNetwork> =>
  Effect.flatMap(
    MemoryTransport.make(ipOf(id)),
    (transport) => Effect.provideService(effect, Transport.Transport, transport)
  )

/** A peer, not yet begun. `join` is the id of the peer to join. */
export const peer = (id: number, join?: number, options: Partial<ChatPeer.ChatPeerOptions> = {}) =>
  on(
    id,
    ChatPeer.make({
      listen: addressOf(id),
      id: PeerId.make(BigInt(id)),
      join: join === undefined ? undefined : addressOf(join),
      ...options
    })
  )

/** A peer that lives until `leave`, or until the test ends. */
export interface Visitor extends ChatPeer.ChatPeerService {
  readonly leave: Effect.Effect<void, never, MemoryNetwork.MemoryNetwork>
  /** Everything it told, growing as it comes. */
  readonly told: Array<ChatEvent.ChatEvent>
}

/** Begins a peer, with time for the network to learn of it. */
export const visit = Effect.fnUntraced(function*(
  id: number,
  join?: number,
  options: Partial<ChatPeer.ChatPeerOptions> = {}
) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const entering = yield* Effect.forkChild(Scope.provide(peer(id, join, options), scope))
  yield* settle
  const service = yield* Fiber.join(entering)
  const told: Array<ChatEvent.ChatEvent> = []
  yield* Effect.forkIn(
    Stream.runForEach(service.events, (event) => Effect.sync(() => void told.push(event))),
    scope,
    { startImmediately: true }
  )
  yield* settle
  const visitor: Visitor = { ...service, told, leave: Effect.andThen(Scope.close(scope, Exit.void), settle) }
  return visitor
})

/** Why somebody could not join. */
export const refusal = (id: number, join?: number, options: Partial<ChatPeer.ChatPeerOptions> = {}) =>
  Effect.map(Effect.flip(Effect.scoped(peer(id, join, options))), (error) => error.reason._tag)

/** Ids that a peer can reach, in their numerical order. */
export const reached = (visitor: Pick<ChatPeer.ChatPeerService, "peers">): Effect.Effect<ReadonlyArray<number>> =>
  Effect.map(
    SubscriptionRef.get(visitor.peers),
    (peers) => peers.map(({ id }) => Number(id)).sort((one, other) => one - other)
  )

/** What a peer knows, as `id: hops via nextHop`, in its order. */
export const tableOf = (visitor: Pick<ChatPeer.ChatPeerService, "peers">): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    SubscriptionRef.get(visitor.peers),
    (peers) => peers.map(({ hops, id, nextHop }) => `${id}: ${hops} via ${nextHop}`)
  )

/** The text of the messages that a peer heard, with the claimed sender. */
export const heardBy = ({ told }: Visitor): ReadonlyArray<string> =>
  told.flatMap((event) => event._tag === "Message" ? [`${event.from}: ${event.data}`] : [])

/** An id. */
export const id = (number: number): PeerId.PeerId => PeerId.make(BigInt(number))

/** Peers with little room for what waits to be said to a neighbour. */
export const narrow = [
  { room: "4 messages", config: { maxOutbox: 4 } },
  { room: "4,000 bytes", config: { maxOutboxBytes: 4000 } }
]
