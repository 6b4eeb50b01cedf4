import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as BanCheck from "../../src/exchange/BanCheck.ts"
import { settle, simulation, toHost, toJoiner } from "./Pair.ts"

const step = "4 seconds"

describe("a joiner that asks whether it is banned", () => {
  simulation("goes on where it is not, stops where it is, and says nothing", function*() {
    const { host, link } = yield* toHost
    host.write(`{"banned": false}{"banned": true}`)
    yield* BanCheck.initiate(link, step)
    assert.strictEqual((yield* Effect.flip(BanCheck.initiate(link, step)))._tag, "Banned")
    assert.strictEqual(host.text, "")
  })

  simulation.each([
    { text: `{"banned": true, "retry_after": 30}`, seconds: 30 },
    { text: `{"banned": true, "retry_after": 1e300}`, seconds: 3600 },
    { text: `{"banned": true}`, seconds: undefined }
  ])("learns from $text in how many seconds it may try again", function*({ seconds, text }) {
    const { host, link } = yield* toHost
    host.write(text)
    const reason = yield* Effect.flip(BanCheck.initiate(link, step))
    assert.strictEqual(reason._tag === "Banned" ? reason.retryAfter : reason._tag, seconds)
    assert.match(reason.message, seconds === undefined ? /banned/ : new RegExp(`in ${seconds} seconds`))
  })

  simulation.each([1, 2, 3, 8, 9])("knows a host of release 0.0.3 by its greeting, cut after byte %i", function*(cut) {
    const { host, link } = yield* toHost
    const asking = yield* Effect.forkChild(Effect.flip(BanCheck.initiate(link, step)))
    host.write("notbanned".slice(0, cut))
    yield* settle
    host.write("notbanned".slice(cut))
    const reason = yield* Fiber.join(asking)
    assert.strictEqual(reason._tag, "IncompatiblePeer")
    assert.include(reason.message, "0.0.3")
  })
})

describe("a host that is asked whether a joiner is banned", () => {
  simulation("says so in one segment of the original's very bytes, and fails where it is banned", function*() {
    const { joiner, link } = yield* toJoiner
    yield* BanCheck.respond(link, { banned: false })
    yield* settle
    assert.strictEqual((yield* Effect.flip(BanCheck.respond(link, { banned: true })))._tag, "Banned")
    yield* settle
    assert.deepStrictEqual(joiner.texts, [`{"banned": false}`, `{"banned": true}`])
  })

  simulation("says for how long it is only barred", function*() {
    const { joiner, link } = yield* toJoiner
    const refused = yield* Effect.flip(BanCheck.respond(link, { banned: true, retry_after: 30 }))
    yield* settle
    assert.deepStrictEqual([refused._tag, joiner.texts], ["Banned", [`{"banned": true, "retry_after": 30}`]])
  })
})
