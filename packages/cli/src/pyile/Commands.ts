/**
 * The commands of a Pyile room, of a member and of the host. Any other line is said to everybody.
 *
 *     hello                        says it to everybody
 *     /to 10.0.0.2:49152 hello     says it to one
 *     /ban 10.0.0.0/24 2h          the host only, see `HostCommands`
 */
import { jsonValue } from "@peerage/console/Json"
import { printable, shown } from "@peerage/console/Printable"
import { inPyile } from "@peerage/console/Reasons"
import { ChatSender, type History, type JoinPeer, type PeerAddress, type PyileEvent } from "@peerage/pyile"
import { Effect, identity, Result, SubscriptionRef } from "effect"
import { type Mistake, mistake, roomCommand } from "../room/Command.ts"
import type { CommandTable } from "../room/CommandTable.ts"
import * as Shared from "../room/SharedCommands.ts"
import { doubt, iso, orNone, timeOfDay } from "../room/Style.ts"
import { first, firstAndText } from "../room/Words.ts"
import { type Aliases, resolve } from "./Aliases.ts"
import { hostCommands, type HostRoom } from "./HostCommands.ts"
import { type Event, type PyileView, type Said } from "./Narrate.ts"

/** What the commands of a member work on. */
export interface PyileRoom {
  readonly peer: Pick<JoinPeer.JoinPeerService, "self" | "peers" | "keys" | "status" | "send" | "broadcast">
  readonly history: Pick<History.History, "messages" | "conversations">
  readonly journal: Shared.Logging<History.Level>["journal"]
  readonly aliases: Aliases
}

const command = roomCommand<PyileRoom, PyileView, Event>()

const readValue = jsonValue((text) => Result.mapError(ChatSender.parse(text), ({ problem }) => problem))
const value = (text: string) => Result.orElse(readValue(text), mistake)

const named = ({ aliases, peer }: PyileRoom, name: string) =>
  Effect.flatMap(SubscriptionRef.get(peer.peers), (peers) => Effect.fromResult(resolve(name, peers, aliases)))

/** Everybody that a name can mean: aliases without blanks, then addresses. */
const names = ({ aliases, peer }: PyileRoom): ReadonlyArray<string> => {
  const peers = SubscriptionRef.getUnsafe(peer.peers)
  const known = peers.flatMap((peer) => aliases.get(peer) ?? [])
  return [...known.filter((alias) => alias !== "" && !/[\s"]/.test(alias)), ...peers]
}

const sent = <E>(
  to: "Broadcast" | ReadonlyArray<PeerAddress.PeerAddress>,
  data: History.Entry["data"],
  sending: Effect.Effect<PyileEvent.Delivery, E>
) => Effect.map(sending, (delivery) => [{ _tag: "Sent", to, data, ...delivery } as const])

const to = command({
  usage: "/to PEER TEXT",
  says: true,
  does: "say something to one peer: its host:port, or an alias that only one peer has",
  parse: (rest) => {
    const [name, text] = firstAndText(rest)
    if (name === "") return mistake("Say to whom and what, such as /to 10.0.0.2:49152 hello.")
    if (text.trim() === "") return mistake(`Say what to tell ${printable(name)}, such as /to ${printable(name)} hello.`)
    const [word, json] = first(text)
    const data: Result.Result<History.Entry["data"], Mistake> = word === "/json" ? value(json) : Result.succeed(text)
    return Result.map(data, (data) => ({ name, data }))
  },
  answers: ["Sent"],
  run: ({ data, name }, room) =>
    Effect.flatMap(named(room, name), (peer) => sent([peer], data, room.peer.send(peer, data))),
  show: ({ acknowledged, failed, written }, { name, style }) =>
    acknowledged.length + written.length + failed.length === 0
      ? [style.yellow("Nobody heard that: you are alone here.")]
      : failed.map(({ peer, reason }) => style.red(`! ${name(peer)} did not get it: ${inPyile(reason)}`)),
  complete: names
})

const toAll = (usage: string, does: string, parse: (rest: string) => Result.Result<History.Entry["data"], Mistake>) =>
  command({
    usage,
    does,
    says: true,
    parse,
    answers: ["Sent"],
    run: (data, { peer }) => sent("Broadcast", data, peer.broadcast(data))
  })

const json = toAll("/json VALUE", "say any JSON value to everybody; /to PEER /json VALUE to one", value)
const say = toAll(
  "/say TEXT",
  "say something that would otherwise be a command",
  (rest) => rest.trim() === "" ? mistake("Say what, such as /say exit.") : Result.succeed(rest)
)

const peers = Shared.peers({
  does: "who is here",
  idOf: identity<PeerAddress.PeerAddress>,
  away: ({ peer }: PyileRoom) => Shared.isAway(peer.status),
  keys: ({ peer }) => peer.keys
})

const broadcast = "Broadcast"

const history = command({
  usage: "/history [PEER]",
  does: "what was said to everybody, or to and by one peer",
  parse: (rest) => {
    const [name, more] = first(rest)
    return more === ""
      ? Result.succeed(name === "" ? broadcast : name)
      : mistake("One peer at a time, such as /history 10.0.0.2:49152. An alias with blanks needs quotes.")
  },
  answers: ["History"],
  run: Effect.fnUntraced(function*(name: string, room: PyileRoom) {
    const conversation = name === broadcast ? name : yield* named(room, name)
    const [messages, conversations] = [yield* room.history.messages(conversation), yield* room.history.conversations]
    const dated = messages.map(({ alias, at, data, from, own, sender }) => (
      { at: iso(at), from, own, alias, sender, data }
    ))
    return [{ _tag: "History", conversation, messages: dated, conversations } as const]
  }),
  show: ({ conversation, conversations, messages }, view) => [
    ...orNone(
      messages.map((message) => line(message, view)),
      `Nothing was said to ${conversation === broadcast ? "everybody" : view.name(conversation)} yet.`
    ),
    ...Shared.alsoKept(conversations.filter((name) => name !== conversation && name !== broadcast), view)
  ],
  complete: names
})

const line = ({ alias, at, data, from, own, sender }: Said, { style }: PyileView): string => {
  const name = `${alias === undefined || alias === "" ? "" : `${printable(alias)} `}${printable(from)}`
  const who = own ? style.bold("you") : style.named(from, name)
  return `${style.dim(timeOfDay(at))} ${doubt(style, sender)}${who}: ${shown(data)}`
}

const talk = [to, json, say, peers, history, Shared.log("INFO", "WARNING", "ERROR")]
const help = Shared.help(
  "What you type is said to everybody. Besides:",
  "~ before a message: several peers share that address, so that it may be from any of them."
)
const exit = Shared.exit("leave")

const shared: Pick<CommandTable<PyileRoom, PyileView, Event>, "withoutSlash" | "hint"> = {
  // Any line is said, but for the words of the original.
  withoutSlash: (line) => {
    const word = line.trim()
    return word === "exit" ? exit.understand("") : word === "peers" ? peers.understand("") : say.understand(line)
  },
  hint: "/help lists what there is; /say says it as it is."
}

/** The commands of a member. */
export const memberTable: CommandTable<PyileRoom, PyileView, Event> = {
  ...shared,
  commands: [...talk, help, exit],
  elsewhere: {
    commands: hostCommands,
    refuse: (name) => ({ reason: "HostOnly", message: `Only the host can ${name}.` })
  }
}

/** The commands of the host. */
export const hostTable: CommandTable<PyileRoom & HostRoom, PyileView, Event> = {
  ...shared,
  commands: [...talk, ...hostCommands, help, exit]
}
