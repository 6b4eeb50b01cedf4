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
import { Effect } from "effect"
import type { Options } from "./internal/Run.ts"
import * as Run from "./internal/Run.ts"
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
