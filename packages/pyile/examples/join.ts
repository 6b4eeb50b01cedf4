import { NodeRuntime } from "@effect/platform-node"
import { JoinPeer } from "@peerage/pyile"
import { NodeTransport } from "@peerage/transport/node"
import { Console, Effect, Redacted, Stream } from "effect"

const program = Effect.gen(function*() {
  const peer = yield* JoinPeer.make({ host: "127.0.0.1:4702", password: Redacted.make("sesame") })
  yield* peer.broadcast("hello from Effect")
  yield* Stream.runForEach(peer.events, (event) => Console.log(event))
})

program.pipe(Effect.scoped, Effect.provide(NodeTransport.layer), NodeRuntime.runMain)
