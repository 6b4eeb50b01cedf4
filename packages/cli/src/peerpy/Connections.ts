/** Connections of a room: each is read for as long as it is there, as what arrives is told by the peer's events. */
import type { Connecting, Connection, DataType, Peer, PeerPyError } from "@peerage/peerpy"
import { Deferred, Effect, Result, type Scope } from "effect"
import type { Tagged } from "./Answer.ts"

/** Tells what the library has no event for. */
export type Tell = (event: Tagged<"Withdrawn" | "Dropped">) => Effect.Effect<void>

/** What reading a connection needs. */
export type Readable = Pick<Connection.AnyConnection, "peer" | "closed"> & {
  readonly receive: Effect.Effect<unknown, PeerPyError.ReceiveError>
}

const isOver = ({ closed }: Readable): Effect.Effect<boolean> =>
  Effect.raceFirst(Effect.as(closed, true), Effect.succeed(false))

/** Reads a connection to its end. A payload that is too large is passed over, and told of. */
export const read = (tell: Tell) =>
  Effect.fnUntraced(function*(connection: Readable): Effect.fn.Return<void> {
    while (true) {
      const received = yield* Effect.result(connection.receive)
      if (Result.isSuccess(received)) continue
      if (yield* isOver(connection)) return
      const { reason } = received.failure
      if (reason._tag !== "PayloadTooLarge") continue
      yield* tell({ _tag: "Dropped", peer: connection.peer, size: reason.size, reason: reason._tag })
    }
  })

/** Where to, and how. */
export interface Call extends Connecting.ConnectOptions<DataType.DataType> {
  /** As `host:port`. */
  readonly address: string
}

/** Opens a connection, which lives until it is over or the scope closes. */
export const open = (peer: Pick<Peer.PeerService, "connect">, tell: Tell, scope: Scope.Scope) =>
  Effect.fnUntraced(function*({ address, ...options }: Call): Effect.fn.Return<Readable, PeerPyError.ConnectError> {
    const opened = yield* Deferred.make<Readable, PeerPyError.ConnectError>()
    const life = Effect.flatMap(
      peer.connect(address, options),
      (connection) => Effect.andThen(Deferred.succeed(opened, connection), read(tell)(connection))
    )
    yield* Effect.forkIn(Effect.catch(Effect.scoped(life), (error) => Deferred.fail(opened, error)), scope)
    return yield* Deferred.await(opened)
  })
