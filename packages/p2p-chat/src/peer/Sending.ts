/** What a peer sends itself, and the end of what is kept for too long. */
import { Timeouts } from "@peerage/transport"
import { Effect, Result } from "effect"
import type { ChatConfig } from "../ChatConfig.ts"
import { BufferFull, InvalidId, MessageTooLarge, SendError, ToSelf } from "../ChatError.ts"
import type { ChatEvent, Sent } from "../ChatEvent.ts"
import * as ChatBytes from "../codec/ChatBytes.ts"
import type { Chat } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"
import * as Conversation from "../exchange/Conversation.ts"
import type { Events } from "./Events.ts"
import type { Router } from "./Router.ts"

/** Sends text to a peer, at once or when it can be reached. */
export const send = (router: Router, events: Events) => (to: PeerId, text: string): Effect.Effect<Sent, SendError> =>
  Effect.flatMap(Timeouts.now, (at): Effect.Effect<Sent, SendError> => {
    const chat: Chat = { _tag: "Chat", from: router.self, to, text }
    const reason = unsendable(chat, router.config)
    if (reason !== undefined) return Effect.fail(new SendError({ reason }))
    const result = router.send(chat, at)
    if (result !== undefined) events.publishUnsafe([sent(chat, result)])
    const done = result === undefined ? Effect.fail(full(router)) : Effect.succeed(result)
    const news = router.tellUnsafe()
    return news === undefined ? done : Effect.andThen(news, done)
  })

/**
 * Sends texts to a peer, in their order, each as soon as the next hop has room for it. Those for a peer that cannot be
 * reached are kept, as by `send`.
 */
export const sendAll = (router: Router, events: Events) =>
  Effect.fnUntraced(function*(
    to: PeerId,
    texts: ReadonlyArray<string>
  ): Effect.fn.Return<ReadonlyArray<Sent>, SendError> {
    const chats = texts.map((text): Chat => ({ _tag: "Chat", from: router.self, to, text }))
    for (const chat of chats) {
      const reason = unsendable(chat, router.config)
      if (reason !== undefined) return yield* new SendError({ reason })
    }
    const results: Array<Sent> = []
    let refused = false
    while (results.length < chats.length) {
      yield* router.roomy(to)
      const at = yield* Timeouts.now
      const told: Array<ChatEvent> = []
      for (let chat = chats[results.length]; chat !== undefined; chat = chats[results.length]) {
        if (router.isCrowded(to)) break
        const result = router.send(chat, at)
        refused = result === undefined
        if (result === undefined) break
        results.push(result)
        told.push(sent(chat, result))
      }
      yield* tell(router, events, told)
      if (refused) return yield* full(router)
    }
    return results
  })

const sent = ({ text, to }: Chat, result: Sent): ChatEvent => ({ _tag: "Sent", to, data: text, result })

const full = ({ config }: Router) => new SendError({ reason: new BufferFull({ limit: config.maxStored }) })

/** Publishes what was sent, then what else came of it. */
const tell = (router: Router, events: Events, sent: ReadonlyArray<ChatEvent>): Effect.Effect<void> =>
  Effect.andThen(events.publish(sent), router.tell)

const headerBytes = 4

/** Why a message cannot be sent to anybody. */
const unsendable = (chat: Chat, { maxFrameBytes }: ChatConfig): SendError["reason"] | undefined => {
  const { from, text, to } = chat
  if (to === from) return new ToSelf()
  // Quirk: what an original is to pass on to id 0 kills its connection to the sender.
  if (to === 0n) return new InvalidId({ id: to })
  // Most need not be counted.
  if (ChatBytes.most(text) <= maxFrameBytes) return undefined
  const bytes = Result.match(Conversation.encode(chat), {
    onSuccess: (frame) => frame.length - headerBytes,
    onFailure: () => Infinity
  })
  return bytes <= maxFrameBytes ? undefined : new MessageTooLarge({ bytes, limit: maxFrameBytes })
}

/** Never ends: gives up what is kept for too long, each message at its moment. */
export const forget = (router: Router): Effect.Effect<never> =>
  Effect.gen(function*() {
    while (true) {
      yield* router.keeping.await
      const at = yield* Timeouts.now
      // What comes later becomes too old later, so nothing earlier can turn up while this one waits.
      if (router.store.earliest > at) yield* Effect.sleep(router.store.earliest - at)
      router.expire(yield* Timeouts.now)
      yield* router.tell
    }
  })
