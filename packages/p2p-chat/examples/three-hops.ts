import { NodeRuntime } from "@effect/platform-node"
import { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { NodeTransport } from "@peerage/transport/node"
import { Console, Effect, Stream } from "effect"

/** A peer on a free port of this machine, behind another one. */
const join = (id: bigint, other?: ChatPeer.ChatPeerService) =>
  ChatPeer.make({ listen: "127.0.0.1:0", id: PeerId.make(id), join: other?.address })

const program = Effect.gen(function*() {
  const ann = yield* join(10n)
  const dan = yield* join(13n, yield* join(12n, yield* join(11n, ann)))
  yield* Effect.forkChild(dan.send(ann.self, "hello over three hops"))
  const heard = Stream.filter(ann.events, (event) => event._tag === "Message")
  yield* Stream.runForEach(Stream.take(heard, 1), ({ data, from, via }) => Console.log(`${from} via ${via}: ${data}`))
})

program.pipe(Effect.scoped, Effect.provide(NodeTransport.layer), NodeRuntime.runMain)
