/**
 * What `effect/cluster` asks for to reach other runners, over any transport. Not in the package's index: only programs
 * that are part of a cluster load it.
 */
import { Effect, Layer } from "effect"
import * as Runners from "effect/cluster/Runners"
import * as NetAddress from "effect/net/NetAddress"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as Socket from "effect/socket/Socket"
import type { DialOptions } from "./Options.ts"
import { Transport } from "./Transport.ts"

/**
 * Connections to runners. A runner's host is an IP address; another is a defect. A dial is given up after a second, unless
 * the options say otherwise.
 */
export const layer = (
  options: DialOptions = {}
): Layer.Layer<Runners.RpcClientProtocol, never, Transport | RpcSerialization.RpcSerialization> =>
  Layer.effect(
    Runners.RpcClientProtocol,
    Effect.gen(function*() {
      const transport = yield* Transport
      const serialization = yield* RpcSerialization.RpcSerialization
      return {
        codecFor: serialization.codecFor,
        make: Effect.fnUntraced(function*({ host, port }) {
          const address = NetAddress.inetAddressUnsafe(NetAddress.ipFromStringUnsafe(host), port)
          return yield* RpcClient.makeProtocolSocket().pipe(
            Effect.provideService(Socket.Socket, transport.dial(address, { connectTimeout: "1 second", ...options })),
            Effect.provideService(RpcSerialization.RpcSerialization, serialization)
          )
        })
      }
    })
  )
