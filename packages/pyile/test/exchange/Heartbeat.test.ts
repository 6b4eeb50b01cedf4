import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import * as Heartbeat from "../../src/exchange/Heartbeat.ts"
import { elapse, failsAfter, settle, simulated, toHost } from "./Pair.ts"

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

/** A ward at work, and hearts that note when they were beaten and when they stopped. */
const ward = Effect.gen(function*() {
  const ward = Heartbeat.ward({ interval: "2 seconds", timeout: "4 seconds" })
  yield* Effect.forkScoped(ward.run)
  yield* settle
  return ward
})

const heart = () => {
  const beats: Array<number> = []
  const stops: Array<number> = []
  const note = (list: Array<number>) => Effect.map(Clock.currentTimeMillis, (now) => void list.push(now))
  return { beats, stops, beat: note(beats), stopped: () => note(stops) }
}

describe("a host", () => {
  it.effect("beats at once, and again 2 seconds after each answer", () =>
    Effect.gen(function*() {
      const { admit, answered } = yield* ward
      const ann = heart()
      yield* admit(ann)
      assert.deepStrictEqual(ann.beats, [0])
      yield* elapse(700)
      yield* answered(ann)
      yield* elapse(1999)
      assert.deepStrictEqual(ann.beats, [0])
      yield* elapse(1)
      assert.deepStrictEqual(ann.beats, [0, 2700])
      yield* elapse(300)
      yield* answered(ann)
      yield* elapse(10_000)
      assert.deepStrictEqual(ann.beats, [0, 2700, 5000])
    }).pipe(simulated))

  it.effect("lets go of a heart that has not answered for exactly 4 seconds, once, and beats it no more", () =>
    Effect.gen(function*() {
      const { admit } = yield* ward
      const ann = heart()
      yield* admit(ann)
      yield* elapse(3999)
      assert.deepStrictEqual(ann.stops, [])
      yield* elapse(1)
      assert.deepStrictEqual(ann.stops, [4000])
      yield* elapse("1 minute")
      assert.deepStrictEqual([ann.beats, ann.stops], [[0], [4000]])
    }).pipe(simulated))

  it.effect("does not beat more often for answers it did not ask for", () =>
    Effect.gen(function*() {
      const { admit, answered } = yield* ward
      const ann = heart()
      yield* answered(ann)
      yield* admit(ann)
      for (let count = 0; count < 5; count++) yield* answered(ann)
      yield* elapse(1000)
      for (let count = 0; count < 5; count++) yield* answered(ann)
      yield* elapse(999)
      assert.deepStrictEqual(ann.beats, [0])
      yield* elapse(1)
      assert.deepStrictEqual(ann.beats, [0, 2000])
      yield* elapse(4000)
      assert.deepStrictEqual(ann.stops, [6000])
    }).pipe(simulated))

  it.effect.each([{ name: "resting", answers: true }, { name: "asked", answers: false }])(
    "forgets a heart that it released while it was $name",
    ({ answers }) =>
      Effect.gen(function*() {
        const { admit, answered, release } = yield* ward
        const ann = heart()
        yield* admit(ann)
        if (answers) yield* answered(ann)
        yield* release(ann)
        yield* answered(ann)
        yield* elapse("1 minute")
        assert.deepStrictEqual([ann.beats, ann.stops], [[0], []])
      }).pipe(simulated)
  )

  it.effect("keeps each heart's time, whoever else comes, answers or stops", () =>
    Effect.gen(function*() {
      const { admit, answered } = yield* ward
      const [ann, bob, cid] = [heart(), heart(), heart()]
      yield* admit(ann)
      yield* elapse(500)
      yield* admit(bob)
      yield* answered(bob)
      yield* elapse(500)
      yield* answered(ann)
      yield* admit(cid)
      yield* elapse(10_000)
      assert.deepStrictEqual([ann.beats, ann.stops], [[0, 3000], [7000]])
      assert.deepStrictEqual([bob.beats, bob.stops], [[500, 2500], [6500]])
      assert.deepStrictEqual([cid.beats, cid.stops], [[1000], [5000]])
    }).pipe(simulated))

  it.effect("keeps its time on a clock of fractions, where a deadline may be too near to sleep for", () =>
    Effect.gen(function*() {
      const { admit, answered } = yield* ward
      const ann = heart()
      yield* elapse(0.1)
      yield* admit(ann)
      yield* elapse(0.2)
      yield* answered(ann)
      yield* elapse(2000)
      assert.strictEqual(ann.beats.length, 2)
    }).pipe(simulated))

  it.effect("beats five thousand hearts every 2 seconds with a single sleep for all of them", () =>
    Effect.gen(function*() {
      const { admit, answered, run } = Heartbeat.ward({ interval: "2 seconds", timeout: "4 seconds" })
      const clock = yield* Clock.Clock
      let sleeps = 0
      const counting: Clock.Clock = {
        ...clock,
        sleep: (duration) => Effect.andThen(Effect.sync(() => sleeps++), clock.sleep(duration))
      }
      yield* Effect.forkScoped(Effect.provideService(run, Clock.Clock, counting))
      yield* settle
      const hearts = Array.from({ length: 5000 }, () => {
        const ann = heart()
        const one: Heartbeat.Heart = {
          beat: Effect.andThen(ann.beat, Effect.suspend(() => answered(one))),
          stopped: ann.stopped
        }
        return { one, ann }
      })
      yield* Effect.forEach(hearts, ({ one }) => admit(one), { discard: true })
      yield* elapse("1 minute")
      const expected = Array.from({ length: 31 }, (_, count) => count * 2000)
      for (const { ann } of hearts) assert.deepStrictEqual([ann.beats, ann.stops], [expected, []])
      assert.isAtMost(sleeps, 2 * expected.length)
    }).pipe(simulated))
})
