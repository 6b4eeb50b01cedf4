/** Does what a line says, and answers with events. Never fails: what went wrong is an answer. */
import type { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, SubscriptionRef } from "effect"
import { failed, help, iso, log } from "../room/Answer.ts"
import type { Outcome } from "../room/Room.ts"
import type { Event } from "./Answer.ts"
import type { Conversations, Said } from "./Conversations.ts"
import type { Journal } from "./Journal.ts"
import { type Line, parse, words } from "./Line.ts"

/** A peer, and what the room remembers of it. */
export interface Place {
  readonly peer: Pick<ChatPeer.ChatPeerService, "self" | "peers" | "send" | "buffer">
  readonly conversations: Conversations
  readonly journal: Journal
}

type Answers = Effect.Effect<ReadonlyArray<Event>>

/** Obeys one line. */
export const obey = (place: Place) => (text: string): Effect.Effect<Outcome<Event>> => {
  const line = parse(text)
  if (line._tag === "Exit") return Effect.succeed({ _tag: "Exit" })
  return Effect.map(answer(place, line, text.trim()), (events) => ({ _tag: "Answer", events }))
}

const answer = (place: Place, line: Exclude<Line, { readonly _tag: "Exit" }>, command: string): Answers => {
  const { journal, peer } = place
  switch (line._tag) {
    case "Nothing":
      return Effect.succeed([])
    case "Mistake":
      return Effect.succeed([failed(command, line.reason, line.message)])
    case "Tell":
      return tell(place, line, command)
    case "Table":
      return Effect.map(SubscriptionRef.get(peer.peers), (rows) => [{ _tag: "Table", rows }])
    case "Buffer":
      return Effect.map(peer.buffer, (rows) => [{ _tag: "Buffer", rows }])
    case "Peers":
      return Effect.map(SubscriptionRef.get(peer.peers), (peers) => [{ _tag: "Peers", peers }])
    case "History":
      return history(place, line.peer)
    case "Log":
      return Effect.map(journal.entries(line.level), (entries) => [log(entries)])
    case "Help":
      return Effect.succeed([help(words)])
  }
}

/** Tells how a message went; it is the answer, so the library's own event about it is not told again. */
const tell = (
  { conversations, journal, peer }: Place,
  { text, to }: Extract<Line, { readonly _tag: "Tell" }>,
  command: string
): Answers =>
  peer.send(to, text).pipe(
    Effect.tap(() => conversations.file({ from: peer.self, to, sender: undefined, data: text })),
    Effect.map((result): ReadonlyArray<Event> => [{ _tag: "Sent", to, data: text, result }]),
    Effect.catch((error) =>
      Effect.as(journal.warn(`Nothing was sent to ${to}. ${error.message}`), [
        failed(command, error.reason._tag, error.message)
      ])
    )
  )

const said = ({ at, data, from, sender, to }: Said) => ({
  at: iso(at),
  from,
  to,
  own: sender === undefined,
  ...(sender === undefined ? {} : { sender }),
  data
})

const history = ({ conversations }: Place, peer: PeerId.PeerId | undefined): Answers =>
  Effect.map(
    Effect.all([peer === undefined ? conversations.latest : conversations.with(peer), conversations.peers]),
    ([messages, known]) => [{
      _tag: "History",
      ...(peer === undefined ? {} : { peer }),
      messages: messages.map(said),
      conversations: known
    }]
  )
