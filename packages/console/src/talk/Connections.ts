/**
 * The connections of a peer of PeerPy: opened, and read for as long as they last. The peer's events report what arrives. A
 * peer's own address is only its claim, so two peers with the same one are told apart by where they come from.
 */
import type { Connection, DataType, Peer, PeerPyError } from "@peerage/peerpy"
import type { PeerAddress } from "@peerage/transport"
import { Deferred, Effect, Result, type Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"

/** A payload of so many bytes was skipped. */
export interface Dropped {
  readonly _tag: "Dropped"
  readonly peer: PeerAddress.PeerAddress
  readonly size: number
  readonly reason: string
}

/** Reports what the library's events do not say. */
export type Report = (event: Dropped) => Effect.Effect<void>

/** What reading a connection needs. */
export type Readable = Pick<Connection.AnyConnection, "peer" | "closed"> & {
  readonly receive: Effect.Effect<unknown, PeerPyError.ReceiveError>
}

const isOver = ({ closed }: Readable): Effect.Effect<boolean> =>
  Effect.raceFirst(Effect.as(closed, true), Effect.succeed(false))

/** Reads a connection to its end. Skips a payload that is too large, and reports it. */
export const read = (report: Report) =>
  Effect.fnUntraced(function*(connection: Readable): Effect.fn.Return<void> {
    while (true) {
      const received = yield* Effect.result(connection.receive)
      if (Result.isSuccess(received)) continue
      if (yield* isOver(connection)) return
      const { reason } = received.failure
      if (reason._tag !== "PayloadTooLarge") continue
      yield* report({ _tag: "Dropped", peer: connection.peer, size: reason.size, reason: reason._tag })
    }
  })

/** Where to connect, and how. */
export interface Call extends Connection.ConnectOptions<DataType.DataType> {
  /** As `host:port`. */
  readonly address: string
}

/** Opens a connection, which lives until it ends or the scope closes. */
export const open = (peer: Pick<Peer.PeerService, "connect">, report: Report, scope: Scope.Scope) =>
  Effect.fnUntraced(function*({ address, ...options }: Call): Effect.fn.Return<Readable, PeerPyError.ConnectError> {
    const opened = yield* Deferred.make<Readable, PeerPyError.ConnectError>()
    const life = Effect.flatMap(
      peer.connect(address, options),
      (connection) => Effect.andThen(Deferred.succeed(opened, connection), read(report)(connection))
    )
    yield* Effect.forkIn(Effect.catch(Effect.scoped(life), (error) => Deferred.fail(opened, error)), scope)
    return yield* Deferred.await(opened)
  })

/** Anything with the address that a peer says it has, and the one it comes from. */
export interface Named {
  readonly peer: string
  readonly remote: string
}

/** A connection, by the names that it has. */
export interface Connected extends Named {
  readonly peer: PeerAddress.PeerAddress
  readonly connection: Connection.AnyConnection
}

/** The connections of a peer. */
export const connected = (peer: Pick<Peer.PeerService, "connections">): Effect.Effect<ReadonlyArray<Connected>> =>
  Effect.map(SubscriptionRef.get(peer.connections), (connections) =>
    connections.map((connection) => ({
      peer: connection.peer,
      remote: NetAddress.formatInet(connection.remote),
      connection
    })))
