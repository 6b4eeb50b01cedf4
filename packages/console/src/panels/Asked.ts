/** What panels are made of, whatever the protocol: things to ask, the status, the log, and conversations. */
import type { Rejoining } from "@peerage/wire"
import { Effect, type Result, SubscriptionRef } from "effect"
import type { Field, Invite } from "../api/About.ts"
import { Refused, type Values } from "../api/Api.ts"
import type { Status } from "../api/Frame.ts"
import type { Asking, Log, Message, Panel, Tagged, Talk } from "../Panel.ts"
import { printable } from "../Printable.ts"
import type { Conversations, Kept } from "../talk/Conversations.ts"
import type { Journal } from "../talk/Journal.ts"

/** How people compare the keys of the peers at these addresses, by address, as far as the transport has shown them. */
export type Fingerprints = (addresses: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, string>>

/** Of a transport without keys. */
export const unkeyed: Fingerprints = () => Effect.succeed(new Map())

/** What a page is told of the peer. */
export type Introduction = Effect.Success<Panel["about"]>

/** Why something is not done, in a sentence. */
export interface Failure {
  readonly message: string
}

/** What can be asked, but for what most have in common: nothing to fill in, nothing to be sure about. */
export type Described =
  & Pick<Asking, "name" | "label" | "on">
  & Partial<Pick<Asking, "beside" | "fields" | "confirms" | "harsh">>

// Sentences quote what was typed, which may be long: they keep their beginning, and their end, which says what to do.
const longest = 500

const sentenceOf = (text: string): string =>
  printable(
    text.length <= longest ? text : `${text.slice(0, longest / 2)} … ${text.slice(-longest / 2)}`
  )

/** Makes something to ask. It answers in a sentence, and what it fails with is refused with its sentence. */
export const asking = (
  described: Described,
  run: (values: Values) => Effect.Effect<string, Failure>
): Asking => ({
  fields: [],
  confirms: false,
  harsh: false,
  ...described,
  run: (values) =>
    Effect.mapBoth(run(values), {
      onSuccess: (sentence) => ({ sentence: sentenceOf(sentence) }),
      onFailure: ({ message }) => new Refused({ message: sentenceOf(message) })
    })
})

/** A field that must be filled in. */
export const field = (name: string, label: string, kind: Field["kind"], hint?: string): Field => ({
  name,
  label,
  kind,
  optional: false,
  ...(hint === undefined ? {} : { hint })
})

/** What was written in a field; "" where nothing was. */
export const written = (values: Values, name: string): string => values[name] ?? ""

/** What was read, or the sentence about why it cannot be. */
export const read = <A>(result: Result.Result<A, string>): Effect.Effect<A, Failure> =>
  Effect.mapError(Effect.fromResult(result), (message) => ({ message }))

/** Refuses with a sentence. */
export const refuse = (message: string): Effect.Effect<never, Failure> => Effect.fail({ message })

/** What a page is told of the peer, and how others join it, where they can. */
export const aboutOf = (
  about: Omit<Introduction, "invite">,
  invite: Effect.Effect<Invite> | undefined
): Effect.Effect<Introduction> =>
  invite === undefined ? Effect.succeed(about) : Effect.map(invite, (invite) => ({ ...about, invite }))

/** How a peer is. */
export const statusOf = <Reason extends string>(
  status: SubscriptionRef.SubscriptionRef<Rejoining.Status<Reason>>,
  joined: string,
  inWords: (reason: string) => string
): Effect.Effect<Status> =>
  Effect.map(SubscriptionRef.get(status), (now): Status => {
    switch (now._tag) {
      case "Joining":
        return { tone: "waiting", word: "joining" }
      case "Joined":
        return { tone: "good", word: joined }
      case "Reconnecting":
        return {
          tone: "waiting",
          word: "reconnecting",
          sentence: `The connection was lost: ${inWords(now.reason)}. It is tried again.`
        }
      case "Left":
        return now.reason === "Left"
          ? { tone: "bad", word: "left", sentence: "This peer has left. Start it again to go on." }
          : { tone: "bad", word: "left", sentence: `It is over: ${inWords(now.reason)}. Start it again to go on.` }
    }
  })

/** The log that a terminal shows too. */
export const logOf = <Event>({ entries }: Pick<Journal<Event>, "entries">): Log => ({
  since: (n) => Effect.map(entries("INFO"), (all) => all.filter((line) => line.n > n))
})

/** How conversations become messages. */
export interface Told<Peer, Said> {
  /** The other end of a conversation by its name; `undefined` for a name that nobody can have. */
  readonly peerOf: (conversation: string) => Peer | undefined
  readonly say: (said: Said, peer: Peer) => Omit<Message, "n" | "at">
}

/** Conversations, as they are kept for a terminal too. */
export const talkOf = <Peer, Said>(
  conversations: Pick<Conversations<Peer, Said>, "with" | "since">,
  { peerOf, say }: Told<Peer, Said>
): Talk => {
  const messages = (all: ReadonlyArray<Kept<Peer, Said>>) =>
    all.map(({ at, message, order, peer }) => ({ n: order, at, ...say(message, peer) }))
  return {
    history: (conversation) => {
      const peer = peerOf(conversation)
      return peer === undefined ? Effect.succeed([]) : Effect.map(conversations.with(peer), messages)
    },
    since: (n, most) => Effect.map(conversations.since(n, most), messages)
  }
}

/** An event as `--json` prints it, but for its time. */
export const asProgramsSee = ({ _tag, ...fields }: Tagged): unknown => ({ event: _tag, ...fields })
