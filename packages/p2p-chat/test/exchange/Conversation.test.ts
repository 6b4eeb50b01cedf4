import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Deferred, Effect, Fiber } from "effect"
import * as ChatConfig from "../../src/ChatConfig.ts"
import type { Chat, PeerMessage } from "../../src/codec/Message.ts"
import * as Conversation from "../../src/exchange/Conversation.ts"
import { elapse, id, ipOf, settle, simulated } from "../peer/Network.ts"
import { chat, join, leave, start } from "../peer/Raw.ts"
import { pair } from "./Pair.ts"

const config = ChatConfig.defaults
const text = (words: string): Chat => ({ _tag: "Chat", from: id(10), to: id(11), text: words })
const numbered = (count: number) => Array.from({ length: count }, (_, index) => text(`message ${index}`))

describe("what is said", () => {
  it.effect("to one of ours is one write", () =>
    Effect.gen(function*() {
      const { link, other } = yield* pair("Server")
      assert.isUndefined(Conversation.sayTogether(link, numbered(100), config))
      yield* settle
      assert.strictEqual(other.segments.length, 1)
      assert.deepStrictEqual(other.heard, numbered(100))
    }).pipe(simulated))

  it.effect("to an original is a write for each frame", () =>
    Effect.gen(function*() {
      const { link, other } = yield* pair("Server")
      yield* Conversation.sayOneByOne(link, numbered(20), config)
      yield* settle
      assert.strictEqual(other.segments.length, 20)
      assert.deepStrictEqual(other.heard, numbered(20))
    }).pipe(simulated))

  for (const ours of [true, false]) {
    it.effect(`to ${ours ? "one of ours" : "an original"} that does not read is given up after 10 seconds`, () =>
      Effect.gen(function*() {
        const network = yield* MemoryNetwork.MemoryNetwork
        const { link } = yield* pair("Server")
        yield* network.clog(ipOf(11))
        const large = Array.from({ length: 8 }, () => text("x".repeat(60_000)))
        const say = ours
          ? Effect.suspend(() => Conversation.sayTogether(link, large, config) ?? Effect.void)
          : Conversation.sayOneByOne(link, large, config)
        const saying = yield* Effect.forkChild(Effect.flip(say))
        yield* elapse("9999 millis")
        assert.isUndefined(saying.pollUnsafe())
        yield* elapse("1 millis")
        assert.strictEqual((yield* Fiber.join(saying))._tag, "SlowReader")
      }).pipe(simulated))
  }
})

describe("what is heard", () => {
  it.effect("comes as it was said, all that is there at once", () =>
    Effect.gen(function*() {
      const { link, other } = yield* pair("Server")
      const said = [chat(11, 10, "hi"), join(12, 11), leave(12), start(11)]
      other.sayAtOnce(said)
      const heard = yield* Deferred.make<ReadonlyArray<PeerMessage>>()
      yield* Effect.forkScoped(Conversation.hear(link, (messages) => Effect.asVoid(Deferred.succeed(heard, messages))))
      assert.deepStrictEqual(yield* Deferred.await(heard), said)
    }).pipe(simulated))

  it.effect("ends with what is no message", () =>
    Effect.gen(function*() {
      const { link, other } = yield* pair("Server")
      other.write("00000003" + "ffffff")
      const ended = yield* Effect.flip(Conversation.hear<never>(link, () => undefined))
      assert.strictEqual(ended._tag, "MalformedMessage")
    }).pipe(simulated))
})
