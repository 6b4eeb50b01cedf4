/** The connections of a peer: those that are there, and what they all tell. */
import { Endpoint } from "@peerage/transport"
import { Effect, Fiber, type Scope, SubscriptionRef } from "effect"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import * as Connection from "./Connection.ts"
import type { Events } from "./Events.ts"

/** The connections that are there. */
export interface Roster {
  readonly connections: SubscriptionRef.SubscriptionRef<ReadonlyArray<Connection.AnyConnection>>
  /** How many there are, those included that are being agreed on. */
  readonly size: () => number
  /** Takes a place for one that is being agreed on; false when there is none. */
  readonly reserve: () => boolean
  /** Gives back a place that was not needed. */
  readonly release: () => void
  /** Closes all connections. */
  readonly closeAll: Effect.Effect<void>
  /** Waits until all that were closed have ended for the other end as well. */
  readonly parted: Effect.Effect<void>
  /** Keeps a connection in a reserved place until it is over or the scope closes. */
  readonly enter: (established: Connection.Established) => Effect.Effect<Connection.AnyConnection, never, Scope.Scope>
}

/** Nobody is connected yet. */
export const make = Effect.fnUntraced(function*(config: PeerPyConfig, events: Events): Effect.fn.Return<Roster> {
  const connections = yield* SubscriptionRef.make<ReadonlyArray<Connection.AnyConnection>>([])
  const endings = new Set<Fiber.Fiber<void>>()
  let places = 0
  const release = () => {
    places--
  }

  const enter = (established: Connection.Established) =>
    Connection.make(established, {
      config,
      begun: (connection) => {
        const { initiated, peer, stream, strict, type } = connection
        return Effect.andThen(
          SubscriptionRef.update(connections, (all) => [...all, connection]),
          events.publish([{ _tag: "Connected", peer, type, strict, stream, initiated }])
        )
      },
      heard: ({ peer }, values) =>
        Effect.suspend(() =>
          events.awaited()
            ? events.publish(values.map(({ type, value }) => ({ _tag: "Data" as const, peer, type, data: value })))
            : Effect.void
        ),
      over: (gone, reason) =>
        Effect.andThen(
          SubscriptionRef.update(connections, (all) => all.filter((one) => one !== gone)),
          Effect.suspend(() => {
            release()
            return events.publish([{ _tag: "Closed", peer: gone.peer, reason: Endpoint.reasonOf(reason) }])
          })
        ),
      parting: (ending) => {
        endings.add(ending)
        ending.addObserver(() => endings.delete(ending))
      }
    })

  return {
    connections,
    size: () => places,
    reserve: () => {
      if (places >= config.maxConnections) return false
      places++
      return true
    },
    release,
    closeAll: Effect.flatMap(
      SubscriptionRef.get(connections),
      (all) => Effect.forEach(all, ({ close }) => close, { discard: true })
    ),
    parted: Effect.suspend(() => Effect.forEach([...endings], Fiber.await, { discard: true })),
    enter
  }
})
