/** Whole networks in one process: bootstraps and peers, each on a machine of its own in a `MemoryNetwork`. */
import type { NodeServices } from "@effect/platform-node"
import { BootstrapNode, FileName, FilePeer, type PyrateEvent } from "@peerage/pyrate"
import { InstantFiles, Machines, Stranger } from "@peerage/testing"
import { MemoryNetwork, PeerAddress, Simulation } from "@peerage/transport"
import { Effect, Fiber, FileSystem, Layer, Path, Queue, type Scope, type Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { suite } from "../Suite.ts"

export const { elapse, settle } = Simulation
export const { on } = Machines

/** A network, and files that take no time. The network is there until everybody has left. */
export const world = (options?: MemoryNetwork.Options) =>
<A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<Exclude<R, Scope.Scope>, MemoryNetwork.MemoryNetwork | NodeServices.NodeServices>> =>
  Effect.provide(Effect.scoped(effect), Layer.merge(MemoryNetwork.layer(options), InstantFiles.layer))

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

/** Something that tells events and lives until `leave`; `told` is everything it told, growing as it comes. */
const visit = Effect.fnUntraced(function*<A extends { readonly events: Stream.Stream<PyrateEvent.PyrateEvent> }, E, R>(
  making: Effect.Effect<A, E, R>
) {
  const { leave, service } = yield* Machines.inOwnScope(making)
  return { ...service, leave, told: yield* Machines.collect(service) }
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

/** A peer on the machine with this number, which shares nothing unless the test says what. */
export const sharer = Effect.fnUntraced(function*(number: number, options: Partial<FilePeer.FilePeerOptions> = {}) {
  const all = { bootstrap: hub, listen: peerAt(number), directory: yield* directory(), ...options }
  return yield* visit(on(ipOf(number), FilePeer.make(all)))
})

/** A connection from one machine to another, on which nothing was said yet. */
export const dial = (from: string, to: string) => Stranger.dial(from, to)

/** Says one message from a machine and ends its half, as clients do. Succeeds with what came back by then. */
export const ask = Effect.fnUntraced(
  function*(from: string, text: string | Uint8Array, to = `${hub}:${bootstrapPort}`) {
    const raw = yield* dial(from, to)
    raw.write(text)
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
  const raws: Array<Stranger> = []
  yield* Effect.forkScoped(Effect.forever(Effect.map(Queue.take(accepted), (pipe) => raws.push(new Stranger(pipe)))), {
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
