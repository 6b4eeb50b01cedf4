import { NodeRuntime } from "@effect/platform-node"
import { NodeTransport } from "@peerage/transport/node"
import { Console, Effect, Stream } from "effect"
import * as Host from "./Host.ts"
import * as Member from "./Member.ts"

const program = Effect.gen(function*() {
  const host = yield* Host.make({ self: "hub", listen: process.argv[2] ?? "127.0.0.1:4802" })
  yield* Effect.forkChild(Stream.runForEach(host.events, (event) => Console.log(event)), { startImmediately: true })
  const ann = yield* Member.make({ self: "ann", host: host.address })
  yield* ann.post("hello over a real socket")
  return yield* ann.left // until the process is stopped
})

program.pipe(Effect.scoped, Effect.provide(NodeTransport.layer), NodeRuntime.runMain)
