import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { elapse, host, join, settle, simulated, visit } from "../Network.ts"

describe("a peer's memory", () => {
  it.effect("keeps the conversations last used, and the last messages of each", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ config: { maxConversations: 2, maxMessages: 3 } })
      const [ann, bob] = [yield* join("10.0.0.2"), yield* join("10.0.0.3")]
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
    }).pipe(simulated))

  it.effect("keeps no more bytes of messages than it may, whoever sent them", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ config: { maxHistoryBytes: 5000 } })
      const [ann, bob] = [yield* join("10.0.0.2"), yield* join("10.0.0.3")]
      yield* ann.send(hosting.self, "small")
      for (let count = 0; count < 10; count++) yield* bob.send(hosting.self, "x".repeat(1000))
      yield* settle
      assert.deepStrictEqual(yield* hosting.history.conversations, [bob.self])
      assert.strictEqual((yield* hosting.history.messages(bob.self)).length, 4)
    }).pipe(simulated))

  it.effect("files what it said and what it heard in one conversation, dated", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* join("10.0.0.2", { alias: "ann" })
      yield* ann.send(hosting.self, "ping")
      yield* elapse(500)
      yield* hosting.send(ann.self, "pong")
      yield* settle
      assert.deepStrictEqual(yield* ann.history.messages(hosting.self), [
        { at: 1000, from: ann.self, own: true, alias: "ann", sender: undefined, data: "ping" },
        { at: 1500, from: hosting.self, own: false, alias: "host", sender: "Verified", data: "pong" }
      ])
    }).pipe(simulated))

  it.effect("can be watched: messages and lines", () =>
    Effect.gen(function*() {
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
    }).pipe(simulated))

  it.effect("has a log with levels, of which the oldest lines go first", () =>
    Effect.gen(function*() {
      const { history } = yield* host({ config: { maxLogEntries: 3 } })
      yield* history.log("ERROR", "0")
      for (let count = 1; count <= 9; count++) yield* history.log(count % 3 === 0 ? "WARNING" : "INFO", `${count}`)
      assert.deepStrictEqual((yield* history.entries()).map(({ text }) => text), ["7", "8", "9"])
      yield* history.log("ERROR", "10")
      assert.deepStrictEqual((yield* history.entries("WARNING")).map(({ text }) => text), ["9", "10"])
      assert.deepStrictEqual((yield* history.entries("ERROR")).map(({ text }) => text), ["10"])
    }).pipe(simulated))
})
