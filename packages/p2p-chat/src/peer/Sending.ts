/** What a peer sends itself, and the end of what is kept for too long. */
import { Effect, Result } from "effect"
import type { ChatConfig } from "../ChatConfig.ts"
import { BufferFull, InvalidId, MessageTooLarge, SendError, ToSelf } from "../ChatError.ts"
import type { Sent } from "../ChatEvent.ts"
import type { Chat } from "../codec/Message.ts"
import type { PeerId } from "../codec/PeerId.ts"
import * as Conversation from "../exchange/Conversation.ts"
import type { Events } from "./Events.ts"
import { now } from "./News.ts"
import type { Router } from "./Router.ts"

/** Sends text to a peer, at once or when it can be reached. */
export const send = (router: Router, events: Events) =>
  Effect.fn("ChatPeer.send")(
    function*(to: PeerId, text: string): Effect.fn.Return<Sent, SendError["reason"]> {
      const chat: Chat = { _tag: "Chat", from: router.self, to, text }
      yield* check(chat, router.config)
      const result = router.send(chat, yield* now)
      if (result !== undefined) yield* events.publish([{ _tag: "Sent", to, data: text, result }])
      yield* router.tell
      return result ?? (yield* new BufferFull({ limit: router.config.maxStored }))
    },
    Effect.mapError((reason) => new SendError({ reason }))
  )

const headerBytes = 4

const check = (
  { from, to, ...chat }: Chat,
  { maxFrameBytes }: ChatConfig
): Effect.Effect<void, SendError["reason"]> => {
  if (to === from) return Effect.fail(new ToSelf())
  // Quirk: what an original is to pass on to id 0 kills its connection to the sender.
  if (to === 0n) return Effect.fail(new InvalidId({ id: to }))
  const bytes = Result.match(Conversation.encode({ from, to, ...chat }), {
    onSuccess: (frame) => frame.length - headerBytes,
    onFailure: () => Infinity
  })
  return bytes <= maxFrameBytes ? Effect.void : Effect.fail(new MessageTooLarge({ bytes, limit: maxFrameBytes }))
}

/** Never ends: gives up what is kept for too long, each message at its moment. */
export const forget = (router: Router): Effect.Effect<never> =>
  Effect.gen(function*() {
    while (true) {
      yield* router.keeping.await
      const at = yield* now
      // What comes later becomes too old later, so nothing earlier can turn up while this one waits.
      if (router.store.earliest > at) yield* Effect.sleep(router.store.earliest - at)
      router.expire(yield* now)
      yield* router.tell
    }
  })
