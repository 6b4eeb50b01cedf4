/** Connections that this peer opens. */
import { Endpoint, PeerAddress } from "@peerage/transport"
import { Effect, type Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { DataType } from "../codec/DataType.ts"
import { ConnectError, OwnAddress } from "../PeerPyError.ts"
import type { AnyConnection, Connection, ConnectOptions } from "./Connection.ts"
import * as Establishing from "./Establishing.ts"
import type { PeerContext } from "./PeerContext.ts"

const carries = <T extends DataType>(connection: AnyConnection, type: T): connection is AnyConnection & Connection<T> =>
  connection.type === type

/** A peer that dialed may have given itself any name: it has this one only when it comes from there. */
const isFromThere = ({ initiated, peer, remote }: AnyConnection): boolean =>
  initiated || NetAddress.formatHost(remote) === PeerAddress.host(peer)

/** Opens a connection, or finds the one that there is. */
export const connect = Effect.fn("Peer.connect")(
  function*<T extends DataType>(
    context: PeerContext,
    to: string | NetAddress.InetAddress,
    { stream = false, strict = true, type }: ConnectOptions<T>
  ): Effect.fn.Return<Connection<T>, ConnectError["reason"], Scope.Scope> {
    const address = yield* Effect.fromResult(Endpoint.address(to))
    const name = NetAddress.formatInet(address)
    if (name === context.self) return yield* new OwnAddress({ address: name })
    for (const known of yield* SubscriptionRef.get(context.connections.open)) {
      if (known.peer !== name || !isFromThere(known)) continue
      if (carries(known, type)) return known
      yield* known.close
    }
    const connection = yield* Establishing.initiate(context, address, { type, strict, stream })
    return carries(connection, type) ? connection : yield* Effect.die(new Error(`not a connection for ${type}`))
  },
  Effect.mapError((reason) => new ConnectError({ reason }))
)
