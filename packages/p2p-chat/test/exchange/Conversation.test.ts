import { assert, describe } from "@effect/vitest"
import { Machines } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Latch } from "effect"
import * as ChatConfig from "../../src/ChatConfig.ts"
import type { Chat } from "../../src/codec/Message.ts"
import * as Conversation from "../../src/exchange/Conversation.ts"
import { elapse, id, ipOf, numbers, settle, simulate, texts } from "../peer/Network.ts"
import { chat, join, leave, start } from "../peer/Raw.ts"
import { pair } from "./Pair.ts"

const text = (words: string): Chat => chat(10, 11, words)
const numbered = (count: number) => texts(count).map(text)

/** Somebody to send to, and a queue with all of these messages. */
const sending = Effect.fnUntraced(function*(extended: boolean, messages: Array<Chat>) {
  const { link, other } = yield* pair("Server")
  const filled = yield* Latch.make(true)
  const queue: Conversation.Queue = {
    filled: filled.await,
    take: () => Effect.andThen(filled.close, Effect.sync(() => messages.splice(0)))
  }
  return { other, sender: { link, queue, peer: { id: id(11), extended }, config: ChatConfig.defaults } }
})

const kinds = [{ kind: "an extended peer", extended: true }, { kind: "an original", extended: false }]

describe("what is sent", () => {
  simulate.each([
    { extended: true, to: "an extended peer is one write", writes: 1 },
    { extended: false, to: "an original is a write for each frame", writes: 20 }
  ])("to $to", function*({ extended, writes }) {
    const { other, sender } = yield* sending(extended, numbered(20))
    yield* Effect.forkScoped(Conversation.send(sender))
    yield* elapse("1 second")
    assert.strictEqual(other.segments.length, writes)
    assert.deepStrictEqual(other.heard, numbered(20))
  })

  simulate.each(kinds)("to $kind that does not read is given up after 10 seconds", function*({ extended }) {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { sender } = yield* sending(extended, numbers(0, 8).map(() => text("x".repeat(60_000))))
    yield* network.clog(ipOf(11))
    assert.deepInclude(yield* Machines.failsAfter(Conversation.send(sender), 10_000), { _tag: "SlowReader" })
  })

  simulate.each(kinds)("last to $kind takes no time, whether it reads or not", function*({ extended }) {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { other, sender } = yield* sending(extended, numbered(100))
    yield* Conversation.sendRest(sender)
    yield* settle
    assert.deepStrictEqual(other.heard, numbered(100))
    yield* network.clog(ipOf(11))
    const endless: Conversation.Queue = { filled: Effect.void, take: () => Effect.succeed([text("x".repeat(60_000))]) }
    yield* Conversation.sendRest({ ...sender, queue: endless })
  })
})

describe("what is received", () => {
  simulate("comes as it was sent, all that is there at once", function*() {
    const { link, other } = yield* pair("Server")
    const sent = [chat(11, 10, "hi"), join(12, 11), leave(12), start(11)]
    other.sayAtOnce(sent)
    assert.deepStrictEqual([...yield* Conversation.receive(link)], sent)
  })

  simulate("ends with what is no message", function*() {
    const { link, other } = yield* pair("Server")
    other.writeHex("00000003 ffffff")
    assert.strictEqual((yield* Effect.flip(Conversation.receive(link)))._tag, "MalformedMessage")
  })
})
