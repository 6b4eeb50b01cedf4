/** A p2p-chat peer that is sent text: by a joiner, or through a hub that it joins, and then confirms what came. */
import { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import { Expected } from "./Expected.ts"
import { confirmEvery, hubId, receiverId, senderId } from "./Values.ts"

effect(({ hub, port }) =>
  Effect.gen(function*() {
    const join = hub === undefined ? undefined : `127.0.0.1:${port}`
    const peer = yield* ChatPeer.make({ listen: "127.0.0.1:0", id: PeerId.make(receiverId), join })
    const expected = new Expected()
    let received = 0
    let confirmed = 0
    const confirm = Effect.suspend(() => {
      const whole = received - received % confirmEvery
      if (join === undefined || whole === confirmed) return Effect.void
      confirmed = whole
      return peer.send(PeerId.make(senderId), String(whole))
    })
    yield* Effect.forkScoped(Stream.runForEachArray(peer.events, (events) =>
      Effect.suspend(() => {
        const before = received
        for (const event of events) {
          if (event._tag !== "Message") continue
          expected.check(event.from, event.data)
          received++
        }
        expected.count(received - before)
        return confirm
      })))
    return {
      ready: hub === undefined ? { port: peer.address.port } : {},
      round: ({ count = 0 }) =>
        Effect.gen(function*() {
          yield* Effect.promise(() => expected.tally.more(count))
          if (join !== undefined) yield* peer.send(PeerId.make(hubId), "the round is over")
        })
    }
  })
)
