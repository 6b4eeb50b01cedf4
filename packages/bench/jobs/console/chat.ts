/** A p2p-chat peer that is sent text, with as much of a console as it is told, and what a terminal's room remembers. */
import * as Panel from "@peerage/console/Chat"
import { type Message, remember } from "@peerage/console/ChatTalk"
import * as Conversations from "@peerage/console/Conversations"
import * as Journal from "@peerage/console/Journal"
import { type ChatEvent, ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import { receiverId } from "../chat/Values.ts"
import { Tally } from "../Tally.ts"
import { attach } from "./Attach.ts"

// A whole round: what remembers each message falls behind the sender, and no message may be missed where they are counted.
const eventBuffer = 262_144

effect(({ console }) =>
  Effect.gen(function*() {
    const peer = yield* ChatPeer.make({ listen: "127.0.0.1:0", id: PeerId.make(receiverId), config: { eventBuffer } })
    const tally = new Tally()
    const room = {
      conversations: Conversations.make<PeerId.PeerId, Message>(),
      journal: Journal.make<ChatEvent.ChatEvent>(() => undefined)
    }
    yield* Effect.forkScoped(Stream.runForEach(peer.events, (event) => {
      if (event._tag !== "Message") return Effect.void
      tally.add(1)
      return remember(room, event)
    }))
    yield* attach(yield* Panel.make(peer, { room }), console)
    return {
      ready: { port: peer.address.port },
      round: ({ count = 0 }) => Effect.promise(() => tally.more(count))
    }
  })
)
