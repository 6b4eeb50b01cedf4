/** An RPC service of one's own, and its client. Neither knows that it is simulated. */
import { Transport } from "@peerage/transport"
import { Context, Effect, Layer, Schedule, Schema, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { Rpc, RpcClient, type RpcClientError, RpcGroup, RpcSerialization, RpcServer } from "effect/rpc"

const address = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:8080")

class Ticker extends RpcGroup.make(
  Rpc.make("Price", { payload: { of: Schema.String }, success: Schema.Int }),
  Rpc.make("Ticks", { payload: { after: Schema.Int }, success: Schema.Int, stream: true })
) {}

const handlers = Ticker.toLayer({
  Price: ({ of }) => Effect.succeed(of.length),
  Ticks: ({ after }) => Stream.iterate(after + 1, (tick) => tick + 1).pipe(Stream.schedule(Schedule.spaced("1 second")))
})

/** The server. */
export const Server = RpcServer.layer(Ticker).pipe(
  Layer.provide(handlers),
  Layer.provide(RpcServer.layerProtocolSocketServer),
  Layer.provide([Transport.layerSocketServer(address), RpcSerialization.layerNdjson])
)

/** A client of it. */
export class Client
  extends Context.Service<Client, RpcClient.FromGroup<typeof Ticker, RpcClientError.RpcClientError>>()(
    "Client"
  )
{
  static readonly layer = Layer.effect(Client, RpcClient.make(Ticker)).pipe(
    Layer.provide(RpcClient.layerProtocolSocket()),
    Layer.provide([Transport.layerSocket(address, { connectTimeout: "2 seconds" }), RpcSerialization.layerNdjson])
  )
}
