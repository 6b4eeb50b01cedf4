/**
 * A scenario on the stage of a console: real time moves its time, as pages say, and pages may break what they like. What
 * somebody did is kept with its moments, so that it can be played again: to branch off, and as a scenario file.
 *
 * Time begins when the first page looks. It stops where the scenario is over, and may go on from there.
 */
import { type Acts, Api, type Stage } from "@peerage/console"
import { printable } from "@peerage/console/Printable"
import { Scenario } from "@peerage/simulate"
import { Cause, Clock, Effect, Latch, Ref, type Scope, Semaphore, Stream, Struct } from "effect"
import { endOf, millisOf, type ProtocolName, type ScenarioFile } from "../ScenarioFile.ts"
import * as Act from "./Act.ts"
import * as Faults from "./Faults.ts"
import * as Take from "./Take.ts"

/** Options of a stage. */
export interface Options {
  /** How the scenario was called. */
  readonly name: string
  readonly scenario: ScenarioFile
  /** How the command was called. Default "peerage". */
  readonly invoked?: string | undefined
  /** Simulated time over real time. Default 1. */
  readonly speed?: number | undefined
  /** True when time does not begin by itself. */
  readonly paused?: boolean | undefined
}

interface State {
  readonly take: Take.Take
  /** False until somebody looks. */
  readonly begun: boolean
  readonly paused: boolean
  readonly speed: number
  /** The moment to which a branch is played anew. */
  readonly replayedTo: number | undefined
}

const titles: { readonly [name in ProtocolName]: string } = {
  pyile: "Pyile",
  "p2p-chat": "p2p-chat",
  peerpy: "PeerPy",
  pyrate: "Pyrate"
}

// Real milliseconds from one move of time to the next; a process that was held up does not catch up with more than this.
const tick = 16
const longestTick = 100
// Of a branch that is played anew: simulated milliseconds in one move, and real ones until the process does other things.
const slice = 100
const budget = 40
// Real milliseconds between two acts.
const often = 100
const seldom = 1000
const longestStep = 60_000

const slowest = 0.01
const fastest = 1000

const refuse = (message: string) => Effect.fail(new Api.Refused({ message }))

/** The scenario with what was done by hand. Nothing can be expected of that any more. */
const scoreOf = ({ invoked = "peerage", name, scenario }: Options, { byHand }: Take.Take, now: number): Acts.Score => {
  const faults = [...scenario.faults ?? [], ...byHand].sort((one, other) => millisOf(one.at) - millisOf(other.at))
  const kept = byHand.length > 0 ? Struct.omit(scenario, ["expect"]) : scenario
  const until = Math.max(endOf(scenario), Math.ceil(now))
  const file = name.replace(/^.*[/\\]/, "").replace(/\.json$/, "").replace(/[^\w.-]+/g, "-")
  const score = { ...kept, until, faults }
  const saved = `${file}-${byHand.length > 0 ? "by-hand" : "again"}.json`
  return { name: saved, text: `${Scenario.format(score)}\n`, command: `${invoked} simulate ${saved}` }
}

const isRunning = ({ begun, paused, replayedTo }: State): boolean => begun && (!paused || replayedTo !== undefined)

const timeOf = Effect.fnUntraced(function*({ scenario }: Options, { paused, replayedTo, speed, take }: State) {
  const time: Act.Time = {
    now: yield* take.now,
    end: take.end,
    seed: scenario.seed ?? 0,
    speed,
    paused,
    replaying: replayedTo !== undefined
  }
  return time
})

/** What changes of a state. */
type Change = Partial<State>

/** Plays a branch anew, for as long as the process can be kept busy. Gives what changes. */
const replay = Effect.fnUntraced(function*(take: Take.Take, moment: number): Effect.fn.Return<Change> {
  const began = yield* Clock.currentTimeMillis
  while (true) {
    const left = moment - (yield* take.now)
    if (left <= 0) return { replayedTo: undefined }
    yield* take.advance(Math.min(slice, left))
    if ((yield* Clock.currentTimeMillis) - began >= budget) return {}
  }
})

/** Lets so many real milliseconds of time pass. Gives what changes. */
const pass = Effect.fnUntraced(function*(state: State, millis: number): Effect.fn.Return<Change> {
  const { replayedTo, speed, take } = state
  if (!isRunning(state)) return {}
  if (replayedTo !== undefined) return yield* replay(take, replayedTo)
  const before = yield* take.now
  const stopsAt = before < take.end ? take.end : Infinity
  yield* take.advance(Math.min(millis * speed, stopsAt - before))
  if ((yield* take.now) < stopsAt) return {}
  take.recording.say(stopsAt, "event", "The scenario is over. Time can go on.")
  return { paused: true }
})

const wrongPace = ({ speed, step }: Acts.Pace): string | undefined => {
  if (speed !== undefined && !(speed >= slowest && speed <= fastest)) {
    return `A speed is a number from ${slowest} to ${fastest}.`
  }
  return step !== undefined && !(step > 0 && step <= longestStep)
    ? `A step is more than 0 and at most ${longestStep} milliseconds.`
    : undefined
}

/** A stage without its time. */
const staging = (options: Options, state: Ref.Ref<State>, running: Latch.Latch) => {
  const { name, scenario } = options
  const { withPermit: alone } = Semaphore.makeUnsafe(1)
  const change = (changes: Change) =>
    Effect.flatMap(
      Ref.updateAndGet(state, (before) => ({ ...before, ...changes })),
      (after) => isRunning(after) ? running.open : running.close
    )
  const move = Effect.fnUntraced(function*(millis: number) {
    const before = yield* Ref.get(state)
    yield* Effect.flatMap(pass(before, millis), change).pipe(Effect.catchCause((cause) => {
      const why = printable(Cause.pretty(cause).split("\n")[0] ?? "")
      return Effect.flatMap(before.take.now, (now) => {
        before.take.recording.say(now, "broken", `The simulation cannot go on: ${why}`)
        return change({ paused: true, replayedTo: undefined })
      })
    }))
  })
  const live = Effect.flatMap(Ref.get(state), (now) =>
    now.replayedTo === undefined
      ? Effect.succeed(now.take)
      : refuse("The branch is being played anew. Try again when it is live."))
  const stage: Stage.Stage = {
    about: Effect.succeed({ protocol: titles[scenario.protocol], role: "simulation", self: name }),
    play: (hidden) => Stream.unwrap(Effect.map(change({ begun: true }), () => playing(options, state, hidden))),
    pace: Effect.fnUntraced(function*(pace) {
      const wrong = wrongPace(pace)
      if (wrong !== undefined) return yield* refuse(wrong)
      const { step } = pace
      const speed = pace.speed === undefined ? {} : { speed: pace.speed }
      const paused = pace.paused === undefined ? {} : { paused: pace.paused, begun: true }
      // Not beside a move of time: who has paused is not told of time that passes afterwards.
      if (step === undefined) return yield* alone(change({ ...speed, ...paused }))
      yield* alone(Effect.gen(function*() {
        yield* change({ ...speed, paused: true, begun: true })
        const { advance } = yield* live
        yield* advance(step)
      }))
    }),
    fault: (fault) =>
      alone(Effect.gen(function*() {
        const { perform, states } = yield* live
        yield* perform(yield* Effect.fromResult(Faults.read(yield* states, fault)))
      })),
    branch: (at) =>
      alone(Effect.gen(function*() {
        const { byHand, now } = yield* live
        if (!(at >= 0 && at <= (yield* now))) return yield* refuse("A branch begins at a moment that has been.")
        const take = yield* Take.make(scenario, byHand.filter((fault) => millisOf(fault.at) <= at))
        yield* change({ take, replayedTo: at, begun: true })
      })),
    score: Effect.flatMap(
      Ref.get(state),
      ({ take }) => Effect.map(take.now, (now) => scoreOf(options, take, now))
    )
  }
  return { stage, move: (millis: number) => alone(move(millis)) }
}

/** What one page is told. */
const playing = (options: Options, state: Ref.Ref<State>, hidden: boolean) => {
  let told: Act.Place | undefined
  const next: Effect.Effect<Acts.Act> = Effect.gen(function*() {
    while (true) {
      if (told?.isBehind === false) yield* Effect.sleep(hidden ? seldom : often)
      const now = yield* Ref.get(state)
      const time = yield* timeOf(options, now)
      const { recording } = now.take
      const act = told?.recording === recording ? Act.proceed(told, time) : Act.begin(recording, time)
      if (act === undefined) continue
      told = act[1]
      return act[0]
    }
  })
  return Stream.fromEffectRepeat(next)
}

/** Opens a stage. Its scope is that of its time: when it closes, nothing happens any more. */
export const make = Effect.fnUntraced(function*(options: Options): Effect.fn.Return<Stage.Stage, never, Scope.Scope> {
  const { paused = false, scenario, speed = 1 } = options
  const take = yield* Take.make(scenario, [])
  const state = yield* Ref.make<State>({ take, begun: false, paused, speed, replayedTo: undefined })
  const running = yield* Latch.make(false)
  const { move, stage } = staging(options, state, running)
  const moving = Effect.gen(function*() {
    yield* running.await
    let before = yield* Clock.currentTimeMillis
    while (isRunning(yield* Ref.get(state))) {
      yield* Effect.sleep(tick)
      const now = yield* Clock.currentTimeMillis
      yield* move(Math.min(now - before, longestTick))
      before = now
    }
  })
  yield* Effect.forkScoped(Effect.forever(moving))
  return stage
})
