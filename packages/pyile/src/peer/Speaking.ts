/** The speaking side of a peer's chat: to one, to several, or to all, with a report of who got it. */
import type * as PeerAddress from "@peerage/transport/PeerAddress"
import { Link } from "@peerage/wire"
import { Effect, Metric, Result, type Schema, SubscriptionRef } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import { format } from "../codec/Frame.ts"
import * as Message from "../codec/Message.ts"
import * as Chat from "../exchange/Chat.ts"
import { toWire } from "../exchange/Introduction.ts"
import { MessageTooLarge, NotJson, SendError } from "../PyileError.ts"
import type { Delivery } from "../PyileEvent.ts"
import type { Base } from "./Base.ts"
import { bytesMetric } from "./Events.ts"

/** How this peer appears to another: the address it is known by there, and where to dial from. */
export interface Appearance {
  readonly self: PeerAddress.PeerAddress
  readonly from: NetAddress.IpAddress | undefined
}

/** Who speaks. */
export interface Speaker {
  /** Free text that goes with each message. */
  readonly alias: string
  /** How it appears to a member, or without one, to itself. */
  readonly appearance: (to?: PeerAddress.PeerAddress) => Appearance
}

/** Sending, to some or to all. Fails before anything is sent; what happens to single receivers is in the `Delivery`. */
export interface Speaking {
  readonly send: (
    to: PeerAddress.PeerAddress | ReadonlyArray<PeerAddress.PeerAddress>,
    data: Schema.Json
  ) => Effect.Effect<Delivery, SendError>
  readonly broadcast: (data: Schema.Json) => Effect.Effect<Delivery, SendError>
}

interface Letter {
  readonly peer: PeerAddress.PeerAddress
  readonly bytes: Uint8Array
  readonly from: NetAddress.IpAddress | undefined
}

/** The voice of a peer. */
export const make = (base: Base, speaker: Speaker): Speaking => ({
  send: Effect.fnUntraced(function*(to, data) {
    const receivers = [...new Set(typeof to === "string" ? [to] : to)]
    const letters: Array<Letter> = []
    const strangers: Array<PeerAddress.PeerAddress> = []
    for (const peer of receivers) {
      if (!base.membership.has(peer)) strangers.push(peer)
      else {
        const { from, self } = speaker.appearance(peer)
        const bytes = yield* Effect.fromResult(write(base, speaker.alias, self, toWire(peer), data))
        letters.push({ peer, bytes, from })
      }
    }
    const delivery = yield* deliverAll(base, letters, strangers)
    const failed = new Set(delivery.failed.map(({ peer }) => peer))
    yield* file(
      base,
      speaker,
      data,
      letters.filter(({ peer }) => !failed.has(peer)).map(({ bytes, peer }) => [peer, bytes.length] as const)
    )
    yield* base.events.publish([{ _tag: "Sent", to: receivers, data, ...delivery }])
    return delivery
  }),
  broadcast: Effect.fnUntraced(function*(data) {
    // Encoded once for all to whom this peer appears alike, and at least once, so that a bad message is never taken.
    const encoded = new Map<PeerAddress.PeerAddress, Uint8Array>()
    const encode = (self: PeerAddress.PeerAddress) =>
      Result.map(write(base, speaker.alias, self, "Broadcast", data), (bytes) => {
        encoded.set(self, bytes)
        return bytes
      })
    const { length } = yield* Effect.fromResult(encode(speaker.appearance().self))
    const letters: Array<Letter> = []
    for (const peer of yield* SubscriptionRef.get(base.membership.peers)) {
      const { from, self } = speaker.appearance(peer)
      letters.push({ peer, bytes: encoded.get(self) ?? (yield* Effect.fromResult(encode(self))), from })
    }
    const delivery = yield* deliverAll(base, letters, [])
    yield* file(base, speaker, data, [["Broadcast", length]])
    yield* base.events.publish([{ _tag: "Sent", to: "Broadcast", data, ...delivery }])
    return delivery
  })
})

const write = (
  { config }: Base,
  alias: string,
  self: PeerAddress.PeerAddress,
  to: Message.Receiver,
  data: Schema.Json
): Result.Result<Uint8Array, SendError> => {
  const encoded = Link.encode(format, Message.Chat, { data, alias, to, from: toWire(self) })
  if (Result.isFailure(encoded)) {
    return Result.fail(new SendError({ reason: new NotJson({ problem: encoded.failure.reason }) }))
  }
  const { length } = encoded.success
  return length > config.maxMessageBytes
    ? Result.fail(new SendError({ reason: new MessageTooLarge({ bytes: length, limit: config.maxMessageBytes }) }))
    : Result.succeed(encoded.success)
}

const deliverAll = Effect.fnUntraced(function*(
  base: Base,
  letters: ReadonlyArray<Letter>,
  strangers: ReadonlyArray<PeerAddress.PeerAddress>
) {
  const acknowledged: Array<PeerAddress.PeerAddress> = []
  const written: Array<PeerAddress.PeerAddress> = []
  const failed: Array<Delivery["failed"][number]> = []
  const results = yield* Effect.forEach(letters, (letter) => Effect.result(deliver(base, letter)), {
    concurrency: base.config.sendConcurrency
  })
  results.forEach((result, index) => {
    const peer = letters[index]?.peer
    if (peer === undefined) return
    if (Result.isFailure(result)) failed.push({ peer, reason: result.failure._tag })
    else if (result.success === "Acknowledged") acknowledged.push(peer)
    else written.push(peer)
  })
  for (const peer of strangers) failed.push({ peer, reason: "NotAMember" })
  yield* Metric.update(bytesMetric, letters.reduce((sum, { bytes }) => sum + bytes.length, 0))
  const delivery: Delivery = { acknowledged, written, failed }
  return delivery
})

const deliver = ({ config, transport }: Base, { bytes, from, peer }: Letter) =>
  Chat.initiate(transport, peer, bytes, {
    from: from === undefined ? undefined : { host: from },
    connectTimeout: config.chatConnectTimeout,
    replyWithin: config.replyTimeout,
    limit: config.maxReceivedBytes + bytes.length
  })

const file = (
  { messenger }: Base,
  speaker: Speaker,
  data: Schema.Json,
  conversations: ReadonlyArray<readonly [name: string, bytes: number]>
) => {
  const entry = { from: speaker.appearance().self, own: true, alias: speaker.alias, sender: undefined, data }
  return messenger.file(conversations.map(([conversation, bytes]) => ({ conversation, entry, bytes })))
}
