/**
 * Runs a test inside of a simulated network, from its first moment to its last.
 *
 *     Effect.gen(function*() {
 *       const server = yield* Host.make("server", Server)
 *       const client = yield* Host.make("client")
 *       yield* client.run(ask)
 *     }).pipe(Simulation.run({ seed: 7 }))
 *
 * Nobody moves a clock: time passes while everybody waits.
 */
import { OptionValue } from "@peerage/transport"
import { type Duration, Effect, Exit } from "effect"
import * as Theatre from "./Theatre.ts"

/** Options of a run. */
export interface Options extends Theatre.Options {
  /** Simulated time that the program may take. Default 1 hour. */
  readonly within?: Duration.Input | undefined
}

const checkOptions = OptionValue.checkAll("Simulation.run", { within: OptionValue.span })

/**
 * Runs a program in a theatre of its own, and then stops its hosts. Dies when the program does not end in time, or one of
 * the hosts does not stop, with a sentence that names it.
 */
export const run =
  (options: Options = {}) =>
  <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, Exclude<R, Theatre.Services>> =>
    Effect.gen(function*() {
      checkOptions(options)
      const theatre = yield* Theatre.make(options)
      const exit = yield* Effect.exit(Effect.flatten(
        Effect.flatMap(theatre.start(program), (started) => theatre.finish(started, options.within ?? "1 hour"))
      ))
      // Why a program failed is more than what it left behind.
      yield* Exit.isSuccess(exit) ? theatre.close : Effect.ignoreCause(theatre.close)
      return yield* exit
    })
