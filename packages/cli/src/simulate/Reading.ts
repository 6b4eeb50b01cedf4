/** Reads what `peerage simulate` is to do: the scenario, with what the flags say in place of it. All mistakes at once. */
import { printable } from "@peerage/console/Printable"
import { Fault } from "@peerage/simulate"
import * as SystemProblem from "@peerage/wire/SystemProblem"
import { type Duration, Effect, FileSystem, Result } from "effect"
import { enumerated, nearest } from "../room/Words.ts"
import { type BadUsage, type Check, type Checks, type Given, kind } from "../Usage.ts"
import type { Begin } from "./Controls.ts"
import { names, scenarios } from "./Defaults.ts"
import { decode, millisOf, namesOf, type ScenarioFile } from "./ScenarioFile.ts"

/** What was given on the command line. */
export interface Asked {
  readonly scenario: Given
  readonly hosts: Check<number | undefined>
  readonly seed: Check<number | undefined>
  readonly until: Check<Duration.Duration | undefined>
  readonly chart: Check<string | undefined>
  readonly seeds: Check<number | undefined>
  readonly speed: Check<number | undefined>
  readonly paused: Check<boolean>
  readonly console: Check<number | undefined>
}

/** What is to be done. */
export interface Order {
  /** How it was called. */
  readonly name: string
  readonly scenario: ScenarioFile
  /** The lanes of a chart, where one is asked for. */
  readonly chart?: ReadonlyArray<string> | undefined
  readonly seeds?: number | undefined
  /** How the live view begins. */
  readonly begin: Begin
}

/** Where it will be shown. */
export interface Shown {
  readonly json: boolean
  /** Whether there is a live view: at a terminal. */
  readonly live: boolean
}

/** Simulated seconds a second. */
export const speed = kind("X", (text) => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
  return value >= 0.01 && value <= 1000
    ? Result.succeed(value)
    : Result.fail("simulated seconds a second, from 0.01 to 1000")
})

/** Names of hosts. */
export const hostNames = kind("HOSTS", (text) =>
  /^(all|\d+(-\d+)?(\s*,\s*\d+(-\d+)?)*)$/.test(text.trim())
    ? Result.succeed(text.trim())
    : Result.fail("names of hosts, such as 1,6 or 1-3"))

type Mistakes = ReadonlyArray<string>
type Read = Result.Result<ScenarioFile, Mistakes>

const valueOf = <A>(check: Check<A | undefined>): A | undefined => Result.getOrElse(check, () => undefined)

/** A scenario that comes with the command. */
const byName = (name: string, hosts: number | undefined): Read | undefined => {
  const found = scenarios[name]
  if (found === undefined || !Object.hasOwn(scenarios, name)) return undefined
  const { least, make, usual } = found
  return hosts !== undefined && hosts < least
    ? Result.fail([`--hosts takes a whole number from ${least} with ${name}, not "${hosts}"`])
    : decode(make(hosts ?? usual))
}

const overridden = (input: unknown, hosts: number | undefined): unknown =>
  hosts === undefined || typeof input !== "object" || input === null ? input : { ...input, hosts }

const inFile = Effect.fnUntraced(function*(path: string, hosts: number | undefined): Effect.fn.Return<
  Read,
  never,
  FileSystem.FileSystem
> {
  const files = yield* FileSystem.FileSystem
  const text = yield* Effect.result(files.readFileString(path))
  if (Result.isFailure(text)) {
    const { failure } = text
    if (failure.reason._tag === "NotFound" && !/[/\\.]/.test(path)) return Result.fail([unknown(path)])
    const problem = SystemProblem.of(failure)
    return Result.fail([`cannot read the scenario ${printable(path)}: ${problem}. ${SystemProblem.remedy(problem)}`])
  }
  const parsed = parse(text.success)
  return Result.mapError(
    Result.flatMap(parsed, (input) => decode(overridden(input, hosts))),
    (mistakes) => mistakes.map((mistake) => `${printable(path)}: ${printable(mistake)}`)
  )
})

const tryJson = (text: string) =>
  Result.try({ try: (): unknown => JSON.parse(text), catch: (error) => String(error).replace(/^\w+: /, "") })

/** Reads JSON. Numbers that it cannot have are no reason to keep quiet about other mistakes. */
const parse = (text: string): Result.Result<unknown, Mistakes> => {
  const parsed = tryJson(text)
  if (Result.isSuccess(parsed)) return Result.succeed(parsed.success)
  const emptied = tryJson(text.replace(/(?<=[:,[]\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g, "null"))
  const others = Result.match(Result.flatMap(Result.mapError(emptied, () => []), decode), {
    onSuccess: () => [],
    onFailure: (mistakes: Mistakes) => mistakes.map((text) => text.replace(" is null;", " is no number;"))
  })
  return Result.fail(others.length > 0 ? others : [`it is no JSON: ${parsed.failure}. Correct it there`])
}

const unknown = (name: string): string => {
  const meant = nearest(name, names)
  const guess = meant === undefined ? `There are ${enumerated(names, "and")}` : `Did you mean ${meant}?`
  return `there is no scenario "${printable(name)}". ${guess}${meant === undefined ? "; or give a file" : ""}`
}

/** What contradicts itself among the flags. */
const contradictions = (asked: Asked, shown: Shown, scenario: ScenarioFile | undefined): Mistakes => {
  const { json } = shown
  const { chart, seeds } = { chart: valueOf(asked.chart), seeds: valueOf(asked.seeds) }
  const onPage = valueOf(asked.console) !== undefined
  const strangers = chart === undefined || scenario === undefined
    ? []
    : Fault.hostsIn(namesOf(scenario.hosts), chart).unknown
  const lanes = chart === undefined || scenario === undefined ? [] : Fault.hostsIn(namesOf(scenario.hosts), chart).found
  const seed = valueOf(asked.seed) ?? scenario?.seed
  return [
    ...lanes.length === 1 && strangers.length === 0
      ? [`--chart takes two hosts or more, as 1,2: it draws the packets between them, not "${chart}"`]
      : [],
    ...seeds !== undefined && typeof seed === "string" ? ["--seeds counts up from a number; give one with --seed"] : [],
    ...strangers.map((host) => `--chart takes hosts from 1 to ${scenario?.hosts}, not "${host}"`),
    ...chart !== undefined && json ? ["--chart is for people; leave it out with --json"] : [],
    ...onPage ? otherThan(asked, json).map((flag) => `--console shows it on a page; leave out ${flag}`) : [],
    ...chart !== undefined && seeds !== undefined ? ["--chart and --seeds do not go together; leave one out"] : [],
    ...seeds !== undefined && scenario !== undefined && (scenario.expect ?? []).length === 0
      ? ["--seeds needs something that is expected, and the scenario has no \"expect\""]
      : [],
    ...unseen(asked, shown)
  ]
}

/** Flags that ask for another way to show it than before somebody's eyes. */
const otherThan = (asked: Asked, json: boolean): ReadonlyArray<string> => [
  ...json ? ["--json"] : [],
  ...valueOf(asked.chart) === undefined ? [] : ["--chart"],
  ...valueOf(asked.seeds) === undefined ? [] : ["--seeds"]
]

/** Flags of the live view where there is none, nor a page. */
const unseen = (asked: Asked, { json, live }: Shown): Mistakes => {
  const [other] = otherThan(asked, json)
  const given = [
    ...valueOf(asked.speed) === undefined ? [] : ["--speed"],
    ...valueOf(asked.paused) === true ? ["--paused"] : []
  ]
  if (other !== undefined) return given.map((flag) => `${flag} is for the live view; leave it out with ${other}`)
  return live || valueOf(asked.console) !== undefined
    ? []
    : given.map((flag) => `${flag} is for the live view, which needs a terminal; leave it out`)
}

/** Reads it all. */
export const order = Effect.fnUntraced(function*(
  asked: Asked,
  shown: Shown,
  read: <Values>(checks: Checks<Values>) => Effect.Effect<Values, BadUsage>
) {
  const { scenario: { text: name = "" }, ...flags } = asked
  const hosts = valueOf(asked.hosts)
  const found = byName(name, hosts) ?? (yield* inFile(name, hosts))
  const mistakes = [
    ...Result.isFailure(found) ? found.failure : [],
    ...contradictions(asked, shown, Result.getOrUndefined(found))
  ]
  const checks = Object.fromEntries(mistakes.map((mistake, index) => [`mistake ${index}`, Result.fail(mistake)]))
  const values = yield* read<{ [name in keyof typeof flags]: Result.Result.Success<typeof flags[name]> }>({
    ...flags,
    ...checks
  })
  const scenario = yield* Effect.orDie(Effect.fromResult(found))
  const { chart, paused, seed = scenario.seed, seeds, speed = 1, until } = values
  const order: Order = {
    name,
    seeds,
    begin: { paused, speed },
    chart: chart === undefined ? undefined : Fault.hostsIn(namesOf(scenario.hosts), chart).found,
    scenario: { ...scenario, seed: seed ?? 0, ...until === undefined ? {} : { until: millisOf(until) } }
  }
  return order
})

/** The arguments to type for the same scenario. */
export const typedOf = ({ hosts, scenario }: Asked): string => {
  const count = valueOf(hosts)
  return `${scenario.text}${count === undefined ? "" : ` --hosts ${count}`}`
}
