/** What is neither sent nor kept, and that its sender is told why. */
import { assert, describe } from "@effect/vitest"
import type { ChatConfig } from "@peerage/p2p-chat"
import { Effect } from "effect"
import { heardBy, id, settle, simulate, toldOf, visit } from "./Network.ts"
import { chat, joiner } from "./Raw.ts"

const full: ReadonlyArray<{ readonly of: string; readonly config: Partial<ChatConfig.ChatConfig> }> = [
  { of: "messages", config: { maxStored: 2 } },
  { of: "bytes", config: { maxStoredBytes: 2000 } }
]

describe("a peer", () => {
  simulate.each([
    { what: "itself", to: 10, text: "hello", reason: "ToSelf" },
    { what: "id 0", to: 0, text: "hello", reason: "InvalidId" },
    { what: "a neighbour, more than a frame may hold", to: 11, text: "x".repeat(65_536), reason: "MessageTooLarge" },
    { what: "nobody, more than a frame may hold", to: 20, text: "x".repeat(65_536), reason: "MessageTooLarge" },
    { what: "a neighbour, characters of many bytes", to: 11, text: "€".repeat(22_000), reason: "MessageTooLarge" }
  ])(
    "that is to send $what says $reason, sends nothing and keeps nothing",
    function*({ reason, text, to }) {
      const peer = yield* visit(10)
      const neighbour = yield* joiner(11, 10)
      const error = yield* Effect.flip(peer.send(id(to), text))
      yield* settle
      assert.deepStrictEqual([error._tag, error.reason._tag], ["SendError", reason])
      assert.deepStrictEqual(neighbour.words, ["RESPONSE 10"])
      assert.deepStrictEqual(yield* peer.buffer, [])
      assert.deepStrictEqual(toldOf(peer, "Sent"), [])
    }
  )

  simulate.each(full)(
    "that keeps as many $of as it may says so, and keeps what it has",
    function*({ config }) {
      const peer = yield* visit(10, undefined, { config })
      for (const text of ["one", "two"]) yield* peer.send(id(20), text.repeat(60))
      const { reason } = yield* Effect.flip(peer.send(id(21), "x".repeat(400)))
      assert.strictEqual(reason._tag, "BufferFull")
      assert.deepStrictEqual(yield* peer.buffer, [{ id: id(20), messages: 2 }])
      const newcomer = yield* joiner(20, 10)
      assert.strictEqual(newcomer.words.length, 3)
      assert.deepStrictEqual(yield* peer.send(id(21), "x".repeat(400)), { _tag: "Buffered" })
    }
  )

  simulate("whose own messages fill the store turns others' away, and says so", function*() {
    const peer = yield* visit(10, undefined, { config: { maxStored: 2 } })
    const neighbour = yield* joiner(11, 10)
    for (const text of ["one", "two"]) yield* peer.send(id(20), text)
    neighbour.say(chat(11, 20, "three"), chat(11, 10, "four"))
    yield* settle
    assert.deepInclude(peer.told, { _tag: "Discarded", to: id(20), messages: 1, reason: "BufferFull" })
    assert.deepStrictEqual(yield* peer.buffer, [{ id: id(20), messages: 2 }])
    assert.deepStrictEqual([neighbour.end, heardBy(peer)], ["Open", ["11: four"]])
  })

  simulate("with own messages in the store makes room for them where others' are", function*() {
    const peer = yield* visit(10, undefined, { config: { maxStored: 2 } })
    const neighbour = yield* joiner(11, 10)
    neighbour.say(chat(11, 20, "old"), chat(11, 20, "newer"))
    yield* settle
    assert.deepStrictEqual(yield* peer.send(id(20), "own"), { _tag: "Buffered" })
    yield* settle
    assert.deepInclude(peer.told, { _tag: "Discarded", to: id(20), messages: 1, reason: "BufferFull" })
    const newcomer = yield* joiner(20, 10)
    assert.deepStrictEqual(newcomer.words.slice(1, 3), ["11 to 20: newer", "10 to 20: own"])
  })
})
