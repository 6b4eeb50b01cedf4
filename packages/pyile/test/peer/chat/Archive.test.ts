import { assert, describe, it } from "@effect/vitest"
import * as History from "../../../src/peer/chat/History.ts"

const kept = (data: string, bytes = 1): History.Kept => ({
  bytes,
  entry: { order: 0, at: 0, from: "10.0.0.1:1", own: false, alias: undefined, sender: undefined, data }
})
const limits = { maxConversations: 3, maxMessages: 3, maxHistoryBytes: 10, maxLogEntries: 1 }

/** Messages as `conversation:text`, or `conversation:text*bytes`, filed in batches. */
const filed = (...batches: ReadonlyArray<string>) =>
  batches.reduce((archive, batch) => {
    const filings = batch.split(" ").map((text) => {
      const [conversation = "", message = ""] = text.split(":")
      const [data = "", bytes = "1"] = message.split("*")
      return [conversation, kept(data, Number(bytes))] as const
    })
    return History.file(archive, filings, limits)
  }, History.empty)

const shown = ({ conversations }: History.Archive) =>
  Array.from(conversations, ([name, messages]) => `${name}:${messages.map(({ entry }) => entry.data).join("")}`).join(
    " "
  )

describe("an archive of conversations", () => {
  it.each([
    ["keeps what was said, in its order", ["a:1 a:2"], "a:12"],
    ["has the conversation used last at the end", ["a:1 b:2 a:3"], "b:2 a:13"],
    ["forgets the oldest of too many messages", ["a:1 a:2 a:3 a:4 a:5"], "a:345"],
    ["forgets the conversation used longest ago when there are too many", ["a:1 b:2 c:3 d:4"], "b:2 c:3 d:4"],
    ["keeps a conversation that is used again", ["a:1 b:2 c:3 a:4 d:5"], "c:3 a:14 d:5"],
    ["forgets the oldest bytes of all", ["a:1*4 b:2*4 c:3*4"], "b:2 c:3"],
    ["forgets no more of a conversation than it must", ["a:1*3 a:2*3 b:3*5"], "a:2 b:3"],
    ["forgets everything else for a large message", ["a:1*5 b:2*5 c:3*10"], "c:3"],
    ["does not keep one that is too large by itself", ["a:1*3 b:2*11"], ""],
    ["is the same however messages are batched", ["a:1", "b:2", "c:3", "a:4", "d:5"], "c:3 a:14 d:5"]
  ])("%s", (_, batches, expected) => {
    assert.strictEqual(shown(filed(...batches)), expected)
  })

  it("counts the bytes of what it keeps", () => {
    const archive = filed("a:1*3 b:2*4 a:3*2 c:4*4 c:5*1")
    const bytes = [...archive.conversations.values()].flat().reduce((sum, { bytes }) => sum + bytes, 0)
    assert.strictEqual(archive.bytes, bytes)
  })

  it("is not changed by what comes later", () => {
    const before = filed("a:1 b:2")
    History.file(before, [["a", kept("3", 10)], ["c", kept("4")]], limits)
    assert.strictEqual(shown(before), "a:1 b:2")
  })
})
