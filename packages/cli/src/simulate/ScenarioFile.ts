/**
 * A scenario for `peerage simulate`, as JSON: the hosts of one protocol, what they do, what goes wrong, and what has to
 * be true at which moment. Hosts are named 1, 2, 3 and so on.
 *
 *     { "protocol": "pyile", "hosts": 20, "faults": [{ "at": "20 seconds", "cut": ["1-10", "11-20"] }],
 *       "expect": [{ "at": "30 seconds", "host": "1", "knows": 9 }] }
 */
import { Chaos, Fault, Scenario } from "@peerage/simulate"
import { OptionValue } from "@peerage/transport"
import { Array, Duration, Predicate, Result, Schema } from "effect"

const text = Scenario.field(Predicate.isString, { accepts: (value) => value !== "", expected: "text" })
const host = Scenario.field(Predicate.isString, OptionValue.text)
const amount = Scenario.field(Predicate.isNumber, OptionValue.whole)

/** What a host can be told to do; each protocol knows some of it. */
const verbs = {
  /** Sends text, `to` one host or to all. */
  say: Schema.optional(text),
  /** Sends large values to a host without end. */
  stream: Schema.optional(host),
  /** Searches for a file by its name. */
  search: Schema.optional(text),
  /** Fetches a file, `from` a host. */
  get: Schema.optional(text)
}

/** What a host can be told to do. */
export type Verb = keyof typeof verbs

/** Something that a host does at a moment. */
export const Deed = Schema.Struct({
  at: Scenario.time,
  host,
  ...verbs,
  to: Schema.optional(host),
  from: Schema.optional(host)
})
export type Deed = typeof Deed.Type

const checks = {
  /** So many other hosts it knows then. */
  knows: Schema.optional(amount),
  /** An event of this name happened there before. */
  sees: Schema.optional(text),
  /** Exactly this text arrived there before. */
  hears: Schema.optional(text)
}

/** Something that is to be true of a host at a moment. */
export const Expectation = Schema.Struct({ at: Scenario.time, host, ...checks })
export type Expectation = typeof Expectation.Type

/** The protocols. */
export const protocols = ["pyile", "p2p-chat", "peerpy", "pyrate"] as const
export type ProtocolName = typeof protocols[number]

/** What each protocol can do. */
const verbsOf: { readonly [name in ProtocolName]: ReadonlyArray<Verb> } = {
  pyile: ["say"],
  "p2p-chat": ["say"],
  peerpy: ["say", "stream"],
  pyrate: ["search", "get"]
}

const most = 1000

/** The scenario. */
export const ScenarioFile = Schema.Struct({
  /** One sentence for people. */
  about: Schema.optional(text),
  protocol: Scenario.words(...protocols),
  hosts: Scenario.field(Predicate.isNumber, {
    accepts: (value) => OptionValue.count.accepts(value) && Number(value) <= most,
    expected: `a whole number from 1 to ${most}`
  }),
  ...Scenario.Scenario.fields,
  /** What goes wrong at random. */
  chaos: Schema.optional(Chaos.Chaos),
  /** Hosts talk, each about so often: to all with the probability `broadcast`, else to one. */
  talk: Schema.optional(Schema.Struct({ every: Scenario.span, broadcast: Schema.optional(Scenario.probability) })),
  /** Hosts of Pyile that do not know the password, and try others until they are banned. */
  guessing: Schema.optional(host),
  do: Schema.optional(Schema.Array(Deed)),
  /** When it is over. Default: ten seconds after the last moment that is mentioned. */
  until: Schema.optional(Scenario.span),
  expect: Schema.optional(Schema.Array(Expectation))
})
export type ScenarioFile = typeof ScenarioFile.Type

/** A time in milliseconds. */
export const millisOf = (time: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(time))

/** The names of so many hosts. */
export const namesOf = (hosts: number): ReadonlyArray<string> => Array.range(1, Math.max(1, hosts)).map(String)

/** When a scenario is over, in milliseconds. */
export const endOf = ({ expect = [], faults = [], until, ...scenario }: ScenarioFile): number => {
  if (until !== undefined) return millisOf(until)
  const faulty = faults.map(({ at, for: long = 0 }) => millisOf(at) + millisOf(long))
  const others = [...scenario.do ?? [], ...expect].map(({ at }) => millisOf(at))
  return Math.max(20_000, ...faulty, ...others) + 10_000
}

const listAt = (input: unknown, key: string): ReadonlyArray<unknown> =>
  Predicate.hasProperty(input, key) && Array.isArray(input[key]) ? input[key] : []

const at = (input: unknown, key: string): unknown => Predicate.hasProperty(input, key) ? input[key] : undefined

/** The hosts that a text of a scenario must name. */
const strangers = (names: ReadonlyArray<string>, value: unknown, path: ReadonlyArray<PropertyKey>, single = true) => {
  if (!Predicate.isString(value)) return []
  const isKnown = single ? names.includes(value) : Fault.hostsIn(names, value).unknown.length === 0
  const expected = `the name of a host: 1 to ${names.length}${single ? "" : ", with commas, as a range, or all"}`
  return isKnown ? [] : [{ path, given: JSON.stringify(value), expected }]
}

const oneOf = (keys: ReadonlyArray<string>, value: unknown, path: ReadonlyArray<PropertyKey>) => {
  const given = keys.filter((key) => at(value, key) !== undefined)
  if (given.length === 1 || !Predicate.isObject(value)) return []
  return [{ path, given: given.join(" and ") || "without any", expected: `exactly one of ${keys.join(", ")}` }]
}

/** Verbs that the protocol does not know, and what a deed lacks. */
const mistakesOfDeed = (protocol: unknown, deed: unknown, path: ReadonlyArray<PropertyKey>) => {
  const known = protocols.find((name) => name === protocol)
  const foreign = Object.keys(verbs).filter((verb) =>
    known !== undefined && at(deed, verb) !== undefined && !verbsOf[known].some((own) => own === verb)
  )
  const needs = at(deed, "get") !== undefined && at(deed, "from") === undefined
    ? [{ path: [...path, "from"], given: "missing", expected: "the host that has the file" }]
    : []
  const others = foreign.map((verb) => ({
    path: [...path, verb],
    given: "nothing that this protocol does",
    expected: `one of ${known === undefined ? "" : verbsOf[known].join(", ")}`
  }))
  return [...oneOf(Object.keys(verbs), deed, path), ...others, ...needs]
}

/** What is wrong beyond single values: hosts that there are not, and what contradicts itself. */
const mistakesOf = (input: unknown): ReadonlyArray<Scenario.Mistake> => {
  const hosts = at(input, "hosts")
  // With a wrong number every name would be wrong too.
  const names = Schema.is(ScenarioFile.fields.hosts)(hosts) ? namesOf(hosts) : undefined
  const inAll = (
    key: string,
    check: (item: unknown, path: ReadonlyArray<PropertyKey>) => ReadonlyArray<Scenario.Mistake>
  ) => listAt(input, key).flatMap((item, index) => check(item, [key, index]))
  const named = (item: unknown, path: ReadonlyArray<PropertyKey>) =>
    names === undefined ?
      [] :
      ["host", "to", "from", "stream"].flatMap((key) => strangers(names, at(item, key), [...path, key]))
  return [
    ...Scenario.mistakesOf(input),
    ...names === undefined ? [] : Scenario.strangersIn(names, input),
    ...names === undefined ? [] : strangers(names, at(input, "guessing"), ["guessing"], false),
    ...inAll("do", (deed, path) => [...mistakesOfDeed(at(input, "protocol"), deed, path), ...named(deed, path)]),
    ...inAll(
      "expect",
      (expectation, path) => [...oneOf(Object.keys(checks), expectation, path), ...named(expectation, path)]
    )
  ]
}

const decodeAs = Scenario.decodeAs("", ScenarioFile, mistakesOf)

/** Decodes a scenario, or gives a sentence about each mistake in it. */
export const decode = (input: unknown): Result.Result<ScenarioFile, ReadonlyArray<string>> =>
  Result.mapError(decodeAs(input), ({ mistakes }) =>
    mistakes.map(({ expected, given, option }) => {
      const place = option.replace(/ of $/, "")
      return `${place === "" ? "the scenario" : place} is ${given}; give ${expected}`
    }))
