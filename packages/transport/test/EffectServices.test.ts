/** The transport as Effect's own services: what is written for those runs on it, over real sockets too. */
import { assert, it } from "@effect/vitest"
import { Transport } from "@peerage/transport"
import * as ClusterProtocol from "@peerage/transport/ClusterProtocol"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Layer, Schema, Stream } from "effect"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as Runners from "effect/cluster/Runners"
import * as NetAddress from "effect/net/NetAddress"
import { Rpc, RpcClient, RpcGroup, RpcSerialization, RpcServer } from "effect/rpc"
import * as SocketServer from "effect/socket/SocketServer"

class Counting extends RpcGroup.make(
  Rpc.make("Count", { payload: { to: Schema.Int }, success: Schema.Int, stream: true })
) {}

const server = RpcServer.layer(Counting).pipe(
  Layer.provide(Counting.toLayer({ Count: ({ to }) => Stream.range(1, to) })),
  Layer.provide(RpcServer.layerProtocolSocketServer),
  Layer.provideMerge(Transport.layerSocketServer(NetAddress.inetAddressFromStringUnsafe("127.0.0.1:0")))
)

const port = Effect.map(SocketServer.SocketServer, ({ address }) => {
  if (address._tag === "UnixPathAddress") throw new Error("a path")
  return address
})

const count = Effect.gen(function*() {
  const client = yield* RpcClient.make(Counting)
  return yield* Stream.runCollect(client.Count({ to: 5 }))
})

it.live("answers calls of effect/rpc", () =>
  Effect.gen(function*() {
    const socket = Transport.layerSocket(yield* port)
    const counted = yield* count.pipe(Effect.provide(RpcClient.layerProtocolSocket().pipe(Layer.provide(socket))))
    assert.deepStrictEqual(counted, [1, 2, 3, 4, 5])
  }).pipe(Effect.scoped, Effect.provide(server), Effect.provide([NodeTransport.layer, RpcSerialization.layerNdjson])))

it.live("reaches runners of effect/cluster", () =>
  Effect.gen(function*() {
    const address = yield* port
    const protocol = yield* Runners.RpcClientProtocol
    const runner = RunnerAddress.RunnerAddress.make({ host: "127.0.0.1", port: address.port })
    const counted = yield* Effect.provideServiceEffect(count, RpcClient.Protocol, protocol.make(runner))
    assert.deepStrictEqual(counted, [1, 2, 3, 4, 5])
  }).pipe(
    Effect.scoped,
    Effect.provide([server, ClusterProtocol.layer()]),
    Effect.provide([NodeTransport.layer, RpcSerialization.layerNdjson])
  ))
