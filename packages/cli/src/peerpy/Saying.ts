/** Sends what was typed, each connection in its own kind of data, and tells how that went. Never fails. */
import { type Connection, type Payload, PeerPyError } from "@peerage/peerpy"
import type { PeerAddress } from "@peerage/transport"
import { Effect, Result } from "effect"
import { failed } from "../before/Answer.ts"
import type { Event } from "./Answer.ts"
import { type Content, shown, valueFor } from "./Content.ts"
import type { Conversations } from "./Memory.ts"

/** Events that answer a line. */
export type Answers = Effect.Effect<ReadonlyArray<Event>>

/** A connection that is there, by the names that it has. */
export interface Connected {
  readonly peer: PeerAddress.PeerAddress
  readonly remote: string
  readonly connection: Connection.AnyConnection
}

/** What was typed, and the whole line. */
export interface Typed {
  readonly content: Content
  readonly command: string
}

/** Where what was said is remembered. */
export interface Remembering {
  readonly conversations: Conversations
}

/** What is said where there is nobody. */
export const nobody = "Nobody is connected. /peers shows who is; others need your address, /discover finds theirs."

const unsendable = ({ connection: { type } }: Connected, problem: string) =>
  new PeerPyError.SendError({ reason: new PeerPyError.UnsendableValue({ type, problem }) })

/** Sends to one connection, and remembers it. */
const send = (place: Remembering, one: Connected, content: Content): Effect.Effect<void, PeerPyError.SendError> => {
  const { connection, peer } = one
  const remembered = place.conversations.file({ peer, own: true, type: connection.type, data: shown(content) })
  return Effect.fromResult(valueFor(connection.type, content)).pipe(
    Effect.mapError((problem) => unsendable(one, problem)),
    Effect.flatMap((value: Payload.Value) => connection.sendAny(value)),
    Effect.andThen(remembered)
  )
}

/** Says it to one. */
export const tell = (place: Remembering, one: Connected, { command, content }: Typed): Answers =>
  send(place, one, content).pipe(
    Effect.as<ReadonlyArray<Event>>([
      { _tag: "Sent", to: [one.peer], data: shown(content), written: [one.peer], failed: [] }
    ]),
    Effect.catch(({ message, reason }) => Effect.succeed([failed(command, reason._tag, message)]))
  )

/** Says it to everybody there is: all at once, as one who does not read must not hold up the others. */
export const broadcast = (place: Remembering, all: ReadonlyArray<Connected>, typed: Typed): Answers =>
  Effect.gen(function*() {
    const [only, another] = all
    if (only === undefined) return [failed(typed.command, "UnknownPeer", nobody)]
    if (another === undefined) return yield* tell(place, only, typed)
    const tried = yield* Effect.forEach(
      all,
      (one) => Effect.map(Effect.result(send(place, one, typed.content)), (result) => ({ peer: one.peer, result })),
      { concurrency: "unbounded" }
    )
    return [{
      _tag: "Sent",
      to: "Broadcast",
      data: shown(typed.content),
      written: tried.flatMap(({ peer, result }) => Result.isSuccess(result) ? [peer] : []),
      failed: tried.flatMap(({ peer, result }) =>
        Result.isFailure(result) ? [{ peer, reason: result.failure.reason._tag }] : []
      )
    }]
  })
