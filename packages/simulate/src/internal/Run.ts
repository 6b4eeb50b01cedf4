/** One run of a simulation, from its first moment to its last, and what is left to look at afterwards. */
import { OptionValue, type Trace } from "@peerage/transport"
import { type Duration, Effect, Exit, Fiber, Predicate, Result, Schema } from "effect"
import * as Chaos from "../Chaos.ts"
import * as Fault from "../Fault.ts"
import * as Scenario from "../Scenario.ts"
import * as Theatre from "../Theatre.ts"
import * as Plain from "./Plain.ts"

/** Options of a run: those of its network, and what goes wrong in it. */
export interface Options extends Theatre.Options {
  /** Simulated time that the program may take. Default 1 hour. */
  readonly within?: Duration.Input | undefined
  /** What goes wrong, and when. */
  readonly faults?: ReadonlyArray<Fault.Timed> | undefined
  /** What goes wrong at random. */
  readonly chaos?: Chaos.Chaos | undefined
  /**
   * The names of all hosts that there will be: a fault that names another is refused before anything runs. Default: the hosts
   * that are made before the program first waits for something else.
   */
  readonly hosts?: ReadonlyArray<string> | undefined
}

/** How a run ended. */
export interface Outcome<A, E> {
  readonly exit: Exit.Exit<A, E>
  /** When the program ended, in milliseconds. */
  readonly at: number
  /** What plays this run again. */
  readonly score: Scenario.Scenario
  /** The packets of the network. */
  readonly trace: ReadonlyArray<Trace.Entry>
}

const isNames = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.every(Predicate.isString)

const names = Plain.field(isNames, { accepts: isNames, expected: `names of hosts, such as ["server", "client"]` })

const Checked = Schema.Struct({
  seed: Plain.option(OptionValue.seed),
  within: Plain.option(OptionValue.span),
  closeWithin: Plain.option(OptionValue.span),
  link: Schema.optional(Schema.Struct({
    latency: Plain.option(OptionValue.time),
    jitter: Plain.option(OptionValue.time),
    bandwidth: Plain.option(OptionValue.rate),
    loss: Plain.option(OptionValue.probability),
    duplication: Plain.option(OptionValue.probability),
    reordering: Plain.option(OptionValue.probability),
    reorderDelay: Plain.option(OptionValue.time)
  })),
  faults: Schema.optional(Schema.Array(Fault.Timed)),
  chaos: Schema.optional(Chaos.Chaos),
  hosts: Schema.optional(names)
})

const strangersIn = (input: unknown) =>
  Predicate.hasProperty(input, "hosts") && isNames(input.hosts) ? Scenario.strangersIn(input.hosts, input) : []

const decode = Plain.decode(
  "Simulation.run",
  Checked,
  (input) => [...Scenario.mistakesOf(input), ...strangersIn(input)]
)

/** Dies, with all that is wrong, for options that cannot be. */
const check = ({ chaos, closeWithin, faults, hosts, link, seed, within }: Options) =>
  Effect.orDie(Effect.fromResult(decode({ chaos, closeWithin, faults, hosts, link, seed, within })))

const decodeWith = (names: ReadonlyArray<string>) =>
  Plain.decode(
    "Simulation.run",
    Checked,
    (input) =>
      Scenario.strangersIn(names, input).map((mistake, index, { length }) => {
        const later = index < length - 1 ? "" : ". Where hosts are made later, name all with the option hosts"
        return { ...mistake, expected: `${mistake.expected}${later}` }
      })
  )

/**
 * Looks for hosts that faults name and that there are not, once the program has made its hosts: before time passes for
 * anything else. Throws with all that is wrong.
 */
const lookForStrangers = ({ chaos, faults }: Options) =>
  Effect.map(Theatre.Theatre, ({ hosts, stage }) => {
    stage.beforeTimePasses = () => {
      if (hosts.size === 0 || stage.starting > 0) return "Again"
      Result.getOrThrow(decodeWith([...hosts.keys()])({ chaos, faults }))
      return "Done"
    }
  })

/** The program, with faults beside it. What is wrong with them is wrong with the run. */
const beside = <A, E, R>(program: Effect.Effect<A, E, R>, options: Options) =>
  Effect.gen(function*() {
    const { chaos, faults = [] } = options
    if (options.hosts === undefined) yield* lookForStrangers(options)
    const playing = yield* Effect.forkChild(Scenario.play(faults))
    const raging = yield* Effect.forkChild(chaos === undefined ? Effect.void : Chaos.run(chaos))
    const wrong = Effect.andThen(Fiber.joinAll([playing, raging]), Effect.never)
    return yield* Effect.raceFirst(program, wrong)
  })

/** Runs a program in a theatre of its own, then stops its hosts. */
export const run = <A, E, R>(program: Effect.Effect<A, E, R>, options: Options) =>
  Effect.gen(function*() {
    yield* check(options)
    const theatre = yield* Theatre.make(options)
    const started = yield* theatre.start(beside(program, options))
    const ended = yield* Effect.exit(Effect.flatten(theatre.finish(started, options.within ?? "1 hour")))
    const [at, score, trace] = [yield* theatre.now, yield* theatre.score, yield* theatre.trace]
    const closed = yield* Effect.exit(theatre.close)
    // Why a program failed is more than what it left behind.
    const exit = Exit.isSuccess(ended) && Exit.isFailure(closed) ? Exit.failCause(closed.cause) : ended
    return { exit, at, score, trace } satisfies Outcome<A, E>
  })
