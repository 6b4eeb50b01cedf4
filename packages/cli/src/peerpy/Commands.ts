/**
 * The commands of a PeerPy room, of a listening peer and of one with a single connection. Any other line is said to
 * everybody who is connected.
 *
 *     hello                         says it to everybody who is connected
 *     /to 10.0.0.2:20000 hello      says it to one
 *     /accept 10.0.0.2:20000        the listening side only, see `ConnectionCommands`
 */
import { type Connected, connected } from "@peerage/console/Connections"
import { type Content, shown } from "@peerage/console/Content"
import type { Conversations } from "@peerage/console/Conversations"
import type { Journal } from "@peerage/console/Journal"
import { type Message, say } from "@peerage/console/PeerPyTalk"
import { printable } from "@peerage/console/Printable"
import type { Reader } from "@peerage/console/Reader"
import { inPeerPy } from "@peerage/console/Reasons"
import { bytesContent, contentOf, jsonContent, textContent } from "@peerage/console/Typed"
import { PeerAddress } from "@peerage/transport"
import { Effect, Predicate, Result } from "effect"
import { type Mistake, mistake, roomCommand } from "../room/Command.ts"
import type { CommandTable } from "../room/CommandTable.ts"
import * as Shared from "../room/SharedCommands.ts"
import { firstAndText } from "../room/Words.ts"
import * as ConnectionCommands from "./ConnectionCommands.ts"
import { type Event, type PeerPyView } from "./Narrate.ts"
import { textOf } from "./Text.ts"

/** What the commands of a PeerPy room work on. */
export interface PeerPyRoom extends ConnectionCommands.ConnectionRoom {
  readonly conversations: Conversations<PeerAddress.PeerAddress, Message>
  readonly journal: Journal<Event>
}

const command = roomCommand<PeerPyRoom, PeerPyView, Event>()

const sendToOne = (room: PeerPyRoom, one: Connected, content: Content) =>
  Effect.as(
    say(room, one.connection, content),
    [{ _tag: "Sent", to: [one.peer], data: shown(content), written: [one.peer], failed: [] }] as const
  )

/** Sends to everybody there is: all at once, as a slow reader must not hold up the others. */
const sendToAll = Effect.fnUntraced(function*(content: Content, room: PeerPyRoom) {
  const all = yield* connected(room.peer)
  if (all.length <= 1) return yield* sendToOne(room, yield* ConnectionCommands.chosen(room, undefined), content)
  const [written, failed] = yield* Effect.partition(all, (one) =>
    Effect.mapBoth(say(room, one.connection, content), {
      onSuccess: () => one.peer,
      onFailure: ({ reason }) => ({ peer: one.peer, reason: reason._tag })
    }), { concurrency: "unbounded" })
  return [{ _tag: "Sent", to: "Broadcast", data: shown(content), written, failed }] as const
})

const orMistake = (read: Reader<Content>) => (text: string): Result.Result<Content, Mistake> =>
  Result.orElse(read(text), mistake)

const to = command({
  usage: "/to PEER TEXT",
  says: true,
  does: "say something to one peer: the host:port it goes by, or the one it comes from",
  parse: (rest) => {
    const [name, typed] = firstAndText(rest)
    if (name === "") return mistake("Say to whom and what, such as /to 10.0.0.2:20000 hello.")
    if (typed.trim() === "") {
      return mistake(`Say what to tell ${printable(name)}, such as /to ${printable(name)} hello.`)
    }
    return Result.map(orMistake(contentOf)(typed), (content) => ({ name, content }))
  },
  answers: ["Sent"],
  run: ({ content, name }, room) =>
    Effect.flatMap(ConnectionCommands.chosen(room, name), (one) => sendToOne(room, one, content)),
  show: ({ failed }, { style }) =>
    failed.map(({ peer, reason }) => style.red(`! ${peer} did not get it: ${inPeerPy(reason)}`)),
  complete: ConnectionCommands.peerNames
})

const toAll = (usage: string, does: string, parse: (rest: string) => Result.Result<Content, Mistake>) =>
  command({ usage, does, says: true, parse, answers: ["Sent"], run: sendToAll })

const json = toAll("/json VALUE", "say any JSON value; /to PEER /json VALUE to one", orMistake(jsonContent))
const hex = toAll("/hex DIGITS", "say bytes, such as /hex 00 ff; /to PEER /hex DIGITS to one", orMistake(bytesContent))
const sayAsIs = toAll(
  "/say TEXT",
  "say something that would otherwise be a command",
  (rest) => rest.trim() === "" ? mistake("Say what, such as /say /help.") : Result.succeed(textContent(rest))
)

/** Own messages are kept as they were typed: as JSON, where bytes are an object. */
const typedIn = ({ data, type }: Message): Pick<Message, "data" | "type"> => {
  const bytes = type === "bytes" && Predicate.hasProperty(data, "base64") ? data.base64 : undefined
  return Predicate.isString(bytes) ? { type, data: bytes } : { type: "json", data }
}

const history = Shared.history<PeerPyRoom, PeerAddress.PeerAddress, Message>({
  usage: "/history [PEER]",
  parse: (rest) => {
    const peer = PeerAddress.parse(rest)
    return peer === undefined && rest !== ""
      ? mistake(`"${printable(rest)}" is no peer: give one host:port, such as 10.0.0.2:20000.`)
      : Result.succeed(peer)
  },
  line: (message, { name, style }) =>
    message.own
      ? `${style.bold("you")} to ${name(message.peer)}: ${textOf(typedIn(message))}`
      : `${name(message.peer)}: ${textOf(message)}`,
  complete: ConnectionCommands.peerNames
})

const { connectorCommands, listenerCommands, listenersOnly } = ConnectionCommands
const talk = [to, json, hex, sayAsIs]
const log = Shared.log("INFO", "WARNING")
const exit = Shared.exit("leave")

const remark = "An address is only a claim: nobody has to prove where they listen."
const listenersHelp = Shared.help(
  "What you type is said to everybody who is connected, each in the kind of its connection. Besides:",
  remark
)
const connectorsHelp = Shared.help("What you type is said to the other end. Besides:", remark)

const shared = { withoutSlash: sayAsIs.understand, hint: "/help lists what there is; /say says it as it is." }

/** The commands of a listening peer. */
export const listenerTable: CommandTable<PeerPyRoom, PeerPyView, Event> = {
  ...shared,
  commands: [...talk, ...listenerCommands, history, log, listenersHelp, exit]
}

/** The commands of a peer with a single connection. */
export const connectorTable: CommandTable<PeerPyRoom, PeerPyView, Event> = {
  ...shared,
  commands: [...talk, ...connectorCommands, history, log, connectorsHelp, exit],
  elsewhere: {
    commands: listenersOnly,
    refuse: (name) => ({ reason: "ListenerOnly", message: `Only somebody who listens has ${name}.` })
  }
}
