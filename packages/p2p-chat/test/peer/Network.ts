/** Whole networks in one process: peers, each on a machine of its own in a `MemoryNetwork`. */
import { type ChatEvent, ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Machines } from "@peerage/testing"
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { Effect, Fiber, SubscriptionRef } from "effect"

export const { elapse, settle } = Simulation
export const { simulated, simulation: simulate } = Machines

/** The machine of the peer with this id, which is below 65,536. */
export const ipOf = (id: number) => `10.0.${id >> 8}.${id & 255}`
export const addressOf = (id: number) => `${ipOf(id)}:5000`

type Options = Partial<ChatPeer.ChatPeerOptions>

/** A peer, not yet begun. `join` is the id of the peer to join. */
export const peer = (number: number, join?: number, options: Options = {}) =>
  Machines.on(
    ipOf(number),
    ChatPeer.make({
      listen: addressOf(number),
      id: id(number),
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
export const visit = Effect.fnUntraced(function*(number: number, join?: number, options: Options = {}) {
  const making = Effect.gen(function*() {
    const entering = yield* Effect.forkChild(peer(number, join, options))
    yield* settle
    const service = yield* Fiber.join(entering)
    return { ...service, told: yield* Machines.collect(service) }
  })
  const { leave, service } = yield* Machines.inOwnScope(making)
  const visitor: Visitor = { ...service, leave }
  return visitor
})

/** Begins peers 10, 11 and 12 in a row, each of which joins the one before it. */
export const trio = Effect.fnUntraced(function*(options: Options = {}) {
  const trio: readonly [Visitor, Visitor, Visitor] = [
    yield* visit(10),
    yield* visit(11, 10, options),
    yield* visit(12, 11)
  ]
  return trio
})

/** Why somebody could not join. */
export const refusal = (number: number, join?: number, options: Options = {}) =>
  Effect.map(Effect.flip(Effect.scoped(peer(number, join, options))), (error) => error.reason._tag)

/** What a peer knows. */
type Knowing = Pick<ChatPeer.ChatPeerService, "peers">

/** Ids that a peer can reach, in their numerical order. */
export const reached = ({ peers }: Knowing): Effect.Effect<ReadonlyArray<number>> =>
  Effect.map(
    SubscriptionRef.get(peers),
    (peers) => peers.map(({ id }) => Number(id)).sort((one, other) => one - other)
  )

/** What a peer knows, as `id: hops via nextHop`, in its order. */
export const tableOf = ({ peers }: Knowing): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    SubscriptionRef.get(peers),
    (peers) => peers.map(({ hops, id, nextHop }) => `${id}: ${hops} via ${nextHop}`)
  )

/** The events of a kind that a peer told. */
export const toldOf = <const Tag extends ChatEvent.ChatEvent["_tag"]>({ told }: Pick<Visitor, "told">, tag: Tag) =>
  told.filter((event): event is Extract<ChatEvent.ChatEvent, { readonly _tag: Tag }> => event._tag === tag)

/** The text of the messages that a peer heard, with the claimed sender. */
export const heardBy = (visitor: Pick<Visitor, "told">): ReadonlyArray<string> =>
  toldOf(visitor, "Message").map(({ data, from }) => `${from}: ${data}`)

/** Whom a peer refused, as `host: reason`. */
export const rejectedBy = (visitor: Visitor): ReadonlyArray<string> =>
  toldOf(visitor, "Rejected").map(({ host, reason }) => `${host}: ${reason}`)

/** How many segments with data a machine was sent so far. */
export const segmentsTo = (number: number): Effect.Effect<number, never, MemoryNetwork.MemoryNetwork> =>
  MemoryNetwork.MemoryNetwork.pipe(
    Effect.flatMap(({ trace }) => trace),
    Effect.map((trace) => trace.filter(({ kind, to }) => kind === "DATA" && to.startsWith(`${ipOf(number)}:`)).length)
  )

/** An id. */
export const id = (number: number | bigint): PeerId.PeerId => PeerId.make(BigInt(number))

export const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)
export const texts = (count: number, length = 0) =>
  numbers(0, count).map((number) => `text ${number}`.padEnd(length, "."))

/** What a neighbour can be, with the extension that it says it has. */
export const kinds = [{ kind: "an original", extension: 0 }, { kind: "one of ours", extension: 1 }]

/** Peers with little room for what waits to be said to a neighbour. */
export const narrow = [
  { room: "4 messages", config: { maxOutbox: 4 } },
  { room: "4,000 bytes", config: { maxOutboxBytes: 4000 } }
]

/** Everybody but `from` whom connections lead to, in breadth first order: how many to cross, and the first one on the way. */
export const reach = (from: number, all: ReadonlyArray<number>, connected: (a: number, b: number) => boolean) => {
  const found = new Map([[from, { hops: 0, nextHop: from }]])
  for (const [at, { hops, nextHop }] of found) {
    for (const next of all) {
      if (!found.has(next) && connected(at, next)) {
        found.set(next, { hops: hops + 1, nextHop: hops === 0 ? next : nextHop })
      }
    }
  }
  found.delete(from)
  return found
}
