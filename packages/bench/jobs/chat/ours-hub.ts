/** A p2p-chat peer that others meet at: what they say to each other goes through it. */
import { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import { Tally } from "../Tally.ts"
import { hubId } from "./Values.ts"

effect(() =>
  Effect.gen(function*() {
    const peer = yield* ChatPeer.make({ listen: "127.0.0.1:0", id: PeerId.make(hubId) })
    const rounds = new Tally()
    yield* Effect.forkScoped(Stream.runForEach(peer.events, ({ _tag }) =>
      Effect.sync(() => {
        if (_tag === "Message") rounds.add(1)
        if (_tag === "Discarded") throw new Error("a message was lost")
      })))
    return { ready: { port: peer.address.port, hub: 1 }, round: () => Effect.promise(() => rounds.more(1)) }
  })
)
