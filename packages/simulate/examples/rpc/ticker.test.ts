import { assert, it } from "@effect/vitest"
import { Host, Simulation } from "@peerage/simulate"
import { Effect } from "effect"
import { Client, Server } from "./Ticker.ts"

it.effect("the price of tea is known after a partition", () =>
  Effect.gen(function*() {
    yield* Host.make("server", Server, { address: "10.0.0.1" })
    const client = yield* Host.make("client", Client.layer)
    const price = Effect.flatMap(Client, (client) => client.Price({ of: "tea" }))
    yield* Effect.sleep("15 seconds")
    assert.strictEqual((yield* Effect.flip(client.run(price)))._tag, "RpcClientError")
    yield* Effect.sleep("20 seconds")
    assert.strictEqual(yield* client.run(price), 3)
  }).pipe(Simulation.run({ faults: [{ at: "10 seconds", cut: ["server", "client"], for: "20 seconds" }] })))
