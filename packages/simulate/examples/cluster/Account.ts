/** An entity of a cluster, and a runner of it. Neither knows that it is simulated. */
import { Transport } from "@peerage/transport"
import * as ClusterProtocol from "@peerage/transport/ClusterProtocol"
import { Context, Effect, Layer, Option, Schema } from "effect"
import {
  ClusterSchema,
  Entity,
  RunnerAddress,
  RunnerHealth,
  Runners,
  ShardingConfig,
  SocketRunner
} from "effect/cluster"
import * as NetAddress from "effect/net/NetAddress"
import { Rpc, RpcSerialization } from "effect/rpc"
import { messages } from "./Storage.ts"

/** What was done, in order, by whom: a table of the database, so to say. */
export class Ledger extends Context.Service<Ledger, {
  readonly entries: Array<{ readonly deposit: string; readonly by: string }>
}>()("Ledger") {
  static readonly layer = Layer.sync(Ledger, () => ({ entries: [] }))
}

/** An account. A deposit is done once, however often it is sent. */
export const Account = Entity.make("Account", [
  Rpc.make("Deposit", {
    payload: { deposit: Schema.String },
    primaryKey: ({ deposit }) => deposit,
    success: Schema.String
  }).annotate(ClusterSchema.Persisted, true)
])

const account = Account.toLayer(Effect.gen(function*() {
  const { entries } = yield* Ledger
  const { host: by } = yield* Entity.CurrentRunnerAddress
  return Account.of({
    Deposit: Effect.fnUntraced(function*({ payload: { deposit } }) {
      yield* Effect.sleep("50 millis")
      entries.push({ deposit, by })
      return by
    })
  })
}))

const config = (runnerAddress: Option.Option<RunnerAddress.RunnerAddress>) =>
  ShardingConfig.layer({ runnerAddress, shardsPerGroup: 20 })

/** The runner on the host with this address. */
export const runner = (host: string) =>
  account.pipe(
    Layer.provideMerge(SocketRunner.layer),
    Layer.provide(RunnerHealth.layerPing.pipe(Layer.provide(Runners.layerRpc))),
    Layer.provide([
      Transport.layerSocketServer(NetAddress.inetAddressFromStringUnsafe(`${host}:34431`)),
      ClusterProtocol.layer()
    ]),
    Layer.provide([messages, RpcSerialization.layerNdjson]),
    Layer.provide(config(Option.some(RunnerAddress.make(host, 34431))))
  )

/** A host that uses the cluster and runs nothing of it. */
export const client = SocketRunner.layerClientOnly.pipe(
  Layer.provide(ClusterProtocol.layer()),
  Layer.provide([messages, RpcSerialization.layerNdjson]),
  Layer.provide(config(Option.none()))
)
