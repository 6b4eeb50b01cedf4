/**
 * A run of a simulation as data: its seed, its links, and what goes wrong when. JSON can have it, so that a run that was
 * found by chance, or by hand, is a file, and a test of a few lines:
 *
 *     program.pipe(Simulation.run({ seed: 41, faults: [{ at: "20 seconds", cut: ["1-3", "4,5"], for: "5 seconds" }] }))
 */
import { Duration, Effect, Predicate, Schema } from "effect"
import * as Fault from "./Fault.ts"
import { Noted } from "./internal/Noted.ts"
import * as Plain from "./internal/Plain.ts"
import { Theatre } from "./Theatre.ts"

// For data that has a scenario in it, beside what its program is told.
export { decode as decodeAs, field, type Mistake, probability, span, time, words } from "./internal/Plain.ts"
export { shrink } from "./internal/Shrink.ts"

/** What a run follows from, besides its program. */
export const Scenario = Schema.Struct({
  /** Of all chance. Default 0. */
  seed: Schema.optional(Plain.seed),
  /** What links are like at first. */
  link: Schema.optional(Fault.Link),
  /** What goes wrong, in any order. */
  faults: Schema.optional(Schema.Array(Fault.Timed))
})

/** What a run follows from, besides its program. */
export type Scenario = typeof Scenario.Type

const listIn = (input: unknown, key: string): ReadonlyArray<unknown> =>
  Predicate.hasProperty(input, key) && Array.isArray(input[key]) ? input[key] : []

/** What is wrong with the faults of a scenario besides their values. */
export const mistakesOf = (input: unknown): ReadonlyArray<Plain.Mistake> =>
  listIn(input, "faults").flatMap((fault, index) => Fault.mistakesOf(fault, ["faults", index]))

/** What is wrong with the hosts that its faults name, and those of chaos beside them, where these are all that there are. */
export const strangersIn = (names: ReadonlyArray<string>, input: unknown): ReadonlyArray<Plain.Mistake> => {
  const chaos = Predicate.hasProperty(input, "chaos") ? listIn(input.chaos, "hosts") : []
  return [
    ...listIn(input, "faults").flatMap((fault, index) => Fault.strangersIn(names, fault, ["faults", index])),
    ...chaos.flatMap((text, index) => Fault.strangersOf(names, text, ["chaos", "hosts", index]))
  ]
}

/** Decodes a scenario, or says all that is wrong with it. */
export const decode = Plain.decode("the scenario", Scenario, mistakesOf)

/** The JSON of a scenario, a fault a line. */
export const format = ({ faults = [], ...rest }: Scenario): string => {
  const head = Object.entries(rest).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  const lines = faults.map((fault) => `\n    ${JSON.stringify(fault)}`).join(",")
  return `{\n  ${[...head, `"faults": [${lines}${faults.length > 0 ? "\n  " : ""}]`].join(",\n  ")}\n}`
}

const decodeFaults = Plain.decode("the scenario", Schema.Struct({ faults: Scenario.fields.faults }), mistakesOf)

/**
 * Lets faults happen at their moments. Ends when the last has happened. Dies at once, with all that is wrong, for faults that
 * cannot be.
 */
export const play = (given: ReadonlyArray<Fault.Timed>): Effect.Effect<void, never, Theatre> =>
  Effect.gen(function*() {
    const { perform, stage } = yield* Theatre
    const { faults = [] } = yield* Effect.orDie(Effect.fromResult(decodeFaults({ faults: given })))
    yield* Effect.forEach(faults, ({ at, ...fault }) =>
      Effect.gen(function*() {
        const wait = Duration.toMillis(Duration.fromInputUnsafe(at)) - stage.timeline.now
        if (wait > 0) yield* Effect.sleep(wait)
        yield* perform(fault)
      }), { concurrency: "unbounded", discard: true })
  }).pipe(Effect.provideService(Noted, true))
