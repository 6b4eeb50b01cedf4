/** A chat room: the events of a peer, the language of its lines, what it remembers, and how all that is shown. */
import type { ChatError, ChatEvent, ChatPeer } from "@peerage/p2p-chat"
import { type Array, Effect, Stream, SubscriptionRef } from "effect"
import * as Room from "../room/Room.ts"
import * as Teller from "../room/Teller.ts"
import * as Stage from "../Stage.ts"
import { encode, type Event } from "./Answer.ts"
import { complete } from "./Complete.ts"
import * as Conversations from "./Conversations.ts"
import * as Journal from "./Journal.ts"
import { obey } from "./Obey.ts"
import { render } from "./Render.ts"

/** How somebody enters. */
export interface Entry {
  /** What is told first: where the peer listens, and what else there is. */
  readonly opening: Array.NonEmptyReadonlyArray<ChatEvent.ChatEvent>
  /** For people, in place of `Listening`. */
  readonly welcome: ReadonlyArray<string>
}

/** Sets the stage before there is a peer; `enter` brings the peer to it. */
export const open = Effect.fnUntraced(function*(json: boolean) {
  let ids: ReadonlyArray<string> = []
  const stage = yield* Stage.set(json, complete(() => ids))
  const [conversations, journal] = [Conversations.make(), Journal.make()]

  const note = (event: Event): Effect.Effect<void> => {
    if (event._tag === "Peers") ids = event.peers.map(({ id }) => String(id))
    if (event._tag !== "Message") return journal.note(event)
    const { data, from, sender, to } = event
    return conversations.file({ from, to, sender, data })
  }
  /** Remembers what is told, a batch at a time. */
  const noting = (tell: Teller.Teller<Event>): Teller.Teller<Event> => (events, asked) =>
    Effect.andThen(Effect.forEach(events, note, { discard: true }), tell(events, asked))

  const enter = Effect.fnUntraced(function*(peer: ChatPeer.ChatPeerService, { opening, welcome }: Entry) {
    yield* Room.run<Event, ChatError.JoinError>({
      screen: stage.screen,
      tell: noting(
        stage.kind === "Json"
          ? Teller.encoded(encode)
          : Teller.people(stage.screen, render({ style: stage.screen.style, welcome }))
      ),
      // How a message went is told as the answer to the command that sent it.
      events: Stream.filter(peer.events, (event) => event._tag !== "Sent"),
      opening: Effect.map(SubscriptionRef.get(peer.peers), (peers) => {
        const [listening, ...more] = opening
        return [listening, { _tag: "Self", id: peer.self }, ...more, { _tag: "Peers", peers }]
      }),
      obey: obey({ peer, conversations, journal }),
      over: peer.left
    })
  })
  return { stage, enter }
})
