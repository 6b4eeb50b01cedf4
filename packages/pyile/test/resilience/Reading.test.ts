import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Clock, Effect, Fiber } from "effect"
import { elapse, fateOf, host, join, lastBeatTo, peersOf, settle, stranger, watch } from "../peer/Network.ts"
import { member, played } from "./House.ts"

const heartbeat = `{"<3": true}`
const narrow = Effect.provide(MemoryNetwork.layer({ window: 512, sendBuffer: 512, segment: 512 }))
// Less than a list of nine takes.
const tiny = Effect.provide(MemoryNetwork.layer({ window: 128, sendBuffer: 64, segment: 64 }))

describe("a peer that does not read", () => {
  it.effect(
    "is dropped by its host though it answers beats, and keeps nobody else from theirs",
    () =>
      Effect.gen(function*() {
        const network = yield* MemoryNetwork.MemoryNetwork
        const hosting = yield* host()
        const ann = yield* join("10.0.0.2")
        const deaf = yield* member("10.0.0.9")
        const events = yield* watch(hosting)
        yield* network.clog(deaf.pipe)
        for (let second = 0; second < 200; second++) {
          deaf.write(heartbeat)
          yield* elapse("1 second")
        }
        assert.isBelow((yield* Clock.currentTimeMillis) - (yield* lastBeatTo("10.0.0.2")), 3000)
        assert.strictEqual(yield* fateOf(ann), "stays")
        assert.deepStrictEqual(yield* peersOf(hosting), [ann.self])
        const [left] = events
        assert.strictEqual(left?._tag === "Left" ? left.reason : left?._tag, "SlowReader")
      }).pipe(narrow)
  )

  it.effect("is given up by its joiner though it sends beats", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const { joining, raw } = yield* played("10.0.0.2")
      const ann = yield* Fiber.join(joining)
      yield* network.clog(raw.pipe)
      for (let second = 0; second < 120; second++) {
        raw.write(heartbeat)
        yield* elapse("1 second")
      }
      assert.strictEqual(yield* fateOf(ann), "PeerUnresponsive")
    }).pipe(narrow))

  it.effect("is turned away where it leaves the first list unread for 4 seconds, and gives its place back", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const hosting = yield* host({ config: { maxHandshakesPerAddress: 1 } })
      for (let count = 0; count < 8; count++) yield* join(`10.0.0.${20 + count}`)
      const events = yield* watch(hosting)
      const deaf = yield* stranger("10.0.0.9")
      deaf.write(`{"shadow": "sesame"}`)
      yield* settle
      yield* network.clog(deaf.pipe)
      deaf.write(`{"peer_address": ["10.0.0.9", 49317]}`)
      yield* elapse(3999)
      assert.deepStrictEqual(events, [])
      yield* elapse(1)
      assert.deepStrictEqual(events, [{ _tag: "Rejected", host: "10.0.0.9", reason: "PeerUnresponsive" }])
      yield* join("10.0.0.9")
      assert.strictEqual((yield* peersOf(hosting)).length, 9)
    }).pipe(tiny))
})
