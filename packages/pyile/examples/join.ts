import { NodeRuntime } from "@effect/platform-node"
import { JoinPeer } from "@peerage/pyile"
import { NodeTransport } from "@peerage/transport/node"
import { Console, Effect, Redacted, Stream } from "effect"

const program = Effect.gen(function*() {
  const peer = yield* JoinPeer.make({ host: "127.0.0.1:4702", password: Redacted.make("sesame") })
  const watching = Stream.runForEach(peer.events, (event) => Console.log(event)) // from now on: watch before you speak
  yield* Effect.forkChild(watching, { startImmediately: true })
  yield* peer.broadcast("hello from Effect")
  return yield* peer.left // fails with why, should the session end
})

program.pipe(Effect.scoped, Effect.provide(NodeTransport.layer), NodeRuntime.runMain)
