import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Heartbeat from "../../src/exchange/Heartbeat.ts"
import { elapse, failsAfter, settle, simulated, toHost, toJoiner } from "./Pair.ts"

const beat = `{"<3": true}`

describe("a joiner", () => {
  it.effect("gives a silent host up after exactly 6 seconds", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      const reason = yield* failsAfter(Heartbeat.respond(link, "6 seconds"), 6000)
      assert.strictEqual(reason._tag, "PeerUnresponsive")
      assert.strictEqual(host.heard, "")
    }).pipe(simulated))

  it.effect("answers each beat at once with one of its own, and counts the silence anew", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      const beating = yield* Effect.forkChild(Effect.flip(Heartbeat.respond(link, "6 seconds")))
      for (let count = 1; count <= 10; count++) {
        yield* elapse(5999)
        host.say(beat)
        yield* settle
        assert.deepStrictEqual(host.segments, Array.from({ length: count }, () => beat))
      }
      yield* elapse(5999)
      assert.isUndefined(beating.pollUnsafe())
      yield* elapse(1)
      assert.isDefined(beating.pollUnsafe())
    }).pipe(simulated))

  it.effect("answers any object as a beat, as the original does not look at it", () =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      yield* Effect.forkChild(Heartbeat.respond(link, "6 seconds"))
      host.say(`{"<3": false}`, `{}`, `{"distro": []}`)
      yield* settle
      assert.strictEqual(host.segments.length, 3)
    }).pipe(simulated))

  it.effect.each([
    { name: "ends", end: "Fin", reason: "PeerClosed" },
    { name: "resets", end: "Rst", reason: "SocketError" },
    { name: "talks garbage", end: "Garbage", reason: "MalformedFrame" }
  ])("notices at once when the host $name", ({ end, reason }) =>
    Effect.gen(function*() {
      const { host, link } = yield* toHost
      if (end === "Fin") host.pipe.end()
      else if (end === "Rst") host.pipe.reset()
      else host.say("<3")
      assert.strictEqual((yield* Effect.flip(Heartbeat.respond(link, "6 seconds")))._tag, reason)
    }).pipe(simulated))
})

describe("a host", () => {
  it.effect("beats in one segment of the original's very bytes", () =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner(2048)
      yield* Heartbeat.initiate(link)
      yield* settle
      assert.deepStrictEqual(joiner.segments, [beat])
    }).pipe(simulated))

  it.effect("takes any object for an answer, and several at once for one", () =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner(2048)
      joiner.say(`{"alive": 1}{}${beat}`)
      yield* Heartbeat.answered(link)
      const next = yield* Effect.forkChild(Heartbeat.answered(link))
      yield* settle
      assert.isUndefined(next.pollUnsafe())
    }).pipe(simulated))

  it.effect.each([
    { said: "yes", reason: "MalformedFrame" },
    { said: `{"<3"`, reason: "FrameTruncated" },
    { said: "", reason: "PeerClosed" }
  ])("says $reason of '$said' and FIN", ({ reason, said }) =>
    Effect.gen(function*() {
      const { joiner, link } = yield* toJoiner(2048)
      joiner.say(said)
      joiner.pipe.end()
      assert.strictEqual((yield* Effect.flip(Heartbeat.answered(link)))._tag, reason)
    }).pipe(simulated))
})
