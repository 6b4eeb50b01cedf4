import { assert, it } from "@effect/vitest"
import { Host, Simulation } from "@peerage/simulate"
import { Effect } from "effect"
import { ask, Server } from "./greeting.ts"

it.effect("a client is answered by a server that was restarted", () =>
  Effect.gen(function*() {
    const server = yield* Host.make("server", Server)
    const client = yield* Host.make("client")
    yield* server.kill()
    yield* Effect.sleep("1 minute")
    yield* server.restart
    assert.strictEqual(yield* client.run(ask(server.address)), "hello from server")
  }).pipe(Simulation.run({ seed: 7, link: { latency: "20 millis" } })))
