import { NodeRuntime } from "@effect/platform-node"
import { NodeConsole } from "@peerage/console/node"
import * as Pyile from "@peerage/console/Pyile"
import { AuthPeer } from "@peerage/pyile"
import { NodeTransport } from "@peerage/transport/node"
import { Console, Effect, Redacted } from "effect"

const program = Effect.gen(function*() {
  const peer = yield* AuthPeer.make({ listen: "127.0.0.1:4702", password: Redacted.make("sesame") })
  const { link } = yield* NodeConsole.make(Pyile.make(peer))
  yield* Console.error(Redacted.value(yield* link))
  return yield* Effect.never
})

program.pipe(Effect.scoped, Effect.provide(NodeTransport.layer), NodeRuntime.runMain)
