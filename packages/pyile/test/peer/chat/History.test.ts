import { assert, describe } from "@effect/vitest"
import { PeerAddress } from "@peerage/pyile"
import { Effect, Fiber, Stream } from "effect"
import { bobIp, elapse, host, hostIp, join, settle, simulation, trio, visit } from "../Network.ts"
import { stranger } from "../Strangers.ts"

describe("a peer's history", () => {
  simulation("keeps the conversations last used, and the last messages of each", function*() {
    const { ann, bob, hosting } = yield* trio({ config: { maxConversations: 2, maxMessages: 3 } })
    for (let count = 1; count <= 9; count++) yield* ann.send(hosting.self, count)
    yield* bob.send(hosting.self, "hi")
    yield* settle
    const { conversations, messages } = hosting.history
    assert.deepStrictEqual((yield* messages(ann.self)).map(({ data }) => data), [7, 8, 9])
    assert.deepStrictEqual(yield* conversations, [ann.self, bob.self])
    yield* ann.broadcast("all")
    yield* settle
    assert.deepStrictEqual(yield* conversations, [bob.self, "Broadcast"])
    assert.deepStrictEqual(yield* messages(ann.self), [])
  })

  simulation("keeps no more bytes of messages than it may, whoever sent them, and drops the oldest", function*() {
    const { ann, bob, hosting } = yield* trio({ config: { maxHistoryBytes: 6000 } })
    const said = (count: number) => `${count}${"x".repeat(900)}`
    for (let count = 0; count < 3; count++) yield* ann.send(hosting.self, said(count))
    for (let count = 3; count < 6; count++) yield* bob.send(hosting.self, said(count))
    const kept = (peer: string) =>
      Effect.map(hosting.history.messages(peer), (all) => all.map(({ data }) => String(data).slice(0, 1)).join(""))
    assert.deepStrictEqual([yield* kept(ann.self), yield* kept(bob.self)], ["2", "345"])
  })

  simulation("has one conversation for all false names, which displaces nobody's", function*() {
    const { ann, bob, hosting } = yield* trio({ config: { maxConversations: 3 } })
    yield* ann.send(hosting.self, "hello")
    yield* bob.send(hosting.self, "hello")
    for (let count = 0; count < 50; count++) {
      const liar = yield* stranger(bobIp, PeerAddress.port(hosting.self))
      liar.write(`{"data": "${count}", "alias": "eve", "to": ["${hostIp}", 1], "from": ["10.9.9.${count}", 1]}`)
      yield* settle
    }
    assert.deepStrictEqual(yield* hosting.history.conversations, [ann.self, bob.self, "Mismatch"])
    assert.strictEqual((yield* hosting.history.messages("Mismatch")).length, 50)
  })

  simulation("files what it sent and what it received in one conversation, dated", function*() {
    const hosting = yield* host()
    const ann = yield* join("10.0.0.2", { alias: "ann" })
    yield* ann.send(hosting.self, "ping")
    yield* elapse(500)
    yield* hosting.send(ann.self, "pong")
    yield* settle
    assert.deepStrictEqual(yield* ann.history.messages(hosting.self), [
      { order: 0, at: 1000, from: ann.self, own: true, alias: "ann", sender: undefined, data: "ping" },
      { order: 1, at: 1500, from: hosting.self, own: false, alias: "host", sender: "Verified", data: "pong" }
    ])
  })

  simulation("can be watched: messages and lines", function*() {
    const hosting = yield* host()
    const messages = yield* Effect.forkChild(Stream.runCollect(Stream.take(hosting.history.filed, 1)))
    const lines = yield* Effect.forkChild(Stream.runCollect(Stream.take(hosting.history.lines, 2)))
    const ann = yield* visit("10.0.0.2")
    yield* ann.send(hosting.self, "ping")
    yield* ann.leave
    const [first] = yield* Fiber.join(messages)
    assert.deepStrictEqual([first?.[0], first?.[1].data], [ann.self, "ping"])
    assert.deepStrictEqual(
      (yield* Fiber.join(lines)).map(({ level, text }) => [level, text]),
      [["INFO", `${ann.self} joined`], ["INFO", `${ann.self} left: PeerClosed`]]
    )
  })

  simulation("has a log with levels, of which the oldest lines go first", function*() {
    const { history } = yield* host({ config: { maxLogEntries: 3 } })
    yield* history.log("ERROR", "0")
    for (let count = 1; count <= 9; count++) yield* history.log(count % 3 === 0 ? "WARNING" : "INFO", `${count}`)
    assert.deepStrictEqual((yield* history.entries()).map(({ text }) => text), ["7", "8", "9"])
    yield* history.log("ERROR", "10")
    assert.deepStrictEqual((yield* history.entries("WARNING")).map(({ text }) => text), ["9", "10"])
    assert.deepStrictEqual((yield* history.entries("ERROR")).map(({ text }) => text), ["10"])
  })
})
