/** A p2p-chat peer that sends back what it is sent. */
import { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import { receiverId } from "../chat/Values.ts"
import { Tally } from "../Tally.ts"

effect(() =>
  Effect.gen(function*() {
    const peer = yield* ChatPeer.make({ listen: "127.0.0.1:0", id: PeerId.make(receiverId) })
    const answered = new Tally()
    yield* Effect.forkScoped(Stream.runForEach(peer.events, (event) => {
      if (event._tag !== "Message") return Effect.void
      answered.add(1)
      return peer.send(event.from, event.data)
    }))
    return {
      ready: { port: peer.address.port },
      round: ({ count = 0 }) => Effect.promise(() => answered.more(count))
    }
  })
)
