/** Commands that every room has, with their answers: the log, the history, the help, and leaving. Knows no protocol. */
import type { Conversations } from "@peerage/console/Conversations"
import type { Failed } from "@peerage/console/Failed"
import { printable } from "@peerage/console/Printable"
import { type Data, Effect, Result, SubscriptionRef } from "effect"
import { type KeysOf, keysOf, type Seen, suffix } from "../secure/Keys.ts"
import { type Definition, leave, mistake, nothing, roomCommand } from "./Command.ts"
import type { View } from "./Narrate.ts"
import { iso, listed, orNone, timeOfDay } from "./Style.ts"
import { enumerated } from "./Words.ts"

/** The peer's own log, oldest first, with times in ISO 8601. */
export type Log = Data.TaggedEnum<{ Log: { entries: ReadonlyArray<{ at: string; level: string; text: string }> } }>

/** What can be typed. */
export type Help = Data.TaggedEnum<{ Help: { commands: ReadonlyArray<{ usage: string; does: string }> } }>

/** A message with its time in ISO 8601. */
export type Dated<Message> = Message & { readonly at: string }

/** What was said, oldest first: to and by `peer`, or everybody; and with whom there are conversations. */
export type History<Peer, Message> = Data.TaggedEnum<{
  History: { peer?: Peer; messages: ReadonlyArray<Message>; conversations: ReadonlyArray<Peer> }
}>

/** Answers that every room gives. */
export type SharedAnswer = Log | Help | Failed

/** A line of a log, with milliseconds since 1970. */
export interface LogEntry {
  readonly at: number
  readonly level: string
  readonly text: string
}

// Levels that a command line knows, and a log of less levels has under another name.
const levelNames: ReadonlyMap<string, string> = new Map([["", "INFO"], ["DEBUG", "INFO"], ["CRITICAL", "ERROR"]])

/** What `/log` works on. */
export interface Logging<Level> {
  readonly journal: { readonly entries: (level: Level) => Effect.Effect<ReadonlyArray<LogEntry>> }
}

/** `/log [LEVEL]`, for a log with these levels. */
export const log = <Level extends string>(...levels: ReadonlyArray<Level>) =>
  roomCommand<Logging<Level>, View, Log>()({
    usage: "/log [LEVEL]",
    does: `what happened, from ${enumerated(levels, "or")} upward`,
    parse: (rest) => {
      const name = rest.toUpperCase()
      const level = levels.find((known) => known === (levelNames.get(name) ?? name))
      return level === undefined
        ? mistake(`The levels of the log are ${enumerated(levels, "and")}, not "${printable(rest)}".`)
        : Result.succeed(level)
    },
    answers: ["Log"],
    run: (level, { journal }) =>
      Effect.map(journal.entries(level), (entries) => [{
        _tag: "Log",
        entries: entries.map(({ at, level, text }) => ({ at: iso(at), level, text }))
      }]),
    show: ({ entries }, { style }) =>
      orNone(
        entries.map(({ at, level, text }) => `${style.dim(timeOfDay(at))} ${level.padEnd(7)} ${printable(text)}`),
        "The log is empty."
      ),
    complete: () => levels
  })

/** `/help`, with a sentence before the commands, and a remark after them. */
export const help = (before?: string, after?: string) =>
  roomCommand<unknown, View, Help>()({
    usage: "/help",
    does: "this list",
    parse: nothing,
    answers: ["Help"],
    run: (_, __, { commands }) =>
      Effect.succeed([{ _tag: "Help", commands: commands.map(({ does, usage }) => ({ usage, does })) }]),
    show: ({ commands }, { style }) => {
      const width = Math.max(...commands.map(({ usage }) => usage.length))
      return [
        ...(before === undefined ? [] : [before]),
        ...commands.map(({ does, usage }) => `  ${style.bold(usage.padEnd(width))}  ${does}`),
        ...(after === undefined ? [] : [style.dim(after)])
      ]
    }
  })

/** What `/peers` works on. */
export interface Knowing<Peer> {
  readonly peer: { readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<Peer>> }
}

const others = {
  some: (count: number) => `${count} ${count === 1 ? "other is" : "others are"} here:`,
  none: "Nobody else is here yet."
}

/** Whether a peer is away from its network and trying to come back, by its status. */
export const isAway = <Status extends { readonly _tag: string }>(
  status: SubscriptionRef.SubscriptionRef<Status>
): Effect.Effect<boolean> => Effect.map(SubscriptionRef.get(status), ({ _tag }) => _tag === "Reconnecting")

type Peers<Peer> = Data.TaggedEnum<{ Peers: { peers: ReadonlyArray<Peer>; away?: boolean; keys?: KeysOf } }>

/** How `/peers` answers in a room. */
export interface PeersOptions<Room, Peer> {
  readonly does: string
  /** The address or id of a peer. */
  readonly idOf: (peer: Peer) => string | bigint
  /** Whether the peers are as they were before this one lost its network. */
  readonly away: (room: Room) => Effect.Effect<boolean>
  readonly words?: typeof others
  /** Keys that the protocol has told, by the address of the peer. */
  readonly keys?: ((room: Room) => Effect.Effect<Iterable<Seen>>) | undefined
}

/** `/peers`, for a room whose peer knows others. */
export const peers = <Room extends Knowing<Peer>, Peer>(
  { away, does, idOf, keys: toldTo = () => Effect.succeed([]), words: { none, some } = others }: PeersOptions<
    Room,
    Peer
  >
) =>
  roomCommand<Room, View, Peers<Peer>>()({
    usage: "/peers",
    does,
    parse: nothing,
    answers: ["Peers"],
    run: (_, room) =>
      Effect.gen(function*() {
        const [peers, isAway] = [yield* SubscriptionRef.get(room.peer.peers), yield* away(room)]
        const keys = yield* keysOf(peers.map((peer) => String(idOf(peer))), yield* toldTo(room))
        return [{ _tag: "Peers", peers, ...(isAway ? { away: isAway } : {}), ...(keys === undefined ? {} : { keys }) }]
      }),
    show: ({ away = false, keys, peers }, { name, style }) => [
      ...(away ? [style.yellow("You are away from the network and trying to come back. Before that:")] : []),
      ...listed(
        some(peers.length),
        peers.map((peer) => `${name(idOf(peer))}${suffix(keys, String(idOf(peer)), style)}`),
        none
      )
    ]
  })

/** `/exit`. */
export const exit = (does: string) =>
  roomCommand<unknown, View, never>()({
    usage: "/exit",
    does,
    parse: nothing,
    leaves: true,
    run: () => Effect.succeed(leave)
  })

/** How the history of a room is asked for and shown; everybody where no peer is given. */
export interface HistoryOptions<Room, Peer, Message>
  extends Pick<Definition<Room, View, never, Peer | undefined, never>, "usage" | "parse" | "complete">
{
  /** Who said what to whom, without the time. */
  readonly line: (message: Message, view: View) => string
}

/** `/history [PEER]`, for a room that keeps conversations with peers. */
export const history = <
  Room extends { readonly conversations: Conversations<Peer, Message> },
  Peer extends string | bigint,
  Message
>({ complete, line, parse, usage }: HistoryOptions<Room, Peer, Message>) =>
  roomCommand<Room, View, History<Peer, Dated<Message>>>()({
    usage,
    does: "what was said, to and by everybody or one peer",
    parse,
    answers: ["History"],
    run: (peer, { conversations }) =>
      Effect.map(
        Effect.all([peer === undefined ? conversations.latest : conversations.with(peer), conversations.peers]),
        ([messages, known]) => [{
          _tag: "History",
          ...(peer === undefined ? {} : { peer }),
          messages: messages.map(({ at, message }) => ({ at: iso(at), ...message })),
          conversations: known
        }]
      ),
    show: ({ conversations, messages, peer }, view) => [
      ...orNone(
        messages.map((message) => `${view.style.dim(timeOfDay(message.at))} ${line(message, view)}`),
        peer === undefined ? "Nothing was said yet." : `Nothing was said to or by ${view.name(peer)} yet.`
      ),
      ...(peer === undefined ? [] : alsoKept(conversations.filter((other) => other !== peer).map(String), view))
    ],
    complete
  })

/** Which other conversations can be asked for. */
export const alsoKept = (others: ReadonlyArray<string>, { style }: View): ReadonlyArray<string> =>
  others.length === 0
    ? []
    : [style.dim(`Also: ${others.map((other) => `/history ${printable(other)}`).join(", ")}`)]
