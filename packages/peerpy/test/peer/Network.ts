/** Whole networks in one process: peers, each on a machine of its own in a `MemoryNetwork`. */
import { type Connection, type DataType, Peer, type PeerPyEvent } from "@peerage/peerpy"
import { Machines } from "@peerage/testing"
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { Effect, Fiber, Queue, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { Raw } from "../exchange/Raw.ts"

export const { elapse, settle } = Simulation
export const { simulated, simulation: test } = Machines

/** The port of every peer. */
const port = 20_000

export const ipOf = (machine: number) => `10.0.0.${machine}`
export const addressOf = (machine: number) => `${ipOf(machine)}:${port}`

/** Runs something on a machine. */
export const on = <A, E, R>(machine: number, effect: Effect.Effect<A, E, R>) => Machines.on(ipOf(machine), effect)

/** A peer that lives until `leave`, or until the test ends. */
export interface Visitor extends Peer.PeerService {
  readonly leave: Effect.Effect<void, never, MemoryNetwork.MemoryNetwork>
  /** Everything it told, growing as it comes. */
  readonly told: Array<PeerPyEvent.PeerPyEvent>
}

/** Begins a peer. */
export const visit = Effect.fnUntraced(function*(machine: number, options: Partial<Peer.PeerOptions> = {}) {
  const begin = on(machine, Peer.make({ listen: addressOf(machine), ...options }))
  const { leave, service } = yield* Machines.inOwnScope(begin)
  const visitor: Visitor = { ...service, told: yield* Machines.collect(service), leave }
  return visitor
})

/** Connects, without time passing. */
export const connect = Effect.fnUntraced(function*<T extends "json" | "bytes" | "raw">(
  from: Visitor,
  machine: number,
  options: Connection.ConnectOptions<T>
) {
  const connecting = yield* Effect.forkChild(from.connect(addressOf(machine), options))
  yield* settle
  return yield* Fiber.join(connecting)
})

/** The tags of what a peer told. */
export const tagsOf = ({ told }: Visitor): ReadonlyArray<string> => told.map(({ _tag }) => _tag)

/** The values that a peer told of. */
export const valuesOf = ({ told }: Visitor): ReadonlyArray<unknown> =>
  told.flatMap((event) => event._tag === "Data" ? [event.data] : [])

/** How connections ended, and those that came to nothing, as a peer told it. */
export const reasonsOf = ({ told }: Visitor): ReadonlyArray<string> =>
  told.flatMap((event) => event._tag === "Closed" || event._tag === "Rejected" ? [event.reason] : [])

/** How many connections a peer has. */
export const count = ({ connections }: Visitor) => Effect.map(SubscriptionRef.get(connections), ({ length }) => length)

/** The one connection of a peer, for data of a type. */
export const only = <T extends DataType.DataType>({ connections }: Visitor, type: T) => {
  const fits = (one: Connection.AnyConnection): one is Connection.AnyConnection & Connection.Connection<T> =>
    one.type === type
  return Effect.flatMap(SubscriptionRef.get(connections), (all) => {
    const found = all.find(fits)
    return found === undefined || all.length > 1
      ? Effect.die(new Error(`${all.length} connections`))
      : Effect.succeed(found)
  })
}

/** Both ends of a connection from one peer to another, each of which uses it as it likes. */
export const both = Effect.fnUntraced(function*<T extends DataType.DataType>(
  options: Connection.ConnectOptions<T>,
  config: Peer.PeerOptions["config"] = {}
) {
  const alice = yield* visit(1, { config })
  const bob = yield* visit(2, { config, serve: () => Effect.never })
  const near = yield* connect(alice, 2, options)
  return { alice, bob, near, far: yield* only(bob, options.type) }
})

/** A connection from a machine to a peer, in the hand of the test. */
export const stranger = (machine: number, to: number) => Raw.dial(ipOf(machine), addressOf(to))

/** Who listens at a machine: the connections that come, each in the hand of the test. */
export const listener = Effect.fnUntraced(function*(machine: number) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const address = NetAddress.inetAddressFromStringUnsafe(addressOf(machine))
  const { accepted } = yield* network.transport(ipOf(machine)).listen(address)
  return { next: Effect.map(Queue.take(accepted), (pipe) => new Raw(pipe)) }
})

/** What a machine says as hello. */
export const helloOf = (machine: number, type: DataType.DataType = "bytes", more = ""): string =>
  `HELLO|peer_name=${addressOf(machine)}&data_type=${type}&strict=True${more}`

/** Whether something is still running. */
export const running = <A, E>(fiber: Fiber.Fiber<A, E>): boolean => fiber.pollUnsafe() === undefined
