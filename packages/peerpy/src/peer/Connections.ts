/** The connections of a peer: their places, and the references in which an application can watch them. */
import { type PeerAddress, Places } from "@peerage/transport"
import { Array, Effect, Exit, Scope, SubscriptionRef } from "effect"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import type { AnyConnection } from "./Connection.ts"

/** The place of a connection, from before it is agreed on until it is over. */
export interface Place extends Pick<Places.Place, "lost"> {
  readonly leave: Effect.Effect<void>
}

/** The peers at the other ends, each once. */
export const peersOf = <C extends { readonly peer: PeerAddress.PeerAddress }>(open: ReadonlyArray<C>) =>
  Array.dedupe(open.map(({ peer }) => peer))

/** Has no connections yet. */
export const make = Effect.fnUntraced(function*(
  config: Pick<PeerPyConfig, "maxConnections" | "maxConnectionsPerAddress" | "maxConnectionsPerNetwork">
) {
  const places = new Places.Places({
    of: "connections",
    all: config.maxConnections,
    perAddress: config.maxConnectionsPerAddress,
    perNetwork: config.maxConnectionsPerNetwork
  })
  const open = yield* SubscriptionRef.make<ReadonlyArray<AnyConnection>>([])
  const peers = yield* SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>([])
  const change = (f: (before: ReadonlyArray<AnyConnection>) => ReadonlyArray<AnyConnection>) =>
    Effect.flatMap(SubscriptionRef.updateAndGet(open, f), (after) => SubscriptionRef.set(peers, peersOf(after)))
  const take = Effect.fnUntraced(function*(visitor: Places.Visitor) {
    const scope = yield* Scope.make()
    const { lost } = yield* Scope.provide(Places.take(places, visitor), scope)
    return { lost, leave: Scope.close(scope, Exit.void) }
  })
  return {
    open,
    peers,
    /** Takes a place for a connection that is being agreed on. Gives it back when the scope ends with a failure. */
    reserve: (visitor: Places.Visitor): Effect.Effect<Place, Places.TooMany, Scope.Scope> =>
      Effect.acquireRelease(take(visitor), ({ leave }, exit) => Exit.isFailure(exit) ? leave : Effect.void),
    /** A connection was agreed on. */
    enter: (connection: AnyConnection) => change(Array.append(connection)),
    /** A connection is over. */
    leave: (connection: AnyConnection, place: Place) =>
      Effect.andThen(place.leave, change(Array.filter((one) => one !== connection)))
  }
})

/** The connections of one peer. */
export type Connections = Effect.Success<ReturnType<typeof make>>
