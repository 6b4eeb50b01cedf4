/** Connections of PeerPy that somebody asks for: what was typed, and the opening of one. Failures are whole sentences. */
import { DataType, type Peer, type PeerPyError } from "@peerage/peerpy"
import { Effect, Result, Schema } from "effect"
import { type Address, remoteAddress } from "../fields/Address.ts"
import { printable } from "../Printable.ts"
import { type Call, connected, type Readable } from "./Connections.ts"

/** Whom to call, and for what. */
export interface Wanted {
  readonly at: Address
  readonly type: DataType.DataType
}

const dataType = Schema.decodeUnknownResult(DataType.DataType)

/** Reads an address with its port, and the kind of data: json for "". */
export const readCall = (address: string, type: string): Result.Result<Wanted, string> =>
  Result.all({
    at: Result.mapError(remoteAddress(address), (wanted) => `Connect to whom? This takes ${wanted}.`),
    type: Result.mapError(
      dataType(type === "" ? "json" : type),
      () => `A connection is for json, bytes or raw, not "${printable(type)}".`
    )
  })

/** Why there is no further connection. */
export interface AlreadyConnected {
  readonly reason: "AlreadyConnected"
  readonly message: string
}

/** What calling needs. */
export interface Calling<E> {
  readonly peer: Pick<Peer.PeerService, "connections">
  readonly open: (call: Call) => Effect.Effect<Readable, PeerPyError.ConnectError>
  /** The address of a host that may be given by its name, as `host:port`. */
  readonly lookup: (at: Address) => Effect.Effect<string, E>
}

/** Opens a connection, unless there is one like it. Succeeds with the address. */
export const call = Effect.fnUntraced(function*<E>(
  { lookup, open, peer }: Calling<E>,
  { at, type }: Wanted
): Effect.fn.Return<string, E | PeerPyError.ConnectError | AlreadyConnected> {
  const address = yield* lookup(at)
  const known = yield* connected(peer)
  if (known.some((one) => one.peer === address && one.connection.type === type)) {
    const message = `There is such a connection with ${address} already.`
    return yield* Effect.fail({ reason: "AlreadyConnected", message } as const)
  }
  yield* open({ address, type })
  return address
})
