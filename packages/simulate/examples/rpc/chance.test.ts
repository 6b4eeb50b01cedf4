import { assert, it } from "@effect/vitest"
import { Host, Simulation } from "@peerage/simulate"
import { Effect, Schedule } from "effect"
import { Client, Server } from "./Ticker.ts"

it.effect("the price of tea is known after two minutes, whatever happens in them", () =>
  Effect.gen(function*() {
    yield* Host.make("server", Server, { address: "10.0.0.1" })
    const client = yield* Host.make("client", Client.layer)
    const price = Effect.flatMap(Client, (client) => client.Price({ of: "tea" }))
    yield* Effect.sleep("121 seconds")
    assert.strictEqual(yield* client.run(Effect.retry(price, Schedule.spaced("1 second"))), 3)
  }).pipe(Simulation.check({ seeds: 100, chaos: { cut: 2, kill: 1, until: "2 minutes" } })))
