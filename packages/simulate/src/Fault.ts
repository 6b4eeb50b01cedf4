/**
 * What can go wrong in a simulation, as data that JSON can have.
 *
 *     { "cut": ["1-3", "4,5"], "oneWay": true }
 *     { "link": ["all", "all"], "latency": "200 millis", "loss": 0.1 }
 *     { "kill": "2", "unflushed": "lost" }
 *
 * Hosts are named: one name, several with commas between them, all of a range of numbers, or "all".
 */
import { Predicate, Schema, Struct } from "effect"
import { expectedName, resolve } from "./internal/Names.ts"
import * as Plain from "./internal/Plain.ts"

/** Hosts, by their names. */
const Names = Schema.declare(Predicate.isString, {
  message: `names of hosts, such as "server", "1,2", "1-10" or "all"`
})

/** Hosts on two sides. */
const Sides = Schema.declare(
  (value): value is readonly [string, string] =>
    Array.isArray(value) && value.length === 2 && value.every(Predicate.isString),
  { message: `two lists of hosts, such as ["1-5", "6-10"]` }
)

const verbs = {
  /** Drops all packets between the hosts of two sides; `oneWay`, those from the first to the second. */
  cut: Schema.optional(Sides),
  /** Ends cuts: those between two sides, or "all". */
  heal: Schema.optional(
    Schema.declare((value): value is "all" | readonly [string, string] => value === "all" || Schema.is(Sides)(value), {
      message: `"all", or two lists of hosts`
    })
  ),
  /** Changes the links between two sides: the settings of `MemoryNetwork.LinkOptions`. */
  link: Schema.optional(Sides),
  /** Cuts the power of hosts. */
  kill: Schema.optional(Names),
  /** Stops hosts politely. */
  stop: Schema.optional(Names),
  /** Starts hosts again. */
  restart: Schema.optional(Names),
  /** Freezes hosts. */
  pause: Schema.optional(Names),
  /** Lets hosts that are frozen go on. */
  resume: Schema.optional(Names),
  /** Hosts do not read what comes. */
  clog: Schema.optional(Names),
  /** Hosts read again. */
  unclog: Schema.optional(Names),
  /** Hosts accept connections and say nothing. */
  mute: Schema.optional(Names),
  /** Hosts take the connections that came while they were mute. */
  unmute: Schema.optional(Names),
  /** Fills the disks of hosts: nothing more can be written. */
  fill: Schema.optional(Names),
  /** Resets all connections of hosts. */
  reset: Schema.optional(Names),
  /** Resets connections of hosts at random, so many a minute, one at a time. */
  flaky: Schema.optional(Names)
}

const settings = {
  /** Of a cut or a link: only from the first side to the second. */
  oneWay: Schema.optional(Plain.flag),
  /** Of a kill: "lost" gives files the content of their last `sync`. */
  unflushed: Schema.optional(Plain.words("kept", "lost")),
  /** Of `flaky`: how many resets there are on average. Default 6. */
  perMinute: Schema.optional(Plain.positive),
  latency: Schema.optional(Plain.time),
  jitter: Schema.optional(Plain.time),
  /** Bytes per second, or "unlimited", which lifts a bound. */
  bandwidth: Schema.optional(Plain.rate),
  loss: Schema.optional(Plain.probability),
  duplication: Schema.optional(Plain.probability),
  reordering: Schema.optional(Plain.probability),
  reorderDelay: Schema.optional(Plain.time)
}

/** The settings of links that a scenario can have at first, when a bandwidth that is left out has no bound. */
export const Link = Schema.Struct({
  latency: settings.latency,
  jitter: settings.jitter,
  bandwidth: Schema.optional(Plain.positive),
  loss: settings.loss,
  duplication: settings.duplication,
  reordering: settings.reordering,
  reorderDelay: settings.reorderDelay
})

/** One thing that goes wrong: exactly one verb, and its settings. */
export const Fault = Schema.Struct({
  ...verbs,
  ...settings,
  /** How long until it is undone. Default: it stays. */
  for: Schema.optional(Plain.span)
})

/** One thing that goes wrong. */
export type Fault = typeof Fault.Type

/** A fault at a moment of the simulation. */
export const Timed = Schema.Struct({
  /** When, from the beginning on. */
  at: Plain.time,
  ...Fault.fields
})

/** A fault at a moment of the simulation. */
export type Timed = typeof Timed.Type

const takes: { readonly [setting: string]: ReadonlyArray<string> } = {
  oneWay: ["cut", "heal", "link"],
  unflushed: ["kill"],
  perMinute: ["flaky"],
  ...Object.fromEntries(Object.keys(Link.fields).map((name) => [name, ["link"]]))
}

/** The verb of a fault. */
export const verbOf = (fault: Fault): keyof typeof verbs | undefined =>
  Struct.keys(verbs).find((verb) => fault[verb] !== undefined)

const has = (input: object, key: string): boolean => Predicate.hasProperty(input, key) && input[key] !== undefined

/** What is wrong with a fault besides its values: no verb or several, and settings that do nothing. */
export const mistakesOf = (input: unknown, path: ReadonlyArray<PropertyKey> = []): ReadonlyArray<Plain.Mistake> => {
  if (!Predicate.isObject(input)) return []
  const given = Object.keys(verbs).filter((verb) => has(input, verb))
  if (given.length !== 1) {
    const expected = `exactly one of ${Object.keys(verbs).join(", ")}`
    return [{ path: [...path, "verb"], given: given.join(" and ") || "missing", expected }]
  }
  return Object.keys(takes).filter((key) => has(input, key) && !takes[key]?.some((verb) => given.includes(verb)))
    .map((key) => ({ path: [...path, key], expected: `it with ${takes[key]?.join(" or ")}` }))
}

/** The hosts that a text names, as faults do, and the parts of it that name none of these. */
export const hostsIn: (names: ReadonlyArray<string>, text: string) => {
  readonly found: ReadonlyArray<string>
  readonly unknown: ReadonlyArray<string>
} = resolve

/** What is wrong with one text that names hosts, where these are all that there are. */
export const strangersOf = (
  names: ReadonlyArray<string>,
  text: unknown,
  path: ReadonlyArray<PropertyKey>
): ReadonlyArray<Plain.Mistake> =>
  Predicate.isString(text)
    ? resolve(names, text).unknown.map((given) => ({
      path,
      given: JSON.stringify(given),
      expected: expectedName(names)
    }))
    : []

/** What is wrong with the hosts of a fault, where these are all that there are. */
export const strangersIn = (
  names: ReadonlyArray<string>,
  input: unknown,
  path: ReadonlyArray<PropertyKey> = []
): ReadonlyArray<Plain.Mistake> =>
  Object.keys(verbs).flatMap((verb) => {
    const value = Predicate.hasProperty(input, verb) ? input[verb] : undefined
    const texts: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
    return texts.flatMap((text) => strangersOf(names, text, [...path, verb]))
  })

/** Decodes a fault, or says all that is wrong with it; where these are all hosts that there are, with its names too. */
export const decode = (input: unknown, names?: ReadonlyArray<string>) =>
  Plain.decode("a fault", Fault, (fault) => [
    ...mistakesOf(fault),
    ...names === undefined ? [] : strangersIn(names, fault)
  ])(input)
