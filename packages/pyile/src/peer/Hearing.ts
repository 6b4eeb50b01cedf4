/**
 * The listening side of a peer's chat: who is listened to, what was said, and the answers.
 *
 * A connection that lives for one message gets no fiber: bytes are gathered in plain callbacks, and one fiber digests
 * all messages that are there, a batch at a time.
 */
import { type Pipe, Sweeper, Timeouts } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Link } from "@peerage/wire"
import { Duration, Effect, Metric, Queue, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../codec/Frame.ts"
import * as Message from "../codec/Message.ts"
import * as Chat from "../exchange/Chat.ts"
import type { PyileEvent, ReceivedMessage } from "../PyileEvent.ts"
import type { Base } from "./Base.ts"
import { bytesMetric } from "./Events.ts"
import type { Membership } from "./Membership.ts"
import type { Filing } from "./Messenger.ts"

/** A connection that has said something; `frame` is undefined when it was no message. */
interface Heard {
  readonly pipe: Pipe.Pipe
  readonly frame: Uint8Array | undefined
}

/** Listens for the scope's life: members are heard, strangers' connections are closed, and no one outstays its time. */
export const make = Effect.fnUntraced(function*(base: Base, alias: string) {
  const heard = yield* Queue.unbounded<Heard>()
  const speaking = yield* gather(base, heard)
  yield* Effect.forkScoped(digest(base, alias, heard))
  yield* Effect.forkScoped(welcome(base, speaking))
})

/** The connections that have not finished. They end with the scope, and when a message takes longer than it may. */
const gather = Effect.fnUntraced(function*({ config }: Base, heard: Queue.Enqueue<Heard>) {
  const patience = Duration.toMillis(config.chatTimeout)
  const open = new Map<Pipe.Pipe, number>()
  const tell = (pipe: Pipe.Pipe, frame: Uint8Array | undefined) => void Queue.offerUnsafe(heard, { pipe, frame })
  const hearing: Chat.Hearing = {
    heard: tell,
    garbled: (pipe) => tell(pipe, undefined),
    closed: (pipe) => void open.delete(pipe)
  }
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      for (const pipe of [...open.keys()]) pipe.close()
    })
  )
  // All have the same time, so the first to come is the first that is due.
  const earliest = () => Sweeper.first(open) + patience
  const sweep = (now: number) =>
    Effect.sync(() => {
      for (const pipe of open.keys()) {
        if (earliest() > now) return
        open.delete(pipe)
        pipe.reset()
      }
    })
  const sweeper = Sweeper.sweeper(sweep, earliest)
  yield* Effect.forkScoped(sweeper.run)
  return (pipe: Pipe.Pipe, now: number) => {
    open.set(pipe, now)
    sweeper.expect(now + patience)
    Chat.respond(pipe, config.maxReceivedBytes, hearing)
  }
})

/** Listens to members; closes the connections of others, who learn nothing by it. */
const welcome = Effect.fnUntraced(function*(
  { chat, events, membership }: Base,
  listen: (pipe: Pipe.Pipe, now: number) => void
) {
  while (true) {
    const strangers: Array<PyileEvent> = []
    const arrived = yield* Queue.takeAll(chat.accepted)
    const now = yield* Timeouts.now
    for (const pipe of arrived) {
      const host = NetAddress.formatHost(pipe.remote)
      if (membership.knows(host)) listen(pipe, now)
      else {
        pipe.close()
        strangers.push({ _tag: "Rejected", host, reason: "NotAMember" })
      }
    }
    yield* events.publish(strangers)
  }
})

/** Answers a batch of messages, then tells about all of them at once. */
const digest = Effect.fnUntraced(function*(base: Base, alias: string, heard: Queue.Dequeue<Heard>) {
  const { config, events, membership, messenger } = base
  const aliases = new Map<string, string>()
  while (true) {
    const told: Array<PyileEvent> = []
    const filings: Array<Filing> = []
    let bytes = 0
    for (const { frame, pipe } of yield* Queue.takeAll(heard)) {
      const host = NetAddress.formatHost(pipe.remote)
      const decoded = frame === undefined ? undefined : Link.decode(format, Message.Chat, frame)
      if (frame === undefined || decoded === undefined || Result.isFailure(decoded)) {
        pipe.close()
        told.push({ _tag: "Rejected", host, reason: "MalformedMessage" })
        continue
      }
      Chat.reply(pipe, Message.replyTo(frame, alias))
      bytes += frame.length
      const message = interpret(decoded.success, host, membership)
      const seen = newAlias(aliases, message, config.maxConversations)
      if (seen !== undefined) told.push(seen)
      told.push({ _tag: "Message", ...message })
      filings.push(filingOf(message, frame.length))
    }
    if (bytes > 0) yield* Metric.update(bytesMetric, bytes)
    if (filings.length > 0) yield* messenger.file(filings)
    yield* events.publish(told)
  }
})

const aliasLength = 64

const interpret = (chat: Message.Chat, host: string, membership: Membership): ReceivedMessage => ({
  from: textOf(chat.from),
  to: chat.to === "Broadcast" ? chat.to : "other" in chat.to ? chat.to.other : textOf(chat.to),
  alias: chat.alias.replace(/\p{C}/gu, "").slice(0, aliasLength),
  sender: membership.judge(host, PeerAddress.from(chat.from.host, chat.from.port)),
  data: chat.data
})

const textOf = ({ host, port }: Message.Address): string => `${host}:${port}`

/** Notes a member's alias; an event when it is a new one. */
const newAlias = (
  aliases: Map<string, string>,
  { alias = "", from, sender }: ReceivedMessage,
  limit: number
): PyileEvent | undefined => {
  const peer = PeerAddress.parse(from)
  if (peer === undefined || sender === "Mismatch" || aliases.get(peer) === alias) return undefined
  aliases.delete(peer)
  aliases.set(peer, alias)
  const oldest = aliases.keys().next().value
  if (aliases.size > limit && oldest !== undefined) aliases.delete(oldest)
  return { _tag: "AliasSeen", peer, alias }
}

/** Messages under a false name share one conversation, so that nobody can fill or displace those of others. */
const filingOf = ({ alias, data, from, sender, to }: ReceivedMessage, bytes: number): Filing => ({
  conversation: to === "Broadcast" ? to : sender === "Mismatch" ? sender : from,
  entry: { from, own: false, alias, sender, data },
  bytes
})
