/**
 * The connections of a room: opened, read for as long as they last, and found by the names they have. The peer's events
 * report what arrives. A peer's own address is only its claim, so two peers with the same one are told apart by where
 * they come from.
 */
import { printable } from "@peerage/console/Printable"
import type { Connection, DataType, Peer, PeerPyError } from "@peerage/peerpy"
import type { PeerAddress } from "@peerage/transport"
import { Deferred, Effect, Result, type Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Mistake, WithTag } from "../room/Command.ts"
import type { Event } from "./Narrate.ts"

/** Reports events that the library does not have. */
export type Report = (event: WithTag<Event, "Withdrawn" | "Dropped">) => Effect.Effect<void>

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

/** Chooses what a name means; without a name, the only one. `none` is the message where there are none at all. */
export const choose = <A extends Named>(
  known: ReadonlyArray<A>,
  name: string | undefined,
  none: string
): Result.Result<A, Mistake> => {
  const meant = name === undefined ? known : known.filter(({ peer, remote }) => peer === name || remote === name)
  const [only, another] = meant
  if (only === undefined) {
    const message = known.length === 0 || name === undefined
      ? none
      : `"${printable(name)}" is not among them. /peers shows who is.`
    return Result.fail({ reason: "UnknownPeer", message })
  }
  if (another === undefined) return Result.succeed(only)
  const message = name === undefined
    ? `Say which one: ${meant.map(({ peer }) => peer).join(", ")}.`
    : `Several go by ${name}. Say which one by where it comes from: ${meant.map(({ remote }) => remote).join(", ")}.`
  return Result.fail({ reason: "Ambiguous", message })
}
