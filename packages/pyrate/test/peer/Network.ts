/** Whole networks in one process: bootstraps and peers, each on a machine of its own in a `MemoryNetwork`. */
import { NodeServices } from "@effect/platform-node"
import { BootstrapNode, FileName, FilePeer, type PyrateEvent } from "@peerage/pyrate"
import { MemoryNetwork, MemoryTransport, PeerAddress, Simulation, Transport } from "@peerage/transport"
import { Effect, Exit, Fiber, FileSystem, Layer, Path, Queue, Scope, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { Raw } from "../Raw.ts"
import { suite } from "../Suite.ts"

export const { elapse, settle } = Simulation

/** A network, and real files. The network is there until everybody has left. */
export const world = (options?: MemoryNetwork.Options) =>
<A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<Exclude<R, Scope.Scope>, MemoryNetwork.MemoryNetwork | NodeServices.NodeServices>> =>
  Effect.provide(Effect.scoped(effect), Layer.merge(MemoryNetwork.layer(options), NodeServices.layer))

/** What tests of whole networks need. */
export type Needs = MemoryNetwork.MemoryNetwork | NodeServices.NodeServices

/** Tests in a network of their own. */
export const simulated = suite<Needs>(world())

export const hub = "10.0.0.1"
/** Where bootstraps listen. */
export const bootstrapPort = 21_168
/** Where peers listen. */
export const port = 5005

/** The machine of a peer, by its number. */
export const ipOf = (number: number) => `10.1.${number >> 8}.${number & 255}`
export const peerAt = (number: number) => PeerAddress.at(ipOf(number), port)
export const name = (text: string) => FileName.FileName.make(text)

/** Runs something on a machine. */
export const on = <A, E, R>(
  ip: string,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Transport.Transport> | MemoryNetwork.MemoryNetwork> =>
  Effect.flatMap(
    MemoryTransport.make(ip),
    (transport) => Effect.provideService(effect, Transport.Transport, transport)
  )

/** Lets things happen, of real files too, whose time no simulated clock knows, until something was sent. */
export const sent: Effect.Effect<void, never, MemoryNetwork.MemoryNetwork> = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  while ((yield* network.trace).length === 0) yield* settle
})

/** Something that tells events and lives until `leave`, or until the test ends. */
type Visitor<A> = A & {
  readonly leave: Effect.Effect<void, never, MemoryNetwork.MemoryNetwork>
  /** Everything it told, growing as it comes. */
  readonly told: Array<PyrateEvent.PyrateEvent>
}

const visit = Effect.fnUntraced(function*<
  A extends { readonly events: Stream.Stream<PyrateEvent.PyrateEvent> },
  E,
  R
>(making: Effect.Effect<A, E, R>) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const service = yield* Effect.onError(Scope.provide(making, scope), () => Scope.close(scope, Exit.void))
  const told: Array<PyrateEvent.PyrateEvent> = []
  yield* Effect.forkIn(
    Stream.runForEach(service.events, (event) => Effect.sync(() => void told.push(event))),
    scope,
    { startImmediately: true }
  )
  const visitor: Visitor<A> = { ...service, told, leave: Effect.andThen(Scope.close(scope, Exit.void), settle) }
  return visitor
})

/** A bootstrap at the hub, and what it lists. */
export const bootstrap = Effect.fnUntraced(function*(config: BootstrapNode.BootstrapOptions["config"] = {}) {
  const node = yield* visit(on(hub, BootstrapNode.make({ config })))
  return { ...node, listed: SubscriptionRef.get(node.peers) }
})

/** A new directory with these files, each with its name as content. */
export const directory = Effect.fnUntraced(function*(...names: ReadonlyArray<string>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const made = yield* fs.makeTempDirectoryScoped()
  for (const name of names) yield* fs.writeFileString(path.join(made, name), name)
  return made
})

/** A peer on the machine with this number. */
export const sharer = Effect.fnUntraced(function*(
  number: number,
  options: Omit<Partial<FilePeer.FilePeerOptions>, "directory"> & { readonly directory: string }
) {
  const listen = `${ipOf(number)}:${port}`
  return yield* visit(on(ipOf(number), FilePeer.make({ bootstrap: hub, listen, ...options })))
})

/** A connection from one machine to another, on which nothing was said yet. */
export const dial = Effect.fnUntraced(function*(from: string, to: string) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const raw = new Raw(yield* network.transport(from).connect(NetAddress.inetAddressFromStringUnsafe(to)))
  yield* settle
  return raw
})

/** Says one message from a machine and ends its half, as clients do. Succeeds with what came back by then. */
export const ask = Effect.fnUntraced(
  function*(from: string, text: string | Uint8Array, to = `${hub}:${bootstrapPort}`) {
    const raw = yield* dial(from, to)
    raw.say(text)
    raw.pipe.end()
    yield* settle
    return raw
  }
)

/** Somebody who listens at an address and notes each message as it comes. */
export const listener = Effect.fnUntraced(function*(address: string) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const inet = NetAddress.inetAddressFromStringUnsafe(address)
  const { accepted } = yield* network.transport(NetAddress.formatHost(inet)).listen(inet)
  const raws: Array<Raw> = []
  yield* Effect.forkScoped(Effect.forever(Effect.map(Queue.take(accepted), (pipe) => raws.push(new Raw(pipe)))), {
    startImmediately: true
  })
  return { heard: () => raws.map(({ text }) => text), raws }
})

/** What an effect comes to, with time for the network to go its way. */
export const settled = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const running = yield* Effect.forkChild(effect)
  yield* settle
  return yield* Fiber.join(running)
})
