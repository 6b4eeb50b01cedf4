/** The sending side of a peer's chat: to one, to several, or to all, with a report of who got it. */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { PythonJson } from "@peerage/wire"
import { Effect, Metric, Result } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type * as Message from "../../codec/Message.ts"
import * as Chat from "../../exchange/Chat.ts"
import { toWire } from "../../exchange/Introduction.ts"
import { MessageTooLarge, NotJson, SendError } from "../../PyileError.ts"
import type { Delivery, Undelivered } from "../../PyileEvent.ts"
import { bytesMetric } from "../Events.ts"
import * as Members from "../Members.ts"
import type { Chatting } from "../PeerContext.ts"

/** How this peer appears to another: the address it is known by there, and where to dial from. */
export interface Appearance {
  readonly self: PeerAddress.PeerAddress
  readonly from: NetAddress.IpAddress | undefined
}

/** Who sends. */
export interface Sender {
  /** Free text that goes with each message. */
  readonly alias: string
  /** How it appears now: to a member, or without one, to itself. */
  readonly appearance: Effect.Effect<(to?: PeerAddress.PeerAddress) => Appearance>
}

/** Sending, to some or to all. Fails before anything is sent; what happens to single receivers is in the `Delivery`. */
export interface ChatSender {
  /** `data` is any JSON value, with bigints for integers beyond 2^53. Receivers that are not in the network are reported as `NotAMember`. */
  readonly send: (
    to: PeerAddress.PeerAddress | ReadonlyArray<PeerAddress.PeerAddress>,
    data: Message.Data
  ) => Effect.Effect<Delivery, SendError>
  /** Sends to all members. */
  readonly broadcast: (data: Message.Data) => Effect.Effect<Delivery, SendError>
}

// What is nested deeper can be read, but not written.
const sendable = { ...PythonJson.defaults, depth: PythonJson.maxPrintedDepth }

/** Reads a value to send from JSON, with exact integers. Fails with `NotJson`, also where it is nested too deep to be sent. */
export const parse = (text: string): Result.Result<Message.Data, NotJson> =>
  Result.mapError(PythonJson.parseText(text, "exact", sendable), ({ reason }) => new NotJson({ problem: reason }))

/** Sends as `sender`. */
export const make = (context: Chatting, sender: Sender): ChatSender => {
  const encode = (self: PeerAddress.PeerAddress, to: Message.Receiver, data: Message.Data) =>
    Effect.fromResult(encodeWithin(context.config.maxMessageBytes, {
      data,
      alias: sender.alias,
      to,
      from: toWire(self)
    }))
  return {
    send: Effect.fnUntraced(function*(to, data) {
      const receivers = [...new Set(typeof to === "string" ? [to] : to)]
      const members = yield* context.membership.members
      const appearance = yield* sender.appearance
      const strangers = receivers.filter((peer) => !Members.has(members, peer))
      const envelopes: Array<Chat.Envelope> = []
      for (const peer of receivers.filter((peer) => Members.has(members, peer))) {
        const { from, self } = appearance(peer)
        const bytes = yield* encode(self, toWire(peer), data)
        envelopes.push({ peer, bytes, from: fromHost(from), identity: Members.keyOf(members, peer) })
      }
      const delivery = yield* deliverAll(context, envelopes, strangers)
      const failed = new Set(delivery.failed.map(({ peer }) => peer))
      const delivered = envelopes.filter(({ peer }) => !failed.has(peer))
      yield* remember(
        context,
        sender,
        data,
        delivered.map(({ bytes, peer }) => [peer, PythonJson.memoryOf(bytes)] as const)
      )
      yield* context.events.publish([{ _tag: "Sent", to: receivers, data, ...delivery }])
      return delivery
    }),
    broadcast: Effect.fnUntraced(function*(data) {
      // Encoded once for all to whom this peer appears alike, and at least once, so that a bad message always fails.
      const appearance = yield* sender.appearance
      const { self: first } = appearance()
      const encoded = new Map([[first, yield* encode(first, "Broadcast", data)]])
      const envelopes: Array<Chat.Envelope> = []
      const members = yield* context.membership.members
      for (const peer of Members.list(members)) {
        const { from, self } = appearance(peer)
        const bytes = encoded.get(self) ?? (yield* encode(self, "Broadcast", data))
        encoded.set(self, bytes)
        envelopes.push({ peer, bytes, from: fromHost(from), identity: Members.keyOf(members, peer) })
      }
      const delivery = yield* deliverAll(context, envelopes, [])
      yield* remember(context, sender, data, [[
        "Broadcast",
        PythonJson.memoryOf(encoded.get(first) ?? new Uint8Array())
      ]])
      yield* context.events.publish([{ _tag: "Sent", to: "Broadcast", data, ...delivery }])
      return delivery
    })
  }
}

// The schema only says that a value does not fit; the notation says what in it.
const problemOf = ({ data }: Message.Chat): string =>
  Result.match(PythonJson.print(data, "exact"), {
    onFailure: ({ reason }) => reason,
    onSuccess: () => "the alias or the receiver is none"
  })

const encodeWithin = (limit: number, message: Message.Chat): Result.Result<Uint8Array, SendError> =>
  Result.flatMap(
    Result.mapError(
      Chat.encode(message),
      () => new SendError({ reason: new NotJson({ problem: problemOf(message) }) })
    ),
    (bytes) =>
      bytes.length > limit
        ? Result.fail(new SendError({ reason: new MessageTooLarge({ bytes: bytes.length, limit }) }))
        : Result.succeed(bytes)
  )

const fromHost = (host: NetAddress.IpAddress | undefined): Chat.Envelope["from"] =>
  host === undefined ? undefined : { host }

const deliverAll = Effect.fnUntraced(function*(
  { config, transport }: Chatting,
  envelopes: ReadonlyArray<Chat.Envelope>,
  strangers: ReadonlyArray<PeerAddress.PeerAddress>
): Effect.fn.Return<Delivery> {
  const longest = envelopes.reduce((longest, { bytes }) => Math.max(longest, bytes.length), 0)
  const outcomes = yield* Chat.initiateAll(transport, envelopes, {
    connectTimeout: config.chatConnectTimeout,
    replyWithin: config.replyTimeout,
    limit: config.maxReceivedBytes + longest,
    concurrency: config.sendConcurrency
  })
  yield* Metric.update(bytesMetric, envelopes.reduce((sum, { bytes }) => sum + bytes.length, 0))
  const peersWith = (outcome: Chat.Outcome | "Unreachable") =>
    envelopes.filter((_, index) => outcomes[index] === outcome).map(({ peer }) => peer)
  const undelivered = (reason: Undelivered["reason"]) => (peer: PeerAddress.PeerAddress) => ({ peer, reason })
  return {
    acknowledged: peersWith("Acknowledged"),
    written: peersWith("Written"),
    failed: [...peersWith("Unreachable").map(undelivered("Unreachable")), ...strangers.map(undelivered("NotAMember"))]
  }
})

const remember = Effect.fnUntraced(function*(
  { history }: Chatting,
  sender: Sender,
  data: Message.Data,
  conversations: ReadonlyArray<readonly [name: string, bytes: number]>
) {
  const { self } = (yield* sender.appearance)()
  const entry = { from: self, own: true, alias: sender.alias, sender: undefined, data }
  yield* history.file(conversations.map(([conversation, bytes]) => ({ conversation, entry, bytes })))
})
