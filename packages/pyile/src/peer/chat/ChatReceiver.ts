/**
 * The receiving side of a peer's chat: answers members' messages, remembers and publishes them. A batch of requests is
 * handled by one fiber, as each message comes over a connection of its own.
 */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { PythonJson, Requests } from "@peerage/wire"
import { Effect, Metric, Queue, Result, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../../codec/Frame.ts"
import type * as Message from "../../codec/Message.ts"
import * as Chat from "../../exchange/Chat.ts"
import type { PyileEvent, ReceivedMessage } from "../../PyileEvent.ts"
import { bytesMetric } from "../Events.ts"
import * as Members from "../Members.ts"
import type { Chatting } from "../PeerContext.ts"
import type { Filing } from "./History.ts"

/** Receives for the scope's life. Connections from hosts without a member are closed unread. */
export const run = Effect.fnUntraced(function*(
  context: Chatting,
  alias: string
): Effect.fn.Return<never, never, Scope.Scope> {
  const { budget, chat, config, membership } = context
  const requests = yield* Requests.serve(chat, {
    format,
    limit: config.maxReceivedBytes,
    budget,
    within: config.chatTimeout,
    admits: (remote, identity) =>
      Effect.map(membership.members, (members) => Members.knows(members, originOf({ remote, identity })))
  })
  let aliases: Aliases = new Map()
  while (true) aliases = yield* receive(context, alias, yield* Queue.takeAll(requests), aliases)
})

/** Answers a batch, then remembers and publishes all of it at once. Gives the aliases seen so far. */
const receive = Effect.fnUntraced(function*(
  { config, events, history, membership }: Chatting,
  alias: string,
  arrivals: ReadonlyArray<Requests.Arrival>,
  known: Aliases
) {
  const members = yield* membership.members
  const told: Array<PyileEvent> = []
  const sizes: Array<number> = []
  const filings: Array<Filing> = []
  let [aliases, received] = [known, 0]
  for (const arrival of arrivals) {
    const origin = originOf(arrival)
    if (arrival._tag === "NotAdmitted") {
      told.push({ _tag: "Rejected", ...origin, reason: "NotAMember" })
      continue
    }
    const chat = arrival._tag === "Garbled" ? undefined : yield* Effect.result(Chat.respond(arrival, alias))
    if (arrival._tag === "Garbled" || chat === undefined || Result.isFailure(chat)) {
      told.push({ _tag: "Rejected", ...origin, reason: "MalformedMessage" })
      continue
    }
    const message = interpret(chat.success, arrival, members)
    const seen = withAlias(aliases, message, config.maxConversations)
    aliases = seen.aliases
    told.push(...seen.told, { _tag: "Message", ...message })
    const memory = PythonJson.memoryOf(arrival.frame)
    sizes[told.length - 1] = memory
    filings.push(filingOf(message, memory))
    received += arrival.frame.length
  }
  if (filings.length > 0) {
    yield* Metric.update(bytesMetric, received)
    yield* history.file(filings)
  }
  yield* events.publish(told, sizes)
  return aliases
})

const originOf = ({ identity, remote }: Requests.Origin) => ({
  host: NetAddress.formatHost(remote),
  ...(identity === undefined ? {} : { key: identity })
})

const aliasLength = 64

const interpret = (
  chat: Message.Chat,
  arrival: Requests.Origin,
  members: Members.Members<unknown>
): ReceivedMessage => {
  const { remote } = arrival
  const { host, ...key } = originOf(arrival)
  const claimed = PeerAddress.from(chat.from.host, chat.from.port)
  return {
    // Quirk: an original may name itself by what it was bound to, which need be no address: then where it came from.
    from: claimed ?? PeerAddress.from(host, chat.from.port) ?? PeerAddress.at(host, remote.port),
    to: chat.to === "Broadcast" ? chat.to : "other" in chat.to ? chat.to.other : textOf(chat.to),
    alias: chat.alias.replace(/\p{C}/gu, "").slice(0, aliasLength),
    sender: Members.judge(members, { host, ...key }, claimed),
    data: chat.data,
    ...key
  }
}

const textOf = ({ host, port }: Message.Address): string => `${host}:${port}`

/** The latest alias of each sender, the longest known first. */
type Aliases = ReadonlyMap<PeerAddress.PeerAddress, string>

/** Notes the alias of a member; an event tells a new one. At most `limit` are remembered. */
const withAlias = (
  aliases: Aliases,
  { alias, from: peer, sender }: ReceivedMessage,
  limit: number
): { readonly aliases: Aliases; readonly told: ReadonlyArray<PyileEvent> } => {
  if (sender === "Mismatch" || aliases.get(peer) === alias) return { aliases, told: [] }
  const noted = new Map(aliases)
  noted.delete(peer)
  noted.set(peer, alias)
  const oldest = noted.keys().next().value
  if (noted.size > limit && oldest !== undefined) noted.delete(oldest)
  return { aliases: noted, told: [{ _tag: "AliasSeen", peer, alias }] }
}

/** Messages under a false name share one conversation, so that nobody can fill or displace those of others. */
const filingOf = ({ alias, data, from, sender, to }: ReceivedMessage, bytes: number): Filing => ({
  conversation: to === "Broadcast" ? to : sender === "Mismatch" ? sender : from,
  entry: { from, own: false, alias, sender, data },
  bytes
})
