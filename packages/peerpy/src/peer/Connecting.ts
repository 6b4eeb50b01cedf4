/** Connections that this peer opens. */
import { Endpoint, PeerAddress } from "@peerage/transport"
import { Effect, type Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { DataType } from "../codec/DataType.ts"
import { ConnectError, OwnAddress } from "../PeerPyError.ts"
import type { AnyConnection, Connection } from "./Connection.ts"
import * as Establishing from "./Establishing.ts"

/** How to connect. */
export interface ConnectOptions<T extends DataType> {
  /** What the connection carries. */
  readonly type: T
  /** Whether data of another type breaks it. Default true. */
  readonly strict?: boolean | undefined
  /** Whether all payloads have the size of the first. Default false. */
  readonly stream?: boolean | undefined
}

/** Opens a connection, or finds the one that there is. */
export type Connect = <T extends DataType>(
  address: string,
  options: ConnectOptions<T>
) => Effect.Effect<Connection<T>, ConnectError, Scope.Scope>

const carries = <T extends DataType>(connection: AnyConnection, type: T): connection is AnyConnection & Connection<T> =>
  connection.type === type

/** A peer that dialed may have given itself any name: it has this one only when it comes from there. */
const fromThere = ({ initiated, peer, remote }: AnyConnection): boolean =>
  initiated || NetAddress.formatHost(remote) === PeerAddress.host(peer)

/** Makes the verb. */
export const make = (household: Establishing.Household): Connect =>
  Effect.fn("Peer.connect")(
    function*<T extends DataType>(
      text: string,
      { stream = false, strict = true, type }: ConnectOptions<T>
    ): Effect.fn.Return<Connection<T>, ConnectError["reason"], Scope.Scope> {
      const address = yield* Effect.fromResult(Endpoint.address(text))
      const name = NetAddress.formatInet(address)
      if (name === household.self) return yield* new OwnAddress({ address: name })
      for (const known of yield* SubscriptionRef.get(household.roster.connections)) {
        if (known.peer !== name || !fromThere(known)) continue
        if (carries(known, type)) return known
        yield* known.close
      }
      const connection = yield* Establishing.initiate(household, address, { type, strict, stream })
      return carries(connection, type) ? connection : yield* Effect.die(new Error(`not a connection for ${type}`))
    },
    Effect.mapError((reason) => new ConnectError({ reason }))
  )
