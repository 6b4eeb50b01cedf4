/**
 * The commands of a chat room. Nothing can be said to everybody here, so a line that is neither a command nor begins
 * with an id is a mistake.
 *
 *     11 hello          says it to the peer 11, as in the original
 *     /to 11 hello      the same
 *     table             how the others are reached, as in the original
 */
import { buffered, type Message, say } from "@peerage/console/ChatTalk"
import type { Conversations } from "@peerage/console/Conversations"
import type { Journal } from "@peerage/console/Journal"
import { peerId } from "@peerage/console/PeerIds"
import type { ChatEvent, ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Effect, Result, SubscriptionRef } from "effect"
import { type Command, mistake, nothing, roomCommand } from "../room/Command.ts"
import { type CommandTable, find } from "../room/CommandTable.ts"
import type { View } from "../room/Narrate.ts"
import * as Shared from "../room/SharedCommands.ts"
import { counted, orNone, table as tableOf } from "../room/Style.ts"
import { first, firstAndText } from "../room/Words.ts"
import { type Event, said } from "./Narrate.ts"

/** What the commands of a chat room work on. */
export interface ChatRoom {
  readonly peer: Pick<ChatPeer.ChatPeerService, "self" | "peers" | "keys" | "status" | "send" | "buffer">
  readonly conversations: Conversations<PeerId.PeerId, Message>
  readonly journal: Journal<Event>
}

const command = roomCommand<ChatRoom, View, Event>()

const idOf = (text: string) =>
  Result.orElse(peerId(text), (message) => mistake(`${message} /peers shows who is there.`))

const reachable = ({ peer }: ChatRoom) => SubscriptionRef.getUnsafe(peer.peers).map(({ id }) => String(id))

const to = command({
  usage: "/to ID TEXT",
  says: true,
  does: "say something to a peer, as ID TEXT does by itself",
  parse: (rest) => {
    const [name, text] = firstAndText(rest)
    if (name === "") return mistake("Say to whom and what, such as /to 11 hello.")
    return Result.flatMap(idOf(name), (to) =>
      text.trim() === ""
        ? mistake(`Say what to tell ${to}, such as ${to} hello.`)
        : Result.succeed({ to, text }))
  },
  answers: ["Sent"],
  run: ({ text, to }, room) => Effect.map(say(room, to, text), (result) => [{ _tag: "Sent", to, data: text, result }]),
  show: ({ result, to }, { style }) => result._tag === "Delivered" ? [] : [style.yellow(buffered(to))],
  complete: reachable
})

const peers = Shared.peers({
  does: "who can be reached",
  idOf: ({ id }: ChatEvent.Peer) => id,
  away: ({ peer }: ChatRoom) => Shared.isAway(peer.status),
  keys: ({ peer }) => Effect.map(peer.keys, (keys) => Array.from(keys, ([id, key]) => [String(id), key] as const))
})

const table = command({
  usage: "/table",
  does: "how each of them is reached, as table does by itself",
  parse: nothing,
  answers: ["Table"],
  run: (_, { peer }) => Effect.map(SubscriptionRef.get(peer.peers), (rows) => [{ _tag: "Table", rows }]),
  show: ({ rows }, { style }) =>
    rows.length === 0 ? ["Nobody else can be reached yet."] : tableOf(
      style,
      ["ID", "HOPS", "VIA"],
      rows.map(({ hops, id, nextHop }) => [
        String(id),
        String(hops).padStart("HOPS".length),
        nextHop === id ? "direct" : String(nextHop)
      ])
    )
})

const buffer = command({
  usage: "/buffer",
  does: "messages kept for those who cannot be reached, as buffer by itself",
  parse: nothing,
  answers: ["Buffer"],
  run: (_, { peer }) => Effect.map(peer.buffer, (rows) => [{ _tag: "Buffer", rows }]),
  show: ({ rows }, { name }) =>
    orNone(
      rows.map(({ id, messages }) => `${name(id)}: ${counted(messages, "message")}`),
      "No messages are kept: everybody they were for could be reached."
    )
})

const history = Shared.history<ChatRoom, PeerId.PeerId, Message>({
  usage: "/history [ID]",
  parse: (rest) => {
    const [name, more] = first(rest)
    if (more !== "") return mistake("One peer at a time, such as /history 11.")
    return name === "" ? Result.succeed(undefined) : idOf(name)
  },
  line: said,
  complete: reachable
})

const exit = Shared.exit("leave, as end does by itself")

const log = Shared.log("INFO", "WARNING")
const help = Shared.help(
  "An id and then text says the text to that peer, such as 11 hello. Besides:",
  "An id is only a claim: the peers between you and another can write in its name."
)
const commands = [to, peers, table, buffer, history, log, help, exit]

/** The words of the original, and `exit`. */
const words = new Map<string, Command<ChatRoom, View, Event>>(Object.entries({ table, buffer, end: exit, exit }))

const startsWithId = /^\s*[+-]?\d+(\s|$)/

/** The commands of a chat room. */
export const chatCommands: CommandTable<ChatRoom, View, Event> = {
  commands,
  withoutSlash: (line) => {
    const word = words.get(line.trim().toLowerCase())
    if (word !== undefined) return word.understand("")
    if (startsWithId.test(line)) return to.understand(line)
    const meant = find(commands, `/${first(line)[0]}`)
    return mistake(
      meant === undefined
        ? "Say to whom: an id and then the text, such as 11 hello. /peers shows who is there."
        : `Commands begin with a slash. Did you mean ${meant.name}?`
    )
  },
  hint: "/help lists what there is.",
  beginnings: reachable
}
