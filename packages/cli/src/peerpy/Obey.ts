/** Does what a line says, and answers with events. Never fails: what went wrong is an answer. */
import type { Peer, PeerPyError } from "@peerage/peerpy"
import { Effect, Result, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { addressOf, type NameNotFound } from "../Addresses.ts"
import { failed, help, iso, log } from "../before/Answer.ts"
import type { Outcome } from "../before/Room.ts"
import type { Event } from "./Answer.ts"
import type { Asking } from "./Asking.ts"
import type { Call, Readable } from "./Connections.ts"
import { type Line, parse, type Role, wordsFor } from "./Line.ts"
import type { Conversations, Journal } from "./Memory.ts"
import { choose } from "./Names.ts"
import { type Answers, broadcast, type Connected, nobody, tell } from "./Saying.ts"

/** A peer, and what the room has beside it. */
export interface Place {
  readonly role: Role
  readonly peer: Pick<Peer.PeerService, "connections" | "discover" | "invisible">
  readonly open: (call: Call) => Effect.Effect<Readable, PeerPyError.ConnectError>
  readonly asking: Asking
  readonly conversations: Conversations
  readonly journal: Journal
}

/** Obeys one line. */
export const obey = (place: Place) => (text: string): Effect.Effect<Outcome<Event>> => {
  const line = parse(text, place.role)
  if (line._tag === "Exit") return Effect.succeed({ _tag: "Exit" })
  return Effect.map(
    answer(place, line, text.trim()),
    (events) => events === "Exit" ? { _tag: "Exit" } : { _tag: "Answer", events }
  )
}

const answer = (
  place: Place,
  line: Exclude<Line, { readonly _tag: "Exit" }>,
  command: string
): Effect.Effect<ReadonlyArray<Event> | "Exit"> => {
  switch (line._tag) {
    case "Nothing":
      return Effect.succeed([])
    case "Mistake":
      return Effect.succeed([failed(command, line.reason, line.message)])
    case "Say":
      return Effect.flatMap(connected(place), (all) => broadcast(place, all, { content: line.content, command }))
    case "Tell":
      return chosen(place, line.name, command, (one) => tell(place, one, { content: line.content, command }))
    case "Close":
      return chosen(place, line.name, command, ({ connection }) => close(place.role, connection))
    case "Connect":
      return connect(place, line, command)
    case "Answer":
      return decide(place, line, command)
    case "Peers":
      return Effect.map(connected(place), (all) => [{
        _tag: "Peers",
        peers: all.map(({ connection: { initiated, stream, strict, type }, peer, remote }) => ({
          peer,
          remote,
          type,
          strict,
          stream,
          initiated
        })),
        offers: place.asking.waiting().map(({ peer, remote, stream, strict, type }) => ({
          peer,
          remote,
          type,
          strict,
          stream
        }))
      }])
    case "Discover":
      return discover(place, command)
    case "Invisible":
      return visibility(place, line.invisible)
    case "History":
      return history(place, line)
    case "Log":
      return Effect.map(place.journal.entries(line.level), (entries) => [log(entries)])
    case "Help":
      return Effect.succeed([help(wordsFor(place.role))])
  }
}

/** The connections that are there. */
const connected = ({ peer }: Place): Effect.Effect<ReadonlyArray<Connected>> =>
  Effect.map(SubscriptionRef.get(peer.connections), (connections) =>
    connections.map((connection) => ({
      peer: connection.peer,
      remote: NetAddress.formatInet(connection.remote),
      connection
    })))

const chosen = <A>(
  place: Place,
  name: string | undefined,
  command: string,
  next: (one: Connected) => Effect.Effect<A>
): Effect.Effect<A | ReadonlyArray<Event>> =>
  Effect.flatMap(
    connected(place),
    (all): Effect.Effect<A | ReadonlyArray<Event>> =>
      Result.match(choose(all, name, nobody), {
        onSuccess: next,
        onFailure: ({ message, reason }) => Effect.succeed([failed(command, reason, message)])
      })
  )

/** Whoever has only this connection has nothing else to stay for; leaving closes it. */
const close = (
  role: Role,
  connection: Connected["connection"]
): Effect.Effect<"Exit" | ReadonlyArray<Event>> =>
  role === "Connector" ? Effect.succeed("Exit") : Effect.as(connection.close, [])

/** Opens a connection; that it is there is told by the library's own event. */
const connect = (place: Place, line: Extract<Line, { readonly _tag: "Connect" }>, command: string): Answers =>
  Effect.gen(function*(): Effect.fn.Return<ReadonlyArray<Event>, PeerPyError.ConnectError | NameNotFound> {
    const address = yield* addressOf(line.address, line.address.port)
    const known = yield* connected(place)
    if (known.some(({ connection, peer }) => peer === address && connection.type === line.type)) {
      return [failed(command, "AlreadyConnected", `There is such a connection with ${address} already.`)]
    }
    yield* place.open({ address, type: line.type })
    return []
  }).pipe(
    Effect.catchTag("ConnectError", ({ message, reason }) => Effect.succeed([failed(command, reason._tag, message)])),
    Effect.catch(({ _tag, message }) => Effect.succeed([failed(command, _tag, message)]))
  )

/** Answers an offer; what comes of it is told by the library's own events. */
const decide = (
  { asking }: Place,
  { name, wanted }: Extract<Line, { readonly _tag: "Answer" }>,
  command: string
): Answers =>
  Result.match(choose(asking.waiting(), name, "Nobody waits for an answer."), {
    onSuccess: (question) => Effect.as(question.answer(wanted), []),
    onFailure: ({ message, reason }) => Effect.succeed([failed(command, reason, message)])
  })

const discover = ({ peer }: Place, command: string): Answers =>
  peer.discover.pipe(
    Effect.map((found): ReadonlyArray<Event> => [
      ...found.map((one) => ({ _tag: "Found" as const, peer: one })),
      { _tag: "Discovered", found: found.length }
    ]),
    Effect.catch((error) => Effect.succeed([failed(command, error.reason._tag, error.message)]))
  )

const visibility = ({ peer }: Place, wanted: boolean | undefined): Answers =>
  Effect.map(
    wanted === undefined ? SubscriptionRef.get(peer.invisible) : SubscriptionRef.setAndGet(peer.invisible, wanted),
    (invisible) => [{ _tag: "Visibility", invisible }]
  )

const history = ({ conversations }: Place, { peer }: Extract<Line, { readonly _tag: "History" }>): Answers =>
  Effect.map(
    Effect.all([peer === undefined ? conversations.latest : conversations.with(peer), conversations.peers]),
    ([messages, known]) => [{
      _tag: "History",
      ...(peer === undefined ? {} : { peer }),
      messages: messages.map(({ at, data, own, peer, type }) => ({ at: iso(at), peer, own, type, data })),
      conversations: known
    }]
  )
