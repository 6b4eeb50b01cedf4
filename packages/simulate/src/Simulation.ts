/**
 * Runs a test inside of a simulated network, from its first moment to its last: once, or with many seeds.
 *
 *     Effect.gen(function*() {
 *       const server = yield* Host.make("server", Server)
 *       const client = yield* Host.make("client")
 *       yield* client.run(ask)
 *     }).pipe(Simulation.run({ seed: 7 }))
 *
 * Nobody moves a clock: time passes while everybody waits.
 */
import { OptionValue, Trace } from "@peerage/transport"
import { Cause, Duration, Effect, Exit, Formatter, Predicate, Schema } from "effect"
import type { Options } from "./internal/Run.ts"
import * as Run from "./internal/Run.ts"
import { shrink } from "./internal/Shrink.ts"
import * as Scenario from "./Scenario.ts"
import type * as Theatre from "./Theatre.ts"

export type { Options } from "./internal/Run.ts"

/**
 * Runs a program in a theatre of its own, with faults beside it, and then stops its hosts. Dies when the program does not
 * end in time, or one of the hosts does not stop, with a sentence that names it.
 */
export const run =
  (options: Options = {}) =>
  <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, Exclude<R, Theatre.Services>> =>
    Effect.flatMap(Run.run(program, options), ({ exit }) => exit)

/** Options of a check: those of each run, and how many there are. */
export interface CheckOptions extends Options {
  /** How many seeds are tried, from `seed` on. Default 100. */
  readonly seeds?: number | undefined
  /** How many runs it may take to cut down the faults of one that fails. Default 100. */
  readonly shrinkRuns?: number | undefined
  /** How much of the end of the run that failed is drawn. Default 5 seconds. */
  readonly draw?: Duration.Input | undefined
}

/** A program fails with one of the seeds. */
export class CheckFailed extends Schema.TaggedError<CheckFailed>()("CheckFailed", {
  /** How many seeds were tried, this one included. */
  tried: Schema.Int,
  /** What makes it fail again: the seed, and the fewest faults that were found. */
  scenario: Scenario.Scenario,
  /** When it failed, in milliseconds. */
  at: Schema.Finite,
  /** The last packets before, as a sequence chart. */
  chart: Schema.String,
  /** Why it failed. */
  cause: Schema.Unknown
}) {
  override get message() {
    const { cause } = this
    const why = Predicate.hasProperty(cause, "message") ? cause.message : Formatter.format(cause)
    return [
      `Seed ${
        JSON.stringify(this.scenario.seed)
      }, the ${this.tried}. that was tried, fails after ${this.at} ms: ${why}`,
      "This makes it fail again, given to Simulation.run:",
      Scenario.format(this.scenario),
      "Its last packets:",
      this.chart
    ].join("\n")
  }
}

const checkOptions = OptionValue.checkAll("Simulation.check", {
  seeds: OptionValue.count,
  shrinkRuns: OptionValue.whole,
  draw: OptionValue.span
})

const seedOf = (seed: number | string, index: number): number | string =>
  typeof seed === "number" ? seed + index : index === 0 ? seed : `${seed} ${index}`

// More would not be read.
const drawnPackets = 60

const chartOf = ({ at, trace }: Run.Outcome<unknown, unknown>, draw: Duration.Input): string => {
  const since = at - Duration.toMillis(Duration.fromInputUnsafe(draw))
  const packets = trace.filter((entry) => entry.at >= since)
  return packets.length === 0 ? "none" : Trace.chart(packets.slice(-drawnPackets), { spacing: 40 })
}

/**
 * Runs a program with many seeds, one after another. Fails with the first that makes it fail, the fewest faults that
 * still do, and a sequence chart of the end. The faults of chaos are cut down as those that are given.
 */
export const check =
  (options: CheckOptions = {}) =>
  <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<void, CheckFailed, Exclude<R, Theatre.Services>> =>
    Effect.gen(function*() {
      checkOptions(options)
      const { draw = "5 seconds", seed = 0, seeds = 100, shrinkRuns = 100 } = options
      for (let index = 0; index < seeds; index++) {
        const seeded = { ...options, seed: seedOf(seed, index) }
        const first = yield* Run.run(program, seeded)
        if (Exit.isSuccess(first.exit)) continue
        let last = first
        const again = Effect.fnUntraced(function*(faults: Scenario.Scenario["faults"]) {
          const outcome = yield* Run.run(program, { ...seeded, chaos: undefined, faults })
          if (Exit.isFailure(outcome.exit)) last = outcome
          return Exit.isFailure(outcome.exit)
        })
        const { faults = [] } = first.score
        yield* shrink(faults, again, shrinkRuns)
        const cause = Exit.isFailure(last.exit) ? Cause.squash(last.exit.cause) : undefined
        const [at, chart] = [last.at, chartOf(last, draw)]
        return yield* new CheckFailed({ tried: index + 1, scenario: last.score, at, chart, cause })
      }
    })
