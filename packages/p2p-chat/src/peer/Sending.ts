/** Sends the peer's own text. */
import { Effect, Latch, Result } from "effect"
import { isReadonlyArrayNonEmpty } from "effect/Array"
import type { ChatConfig } from "../ChatConfig.ts"
import { BufferFull, InvalidId, MessageTooLarge, SendError, ToSelf } from "../ChatError.ts"
import type { Sent } from "../ChatEvent.ts"
import * as ChatBytes from "../codec/ChatBytes.ts"
import type { Chat } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"
import * as Conversation from "../exchange/Conversation.ts"
import type { Router } from "./Router.ts"

/** Sends text to a peer, now or when the peer can be reached. */
export const send = (router: Router) => (to: PeerId, text: string): Effect.Effect<Sent, SendError> => {
  const { config, self } = router
  const chat: Chat = { _tag: "Chat", from: self, to, text }
  const reason = unsendable(chat, config)
  if (reason !== undefined) return Effect.fail(new SendError({ reason }))
  return Effect.flatMap(
    router.send([chat]),
    ({ results: [result] }) => result === undefined ? Effect.fail(full(config)) : Effect.succeed(result)
  )
}

/**
 * Sends texts to a peer, in their order, each as soon as the next hop has room for it. Texts for a peer that cannot be
 * reached are stored, as by `send`.
 */
export const sendAll = (router: Router) =>
  Effect.fnUntraced(function*(
    to: PeerId,
    texts: ReadonlyArray<string>
  ): Effect.fn.Return<ReadonlyArray<Sent>, SendError> {
    const { config, self } = router
    const chats = texts.map((text): Chat => ({ _tag: "Chat", from: self, to, text }))
    for (const chat of chats) {
      const reason = unsendable(chat, config)
      if (reason !== undefined) return yield* new SendError({ reason })
    }
    const all: Array<Sent> = []
    while (true) {
      // There is never room for more at once.
      const next = chats.slice(all.length, all.length + config.maxOutbox)
      if (!isReadonlyArrayNonEmpty(next)) return all
      const room = yield* Latch.make()
      const { refused, results } = yield* router.send(next, room)
      all.push(...results)
      if (refused) return yield* full(config)
      if (results.length === 0) yield* room.await
    }
  })

const full = ({ maxStored }: ChatConfig) => new SendError({ reason: new BufferFull({ limit: maxStored }) })

const headerBytes = 4

/** Why a message cannot be sent to anybody. */
const unsendable = (chat: Chat, { maxFrameBytes }: ChatConfig): SendError["reason"] | undefined => {
  const { from, text, to } = chat
  if (to === from) return new ToSelf()
  // Quirk: a message to id 0 that an original is to pass on ends its connection to the sender.
  if (to === 0n) return new InvalidId({ id: to })
  // Most texts need not be counted.
  if (ChatBytes.most(text) <= maxFrameBytes) return undefined
  const bytes = Result.match(Conversation.encode(chat), {
    onSuccess: (frame) => frame.length - headerBytes,
    onFailure: () => Infinity
  })
  return bytes <= maxFrameBytes ? undefined : new MessageTooLarge({ bytes, limit: maxFrameBytes })
}
