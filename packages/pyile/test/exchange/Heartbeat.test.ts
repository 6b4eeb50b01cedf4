import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Clock, Effect, Fiber } from "effect"
import * as Heartbeat from "../../src/exchange/Heartbeat.ts"
import { elapse, joinerIp, settle, simulation, toHost, toJoiner } from "./Pair.ts"

const beat = `{"<3": true}`

describe("a joiner", () => {
  simulation("answers each beat at once with one of its own, and counts the silence anew", function*() {
    const { host, link } = yield* toHost
    const beating = yield* Effect.forkChild(Effect.flip(Heartbeat.respond(link, "6 seconds")))
    for (let count = 1; count <= 10; count++) {
      yield* elapse(5999)
      host.write(beat)
      yield* settle
      assert.deepStrictEqual(host.texts, Array.from({ length: count }, () => beat))
    }
    yield* elapse(5999)
    assert.isUndefined(beating.pollUnsafe())
    yield* elapse(1)
    assert.isDefined(beating.pollUnsafe())
  })

  simulation("answers any object as a beat, as the original does not look at it", function*() {
    const { host, link } = yield* toHost
    yield* Effect.forkChild(Heartbeat.respond(link, "6 seconds"))
    host.write(`{"<3": false}`, `{}`, `{"distro": []}`)
    yield* settle
    assert.strictEqual(host.text, beat.repeat(3))
  })
})

/** A host that beats, and when its beats came to the member. */
const beating = Effect.gen(function*() {
  const { joiner, link } = yield* toJoiner
  const ended = yield* Effect.forkScoped(
    Effect.flip(Heartbeat.initiate(link, { interval: "2 seconds", timeout: "4 seconds" }))
  )
  yield* settle
  /** Says something, and lets it arrive. */
  const say = (...texts: ReadonlyArray<string>) => Effect.andThen(Effect.sync(() => joiner.write(...texts)), settle)
  return { joiner, ended, say, beats: () => joiner.texts.length, end: Fiber.join(ended) }
})

describe("a host", () => {
  simulation("beats at once, in the original's very bytes, and again 2 seconds after each answer", function*() {
    const { beats, joiner, say } = yield* beating
    assert.deepStrictEqual(joiner.texts, [beat])
    yield* elapse(700)
    yield* say(beat)
    yield* elapse(1999)
    assert.strictEqual(beats(), 1)
    yield* elapse(1)
    assert.deepStrictEqual(joiner.texts, [beat, beat])
    yield* elapse(300)
    yield* say(beat)
    yield* elapse(1999)
    assert.strictEqual(beats(), 2)
    yield* elapse(1)
    assert.strictEqual(beats(), 3)
  })

  simulation.each([`{"alive": 1}`, "{}", beat, `{"<3": false}`])(
    "takes %s for an answer, however it is cut",
    function*(answer) {
      const { beats, say } = yield* beating
      for (let cut = 1; cut < answer.length; cut++) {
        yield* say(answer.slice(0, cut))
        yield* say(answer.slice(cut))
        yield* elapse("2 seconds")
        assert.strictEqual(beats(), cut + 1)
      }
    }
  )

  simulation("neither beats more often for answers it did not ask for, nor takes them for later ones", function*() {
    const { beats, end, say } = yield* beating
    yield* say(beat, beat, beat)
    yield* elapse(1000)
    yield* say(beat, beat)
    yield* elapse(999)
    assert.strictEqual(beats(), 1)
    yield* elapse(1)
    assert.strictEqual(beats(), 2)
    yield* elapse(4000)
    assert.strictEqual((yield* end)._tag, "PeerUnresponsive")
    assert.strictEqual(yield* Clock.currentTimeMillis, 6000)
  })

  simulation.each([
    { said: "yes", reason: "MalformedFrame" },
    { said: `{"<3"`, reason: "FrameTruncated" },
    { said: "", reason: "PeerClosed" }
  ])("ends with $reason at '$said' and FIN while it rests", function*({ reason, said }) {
    const { end, joiner, say } = yield* beating
    yield* say(beat)
    yield* elapse(1000)
    yield* say(said)
    joiner.pipe.end()
    assert.strictEqual((yield* end)._tag, reason)
    assert.strictEqual(yield* Clock.currentTimeMillis, 1000)
  })

  simulation("gives a member up that reads nothing", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { beats, end, say } = yield* beating
    yield* say(beat)
    yield* network.clog(joinerIp)
    yield* elapse("6 seconds")
    assert.strictEqual((yield* end)._tag, "PeerUnresponsive")
    assert.strictEqual(beats(), 1)
  })
})
