import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, type Pipe } from "@peerage/transport"
import { Effect } from "effect"
import * as Heartbeat from "../../src/exchange/Heartbeat.ts"
import { elapse, failsAfter, joinerIp, settle, simulated, toHost, toMember } from "./Pair.ts"

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

/** A host that has heard what it tells. */
const hearing = (pipe: Pipe.Pipe) => {
  const told = { answers: 0, ends: new Array<string>() }
  const pulse = Heartbeat.initiate(pipe, {
    answered: () => void told.answers++,
    ended: ({ _tag }) => void told.ends.push(_tag)
  })
  return { ...pulse, told }
}

describe("a host", () => {
  it.effect("beats in one segment of the original's very bytes", () =>
    Effect.gen(function*() {
      const { joiner, pipe } = yield* toMember
      assert.isTrue(hearing(pipe).beat())
      yield* settle
      assert.deepStrictEqual(joiner.segments, [beat])
    }).pipe(simulated))

  it.effect("takes any object for an answer, however it is cut, several at once for one, and one that came before", () =>
    Effect.gen(function*() {
      const { joiner, pipe } = yield* toMember
      const { hear, told } = hearing(pipe)
      joiner.say(`{"alive": 1}{}${beat}`)
      yield* settle
      hear()
      assert.deepStrictEqual(told, { answers: 1, ends: [] })
      joiner.say(`{"<`)
      yield* settle
      assert.strictEqual(told.answers, 1)
      joiner.say(`3": true}`)
      yield* settle
      assert.deepStrictEqual(told, { answers: 2, ends: [] })
    }).pipe(simulated))

  it.effect.each([
    { said: "yes", reason: "MalformedFrame" },
    { said: `{alive}`, reason: "MalformedMessage" },
    { said: `{"<3"`, reason: "FrameTruncated" },
    { said: "", reason: "PeerClosed" }
  ])("says $reason of '$said' and FIN, once", ({ reason, said }) =>
    Effect.gen(function*() {
      const { joiner, pipe } = yield* toMember
      const { hear, told } = hearing(pipe)
      hear()
      joiner.say(said)
      joiner.pipe.end()
      yield* settle
      pipe.close()
      assert.deepStrictEqual(told, { answers: 0, ends: [reason] })
    }).pipe(simulated))

  it.effect("does not beat where a beat has not been read, and does again once it is", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const { pipe } = yield* toMember
      const { beat, hear } = hearing(pipe)
      hear()
      yield* network.clog(joinerIp)
      let beats = 0
      while (beats < 1_000_000 && beat()) {
        beats++
        if (beats % 1000 === 0) yield* settle
      }
      assert.isBelow(beats, 1_000_000)
      yield* network.unclog(joinerIp)
      yield* elapse("1 minute")
      assert.isTrue(beat())
    }).pipe(simulated))
})
