/** What commands share: the settings of all of them, the tuning of the libraries. */
import { Cause, type Config, Effect } from "effect"
import * as Exit from "../Exit.ts"
import { Json, LogLevel } from "../Flags.ts"
import * as Log from "../Log.ts"
import { reasonOf } from "../room/Reasons.ts"
import { BadUsage } from "../Usage.ts"
import * as Values from "../Values.ts"
import * as Teller from "./Teller.ts"
import { type Reading, reading } from "./Usage.ts"

/** What a command's work begins with. */
export interface Task {
  readonly json: boolean
  readonly values: Reading
}

/** Does a command's work, with its log, and with its failure told in JSON where JSON was asked for. */
export const perform = Effect.fnUntraced(function*<E, R>(
  command: string,
  work: (task: Task) => Effect.Effect<void, E, R>
) {
  const json = yield* Json
  const values = reading(command)
  const level = values.optional(yield* LogLevel, Values.level) ?? "Warn"
  const tellFailure = (cause: Cause.Cause<E>) => {
    if (!json || Cause.hasInterruptsOnly(cause)) return Effect.void
    const error = Cause.squash(cause)
    const failed = { _tag: "Failed", command, reason: reasonOf(error), message: Exit.sentenceOf(error) }
    return Teller.programs<typeof failed>()([failed], false)
  }
  yield* work({ json, values }).pipe(
    Effect.tapCause(tellFailure),
    Effect.tapCause((cause) => Effect.logDebug(`${command} ended`, cause)),
    Effect.provide(Log.layer(level))
  )
})

const inWords = (message: string): string => {
  const [, prefix, name] = /\["([A-Z0-9_]+)"\]\["([A-Z0-9_]+)"\]/.exec(message) ?? []
  const [, expected = "another value"] = /Expected ([^\n]+)/.exec(message) ?? []
  return name === undefined ? message : `${prefix}_${name} takes ${expected}`
}

/** A library's numbers from the environment, as its `PYILE_*`. */
export const tuning = <A>(command: string, config: Config.Config<A>): Effect.Effect<A, BadUsage> =>
  Effect.mapError(config, (error) => new BadUsage({ command, mistakes: [inWords(error.message)] }))
