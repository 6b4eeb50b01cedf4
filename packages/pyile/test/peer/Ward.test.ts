import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import * as Ward from "../../src/peer/Ward.ts"
import { elapse, settle, simulated } from "../exchange/Pair.ts"

/** A ward at work, and hearts that note when they were beaten and when they stopped. */
const ward = Effect.gen(function*() {
  const ward = Ward.make({ interval: "2 seconds", timeout: "4 seconds" })
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

describe("a host that watches hearts", () => {
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
        release(ann)
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
})

/** A ward, and how often it has slept. */
const counted = Effect.gen(function*() {
  const ward = Ward.make({ interval: "2 seconds", timeout: "4 seconds" })
  const clock = yield* Clock.Clock
  const slept = { times: 0 }
  const counting: Clock.Clock = {
    ...clock,
    sleep: (duration) => Effect.andThen(Effect.sync(() => slept.times++), clock.sleep(duration))
  }
  yield* Effect.forkScoped(Effect.provideService(ward.run, Clock.Clock, counting))
  yield* settle
  return { ...ward, slept }
})

describe("one sweeper for all hearts", () => {
  it.effect("does not go round and round where a deadline is too near to sleep for", () =>
    Effect.gen(function*() {
      const { admit, answered, slept } = yield* counted
      const hearts = Array.from({ length: 200 }, heart)
      // From here on a nanosecond is less than what a sum of milliseconds may be wrong by.
      yield* elapse(1500)
      for (const one of hearts) {
        yield* elapse(0.000_017)
        yield* admit(one)
        yield* answered(one)
      }
      yield* elapse(3000)
      for (const { beats } of hearts) assert.strictEqual(beats.length, 2)
      assert.isAtMost(slept.times, 5 * hearts.length)
    }).pipe(simulated))

  it.effect("beats five thousand of them every 2 seconds with a single sleep", () =>
    Effect.gen(function*() {
      const { admit, answered, slept } = yield* counted
      const hearts = Array.from({ length: 5000 }, () => {
        const ann = heart()
        const one: Ward.Heart = {
          beat: Effect.andThen(ann.beat, Effect.suspend(() => answered(one))),
          stopped: ann.stopped
        }
        return { one, ann }
      })
      yield* Effect.forEach(hearts, ({ one }) => admit(one), { discard: true })
      yield* elapse("1 minute")
      const expected = Array.from({ length: 31 }, (_, count) => count * 2000)
      for (const { ann } of hearts) assert.deepStrictEqual([ann.beats, ann.stops], [expected, []])
      assert.isAtMost(slept.times, 2 * expected.length)
    }).pipe(simulated))
})
