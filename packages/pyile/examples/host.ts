import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { AuthPeer, BanStore } from "@peerage/pyile"
import { NodeTransport } from "@peerage/transport/node"
import { Console, Effect, Layer, Redacted, Stream } from "effect"

const greet = Effect.gen(function*() {
  const host = yield* AuthPeer.AuthPeer
  yield* Stream.runForEach(
    host.events,
    (event) => event._tag === "Joined" ? Effect.ignore(host.send(event.peer, "welcome")) : Console.log(event)
  )
})

const live = AuthPeer.layer({ password: Redacted.make("sesame"), attempts: 5, banFor: "1 hour" }).pipe(
  Layer.provide([NodeTransport.layer, BanStore.layerFile("bans.json").pipe(Layer.provide(NodeServices.layer))])
)

greet.pipe(Effect.provide(live), NodeRuntime.runMain)
