/**
 * A p2p-chat peer that joins another one and sends text, as many at once as a plain program does in a tick, by `sendAll`.
 * Through a hub, only as far ahead as the receiver has confirmed.
 */
import { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import { atOnce, receiverId, senderId, text, window } from "./Values.ts"
import { Window } from "./Window.ts"

effect(({ hub, port }) =>
  Effect.gen(function*() {
    const join = `127.0.0.1:${port}`
    const peer = yield* ChatPeer.make({ listen: "127.0.0.1:0", id: PeerId.make(senderId), join })
    const ahead = new Window(hub === undefined ? Infinity : window)
    yield* Effect.forkScoped(Stream.runForEachArray(peer.events, (events) =>
      Effect.sync(() => {
        for (const event of events) if (event._tag === "Message") ahead.confirm(Number(event.data))
      })))
    const to = PeerId.make(receiverId)
    let number = 0
    return {
      round: ({ count = 0 }) =>
        Effect.gen(function*() {
          const end = number + count
          while (number < end) {
            const until = Math.min(end, number + atOnce)
            yield* peer.sendAll(to, Array.from({ length: until - number }, (_, index) => text(number + index)))
            number = until
            yield* Effect.promise(() => ahead.room(number))
          }
        })
    }
  })
)
