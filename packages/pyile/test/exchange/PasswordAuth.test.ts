import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, type Schema } from "effect"
import * as PasswordAuth from "../../src/exchange/PasswordAuth.ts"
import { matches } from "../../src/peer/host/PasswordCheck.ts"
import { elapse, failsAfter, settle, simulated, toHost, toJoiner } from "./Pair.ts"

const step = "4 seconds"
const password = Redacted.make("sesame")

describe("a joiner that gives its password", () => {
  it.effect("says it in one segment of the original's very bytes, and goes on when it is right", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      const joining = yield* Effect.forkChild(PasswordAuth.initiate(link, password, step))
      yield* settle
      assert.deepStrictEqual(host.texts, [`{"shadow": "sesame"}`])
      host.write(`{"authenticated": true}`)
      yield* Fiber.join(joining)
    }).pipe(simulated))

  it.effect("stops when it is wrong, and does not say it again", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      host.write(`{"authenticated": false}`)
      const reason = yield* Effect.flip(PasswordAuth.initiate(link, password, step))
      yield* elapse("1 minute")
      assert.strictEqual(reason._tag, "WrongPassword")
      assert.strictEqual(host.texts.length, 1)
    }).pipe(simulated))

  it.effect("gives up on a silent host after exactly 4 seconds", () =>
    Effect.gen(function*() {
      const { link } = yield* toHost
      const reason = yield* failsAfter(PasswordAuth.initiate(link, password, step), 4000)
      assert.strictEqual(reason._tag, "PeerUnresponsive")
    }).pipe(simulated))

  it.effect.each([
    { said: "authenticated", reason: "MalformedFrame" },
    { said: `{"authenticated": 1}`, reason: "UnexpectedMessage" },
    { said: `{"banned": false}`, reason: "UnexpectedMessage" }
  ])("refuses to understand $said", ({ reason, said }) =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      host.write(said)
      assert.strictEqual((yield* Effect.flip(PasswordAuth.initiate(link, password, step)))._tag, reason)
    }).pipe(simulated))

  it.effect("says PeerClosed when the host just ends", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      host.pipe.end()
      assert.strictEqual((yield* Effect.flip(PasswordAuth.initiate(link, password, step)))._tag, "PeerClosed")
    }).pipe(simulated))
})

/** A host that remembers what it was asked to judge. */
const judging = () => {
  const judged: Array<Schema.Json> = []
  const judge = (shadow: Redacted.Redacted<Schema.Json>) =>
    Effect.sync(() => {
      judged.push(Redacted.value(shadow))
      return matches(password, shadow)
    })
  return { judged, judge }
}

describe("a host that asks for a password", () => {
  it.effect("lets the right one in", () =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner(2048)
      const { judge, judged } = judging()
      joiner.write(`{"shadow": "sesame"}`)
      yield* PasswordAuth.respond(link, judge, step)
      yield* settle
      assert.deepStrictEqual(judged, ["sesame"])
      assert.deepStrictEqual(joiner.texts, [`{"authenticated": true}`])
    }).pipe(simulated))

  it.effect.each([
    { shadow: `"wrong"` },
    { shadow: `"sesamy"` },
    { shadow: `"Sesame"` },
    { shadow: `""` },
    { shadow: `"sesame "` },
    { shadow: `"sesame\\u0000"` },
    { shadow: "42" },
    { shadow: "null" },
    { shadow: "true" },
    { shadow: `["sesame"]` },
    { shadow: `{"shadow": "sesame"}` }
  ])("answers $shadow, which is wrong, and fails after that", ({ shadow }) =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner(2048)
      const { judge, judged } = judging()
      joiner.write(`{"shadow": ${shadow}}`)
      const reason = yield* Effect.flip(PasswordAuth.respond(link, judge, step))
      yield* settle
      assert.strictEqual(reason._tag, "WrongPassword")
      assert.deepStrictEqual(judged, [JSON.parse(shadow)])
      assert.deepStrictEqual(joiner.texts, [`{"authenticated": false}`])
    }).pipe(simulated))

  it.effect("gives up on a silent joiner after exactly 4 seconds, without judging or answering", () =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner(2048)
      const { judge, judged } = judging()
      const reason = yield* failsAfter(PasswordAuth.respond(link, judge, step), 4000)
      assert.strictEqual(reason._tag, "PeerUnresponsive")
      assert.deepStrictEqual([judged, joiner.texts], [[], []])
    }).pipe(simulated))

  const longest = 2048 - `{"shadow": ""}`.length

  it.effect.each([
    { name: "a missing key", said: `{"password": "sesame"}`, reason: "UnexpectedMessage" },
    { name: "an oversized password", said: `{"shadow": "${"x".repeat(longest + 1)}"}`, reason: "FrameTooLarge" },
    { name: "no JSON", said: "sesame", reason: "MalformedFrame" }
  ])("does not judge or answer $name", ({ reason, said }) =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner(2048)
      const { judge, judged } = judging()
      joiner.write(said)
      const error = yield* Effect.flip(PasswordAuth.respond(link, judge, step))
      yield* settle
      assert.strictEqual(error._tag, reason)
      assert.deepStrictEqual([judged, joiner.texts], [[], []])
      assert.notInclude(JSON.stringify(error), "sesame")
    }).pipe(simulated))

  it.effect("reads the longest password that an original can send", () =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner(2048)
      const { judge, judged } = judging()
      joiner.write(`{"shadow": "${"x".repeat(longest)}"}`)
      assert.strictEqual((yield* Effect.flip(PasswordAuth.respond(link, judge, step)))._tag, "WrongPassword")
      assert.strictEqual(judged.length, 1)
    }).pipe(simulated))
})
