/** A p2p-chat peer that joins another one, sends text and waits until it is back; tells how long that takes. */
import { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import { receiverId, senderId } from "../chat/Values.ts"
import { Rally } from "./Rally.ts"

effect(({ port }) =>
  Effect.gen(function*() {
    const peer = yield* ChatPeer.make({ listen: "127.0.0.1:0", id: PeerId.make(senderId), join: `127.0.0.1:${port}` })
    const rally = new Rally()
    const serve = Effect.suspend(() => peer.send(PeerId.make(receiverId), rally.text))
    yield* Effect.forkScoped(Stream.runForEach(peer.events, (event) =>
      event._tag === "Message" && rally.isBack(event.from, event.data) ? serve : Effect.void))
    return {
      round: ({ count = 0 }) =>
        Effect.gen(function*() {
          const over = rally.begin(count)
          yield* serve
          return yield* Effect.promise(() =>
            over
          )
        })
    }
  })
)
