/** Does what a line says, at a host or at a member, and answers with events. Never fails: what went wrong is an answer. */
import { type JoinPeer, type Messenger, Moderation, type PeerAddress } from "@peerage/pyile"
import { DateTime, Effect, Option, Result, SubscriptionRef } from "effect"
import { failed, help, iso, log } from "../before/Answer.ts"
import type { Outcome } from "../before/Room.ts"
import type { Aliases } from "./Aliases.ts"
import { resolve } from "./Aliases.ts"
import type { Event } from "./Answer.ts"
import { type Line, parse, type Role, wordsFor } from "./Line.ts"

/** A peer of either kind, with the means of a host where it is one. */
export interface Place {
  readonly role: Role
  readonly peer: Pick<JoinPeer.JoinPeerService, "self" | "peers" | "send" | "broadcast" | "messenger">
  readonly moderation: Moderation.Moderation | undefined
  readonly aliases: Aliases
}

type Answers = Effect.Effect<ReadonlyArray<Event>>

const said = ({ alias, at, data, from, own, sender }: Messenger.Entry) => ({
  at: iso(at),
  from,
  own,
  ...(alias === undefined ? {} : { alias }),
  ...(sender === undefined ? {} : { sender }),
  data
})

/** Obeys one line. */
export const obey = (place: Place) => (text: string): Effect.Effect<Outcome<Event>> => {
  const line = parse(text, place.role)
  if (line._tag === "Exit") return Effect.succeed({ _tag: "Exit" })
  return Effect.map(answer(place, line, text.trim()), (events) => ({ _tag: "Answer", events }))
}

const answer = (place: Place, line: Exclude<Line, { readonly _tag: "Exit" }>, command: string): Answers => {
  const { messenger, peers } = place.peer
  switch (line._tag) {
    case "Nothing":
      return Effect.succeed([])
    case "Mistake":
      return Effect.succeed([failed(command, line.reason, line.message)])
    case "Say":
      return sending(command, "Broadcast", line.data, place.peer.broadcast(line.data))
    case "Tell":
      return named(
        place,
        line.name,
        command,
        (peer) => sending(command, [peer], line.data, place.peer.send(peer, line.data))
      )
    case "Peers":
      return Effect.map(SubscriptionRef.get(peers), (list) => [{ _tag: "Peers", peers: list }])
    case "History":
      return line.name === undefined || line.name === "Broadcast"
        ? history(messenger, "Broadcast")
        : named(place, line.name, command, (peer) => history(messenger, peer))
    case "Log":
      return Effect.map(messenger.entries(line.level), (entries) => [log(entries)])
    case "Help":
      return Effect.succeed([help(wordsFor(place.role))])
    default:
      return place.moderation === undefined ? Effect.succeed([]) : moderate(place.moderation, line, command)
  }
}

/** Tells how a message went; it is the answer, so the library's own event about it is not told again. */
const sending = (
  command: string,
  to: "Broadcast" | ReadonlyArray<PeerAddress.PeerAddress>,
  data: Extract<Line, { readonly _tag: "Say" }>["data"],
  sent: ReturnType<Place["peer"]["broadcast"]>
): Answers =>
  sent.pipe(
    Effect.map((delivery): ReadonlyArray<Event> => [{ _tag: "Sent", to, data, ...delivery }]),
    Effect.catch((error) => Effect.succeed([failed(command, error.reason._tag, error.message)]))
  )

const named = (
  { aliases, peer }: Place,
  name: string,
  command: string,
  next: (peer: PeerAddress.PeerAddress) => Answers
): Answers =>
  Effect.flatMap(SubscriptionRef.get(peer.peers), (peers) =>
    Result.match(resolve(name, peers, aliases), {
      onSuccess: next,
      onFailure: (message) => Effect.succeed([failed(command, "UnknownPeer", message)])
    }))

const history = (messenger: Messenger.Messenger, conversation: string): Answers =>
  Effect.map(Effect.all([messenger.history(conversation), messenger.conversations]), ([messages, conversations]) => [{
    _tag: "History",
    conversation,
    messages: messages.map(said),
    conversations
  }])

type Judgement = Extract<Line, { readonly _tag: "Ban" | "Unban" | "Bans" | "Kick" | "Limbo" }>

const moderate = (moderation: Moderation.Moderation, line: Judgement, command: string): Answers => {
  switch (line._tag) {
    // What changes is told by the library's own events.
    case "Ban":
      return kept(command, Effect.as(moderation.ban(line.network, { for: line.for }), []))
    case "Unban":
      return kept(
        command,
        Effect.map(
          moderation.unban(line.network),
          (lifted) =>
            lifted
              ? []
              : [failed(command, "NotBanned", `${Moderation.nameOf(line.network)} is not banned. /bans shows who is.`)]
        )
      )
    case "Bans":
      return Effect.map(moderation.bans, (bans) => [{
        _tag: "Bans",
        bans: bans.map(({ network, reason, until }) => ({
          host: Moderation.nameOf(network),
          reason,
          ...Option.match(until, { onNone: () => ({}), onSome: (time) => ({ until: DateTime.formatIso(time) }) })
        }))
      }])
    case "Kick":
      return Effect.map(
        moderation.kick(line.peer),
        (kicked) =>
          kicked ? [] : [failed(command, "NotAMember", `${line.peer} is not in this network. /peers shows who is.`)]
      )
    case "Limbo":
      return Effect.map(moderation.limbo, (suspects) => [{ _tag: "Limbo", suspects }])
  }
}

const kept = <E extends { readonly _tag: string; readonly message: string }>(
  command: string,
  done: Effect.Effect<ReadonlyArray<Event>, E>
): Answers => Effect.catch(done, (error) => Effect.succeed([failed(command, error._tag, error.message)]))
