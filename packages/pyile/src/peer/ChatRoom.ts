/** The chat of one peer, both ways: who may speak to it, what it heard, whom it told and who got it. */
import type { Pipe } from "@peerage/transport"
import { Link } from "@peerage/wire"
import { Effect, Metric, Queue, Result, type Schema, type Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../codec/Frame.ts"
import * as Message from "../codec/Message.ts"
import * as PeerAddress from "../codec/PeerAddress.ts"
import * as Chat from "../exchange/Chat.ts"
import { toWire } from "../exchange/Introduction.ts"
import { MessageTooLarge, NotAMember, NotJson, SendError } from "../PyileError.ts"
import type { Delivery, PyileEvent, ReceivedMessage } from "../PyileEvent.ts"
import type { Base } from "./Base.ts"
import { bytesMetric } from "./Events.ts"
import type { Membership } from "./Membership.ts"

/** How this peer appears to another: the address it is known by there, and where to dial from. */
export interface Appearance {
  readonly self: PeerAddress.PeerAddress
  readonly from: NetAddress.IpAddress | undefined
}

/** Who speaks. */
export interface Speaker {
  /** Free text that goes with each message. */
  readonly alias: string
  readonly self: PeerAddress.PeerAddress
  readonly appearance: (to: PeerAddress.PeerAddress) => Appearance
}

/** Sending, to some or to all. */
export interface ChatRoom {
  readonly send: (
    to: PeerAddress.PeerAddress | ReadonlyArray<PeerAddress.PeerAddress>,
    data: Schema.Json
  ) => Effect.Effect<Delivery, SendError>
  readonly broadcast: (data: Schema.Json) => Effect.Effect<Delivery, SendError>
}

/** Listens for the scope's life. */
export const make = Effect.fnUntraced(function*(
  base: Base,
  speaker: Speaker
): Effect.fn.Return<ChatRoom, never, Scope.Scope> {
  yield* Effect.forkScoped(hear(base, speaker.alias))
  return sender(base, speaker)
})

// ---- hearing

type Heard =
  | { readonly _tag: "Frame"; readonly pipe: Pipe.Pipe; readonly frame: Uint8Array }
  | { readonly _tag: "Garbled"; readonly pipe: Pipe.Pipe }

const hear = Effect.fnUntraced(function*(base: Base, alias: string) {
  const heard = yield* Queue.unbounded<Heard>()
  yield* Effect.forkChild(welcome(base, heard))
  const aliases = new Map<string, string>()
  while (true) yield* digest(base, alias, aliases, yield* Queue.takeAll(heard))
})

/** Listens to members; closes the connections of others, who learn nothing by it. */
const welcome = Effect.fnUntraced(function*({ chat, config, events, membership }: Base, heard: Queue.Enqueue<Heard>) {
  const hearing: Chat.Hearing = {
    heard: (pipe, frame) => void Queue.offerUnsafe(heard, { _tag: "Frame", pipe, frame }),
    garbled: (pipe) => void Queue.offerUnsafe(heard, { _tag: "Garbled", pipe })
  }
  while (true) {
    const strangers: Array<PyileEvent> = []
    for (const pipe of yield* Queue.takeAll(chat.accepted)) {
      const host = NetAddress.formatHost(pipe.remote)
      if (membership.knows(host)) Chat.respond(pipe, config.maxReceivedBytes, hearing)
      else {
        pipe.close()
        strangers.push({ _tag: "Rejected", host, reason: "NotAMember" })
      }
    }
    yield* events.publish(strangers)
  }
})

/** Answers a batch of messages, then tells about all of them at once. */
const digest = Effect.fnUntraced(
  function*(base: Base, alias: string, aliases: Map<string, string>, batch: ReadonlyArray<Heard>) {
    const { config, events, membership, messenger } = base
    const told: Array<PyileEvent> = []
    let bytes = 0
    for (const item of batch) {
      const host = NetAddress.formatHost(item.pipe.remote)
      const decoded = item._tag === "Frame" ? Link.decode(format, Message.Chat, item.frame) : undefined
      if (item._tag === "Garbled" || decoded === undefined || Result.isFailure(decoded)) {
        item.pipe.close()
        told.push({ _tag: "Rejected", host, reason: "MalformedMessage" })
        continue
      }
      Chat.reply(item.pipe, Message.replyTo(item.frame, alias))
      bytes += item.frame.length
      const message = interpret(decoded.success, host, membership)
      const peer = PeerAddress.parse(message.from)
      if (peer !== undefined && message.sender !== "Mismatch" && aliases.get(peer) !== message.alias) {
        remember(aliases, peer, message.alias ?? "", config.maxConversations)
        told.push({ _tag: "AliasSeen", peer, alias: message.alias ?? "" })
      }
      told.push({ _tag: "Message", ...message })
      yield* messenger.file(conversationOf(message), {
        from: message.from,
        own: false,
        alias: message.alias,
        sender: message.sender,
        data: message.data
      })
    }
    yield* Metric.update(bytesMetric, bytes)
    yield* events.publish(told)
  }
)

const remember = (aliases: Map<string, string>, peer: string, alias: string, limit: number) => {
  aliases.delete(peer)
  aliases.set(peer, alias)
  const oldest = aliases.keys().next().value
  if (aliases.size > limit && oldest !== undefined) aliases.delete(oldest)
}

const aliasLength = 64

const interpret = (chat: Message.Chat, host: string, membership: Membership): ReceivedMessage => ({
  from: textOf(chat.from),
  to: chat.to === "Broadcast" ? chat.to : "other" in chat.to ? chat.to.other : textOf(chat.to),
  alias: chat.alias.replace(/\p{C}/gu, "").slice(0, aliasLength),
  sender: membership.judge(host, PeerAddress.from(chat.from.host, chat.from.port)),
  data: chat.data
})

const textOf = ({ host, port }: Message.Address): string => `${host}:${port}`

/** Quirk: as at the original, a message whose receiver is no address is filed under that receiver. */
const conversationOf = ({ from, to }: ReceivedMessage): string =>
  to === "Broadcast" ? to : typeof to === "string" && PeerAddress.parse(to) !== undefined ? from : JSON.stringify(to)

// ---- speaking

interface Letter {
  readonly peer: PeerAddress.PeerAddress
  readonly bytes: Uint8Array
  readonly from: NetAddress.IpAddress | undefined
}

const sender = (base: Base, speaker: Speaker): ChatRoom => {
  const { config, events, membership, messenger } = base

  const write = (
    peer: PeerAddress.PeerAddress,
    to: Message.Receiver,
    data: Schema.Json
  ): Result.Result<Letter, SendError> => {
    const { from, self } = speaker.appearance(peer)
    const encoded = Link.encode(format, Message.Chat, { data, alias: speaker.alias, to, from: toWire(self) })
    if (Result.isFailure(encoded)) return Result.fail(new SendError({ reason: new NotJson({ problem: encoded.failure.reason }) }))
    const { length } = encoded.success
    return length > config.maxMessageBytes
      ? Result.fail(new SendError({ reason: new MessageTooLarge({ bytes: length, limit: config.maxMessageBytes }) }))
      : Result.succeed({ peer, bytes: encoded.success, from })
  }

  const deliver = ({ bytes, from, peer }: Letter) =>
    Chat.initiate(base.transport, peer, bytes, {
      from: from === undefined ? undefined : { host: from },
      connectTimeout: config.chatConnectTimeout,
      replyWithin: config.replyTimeout,
      limit: config.maxReceivedBytes + bytes.length
    }).pipe(
      Effect.match({
        onSuccess: (outcome) => ({ peer, outcome, reason: "" }),
        onFailure: (error) => ({ peer, outcome: "Failed" as const, reason: error._tag })
      })
    )

  const deliverAll = Effect.fnUntraced(function*(
    letters: ReadonlyArray<Letter>,
    strangers: ReadonlyArray<PeerAddress.PeerAddress>
  ) {
    const results = yield* Effect.forEach(letters, deliver, { concurrency: config.sendConcurrency })
    const of = (wanted: string) => results.filter(({ outcome }) => outcome === wanted).map(({ peer }) => peer)
    yield* Metric.update(bytesMetric, letters.reduce((sum, { bytes }) => sum + bytes.length, 0))
    const delivery: Delivery = {
      acknowledged: of("Acknowledged"),
      written: of("Written"),
      failed: [
        ...results.filter(({ outcome }) => outcome === "Failed").map(({ peer, reason }) => ({ peer, reason })),
        ...strangers.map((peer) => ({ peer, reason: new NotAMember({ peer })._tag }))
      ]
    }
    return delivery
  })

  const file = (conversation: string, data: Schema.Json) =>
    messenger.file(conversation, { from: speaker.self, own: true, alias: speaker.alias, sender: undefined, data })

  return {
    send: Effect.fnUntraced(function*(to, data) {
      const receivers = [...new Set(typeof to === "string" ? [to] : to)]
      const members = receivers.filter(membership.has)
      const letters: Array<Letter> = []
      for (const peer of members) letters.push(yield* Effect.fromResult(write(peer, toWire(peer), data)))
      const delivery = yield* deliverAll(letters, receivers.filter((peer) => !membership.has(peer)))
      const failed = new Set(delivery.failed.map(({ peer }) => peer))
      for (const peer of members) {
        if (!failed.has(peer)) yield* file(peer, data)
      }
      yield* events.publish([{ _tag: "Sent", to: receivers, data, ...delivery }])
      return delivery
    }),
    broadcast: Effect.fnUntraced(function*(data) {
      const letters: Array<Letter> = []
      const known = new Map<PeerAddress.PeerAddress, Letter>()
      for (const peer of yield* SubscriptionRef.get(membership.peers)) {
        const { from, self } = speaker.appearance(peer)
        const same = known.get(self) ?? (yield* Effect.fromResult(write(peer, "Broadcast", data)))
        known.set(self, same)
        letters.push({ ...same, peer, from })
      }
      const delivery = yield* deliverAll(letters, [])
      yield* file("Broadcast", data)
      yield* events.publish([{ _tag: "Sent", to: "Broadcast", data, ...delivery }])
      return delivery
    })
  }
}
