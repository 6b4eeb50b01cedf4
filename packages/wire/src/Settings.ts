/**
 * The tunable numbers of a protocol, described once: `Config.all` of these gives their types, their defaults, and the same
 * from Effect's Config.
 */
import { OptionValue } from "@peerage/transport"
import { Config, ConfigProvider, Duration, Effect, Schema } from "effect"

const timeOf = ({ accepts, expected }: OptionValue.OptionValue) =>
  Schema.DurationFromString.check(Schema.makeFilter((time) => accepts(time), { expected }))

const [Time, Lifetime, Span] = [timeOf(OptionValue.time), timeOf(OptionValue.lifetime), timeOf(OptionValue.span)]

/** A time of zero or more that has an end, and what it is where nothing is said. */
export const duration = (name: string, fallback: Duration.Input): Config.Config<Duration.Duration> =>
  Config.schema(Time, name).pipe(Config.withDefault(Duration.fromInputUnsafe(fallback)))

/** The same for a time that may have no end. */
export const lifetime = (name: string, fallback: Duration.Input): Config.Config<Duration.Duration> =>
  Config.schema(Lifetime, name).pipe(Config.withDefault(Duration.fromInputUnsafe(fallback)))

/** The time between two turns of something that is done again and again: above zero, else it would never rest. */
export const interval = (name: string, fallback: Duration.Input): Config.Config<Duration.Duration> =>
  Config.schema(Span, name).pipe(Config.withDefault(Duration.fromInputUnsafe(fallback)))

// Sums and multiples of such numbers are still exact.
const most = 2 ** 40

const Count = Schema.Int.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(most))

/** A whole number above zero, and what it is where nothing is said. */
export const count = (name: string, fallback: number): Config.Config<number> =>
  Config.schema(Count, name).pipe(Config.withDefault(fallback))

const Amount = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0), Schema.isLessThanOrEqualTo(most))

/** A whole number, zero for none, and what it is where nothing is said: zero. */
export const amount = (name: string): Config.Config<number> => Config.schema(Amount, name).pipe(Config.withDefault(0))

const asDuration = ({ accepts }: OptionValue.OptionValue, expected: string): OptionValue.OptionValue => ({
  accepts: (value) => value === undefined || Duration.isDuration(value) && accepts(value),
  expected
})

const bounded = asDuration(
  OptionValue.time,
  "a Duration of zero or more that has an end, such as Duration.seconds(5)"
)
const above = asDuration(OptionValue.span, "a Duration above zero that has an end, such as Duration.minutes(1)")
const endless = asDuration(OptionValue.lifetime, "a Duration of zero or more, such as Duration.hours(1)")

/** The names of settings that are made with `lifetime` and with `interval`. */
export interface Kinds<Name extends string> {
  readonly lifetimes?: ReadonlyArray<Name>
  readonly intervals?: ReadonlyArray<Name>
}

/** What may replace a default: a time another time, a count another count, zero any number, anything else anything. */
const replacing = (fallback: unknown, time: OptionValue.OptionValue): OptionValue.OptionValue => {
  if (Duration.isDuration(fallback)) return time
  if (fallback === 0) return OptionValue.whole
  return Number.isInteger(fallback) ? OptionValue.count : { accepts: () => true, expected: "" }
}

/**
 * What is used where nothing else is said, and the same with some of it said. The config has a default for everything.
 * `make` throws an `InvalidOption`, in an Effect a defect, for what can be no time or no count.
 */
export const of = <A extends object>(
  config: Config.Config<A>,
  { intervals = [], lifetimes = [] }: Kinds<keyof A & string> = {}
) => {
  const defaults = Effect.runSync(config.parse(ConfigProvider.fromUnknown({})))
  const times = new Map<string, OptionValue.OptionValue>([
    ...lifetimes.map((name) => [name, endless] as const),
    ...intervals.map((name) => [name, above] as const)
  ])
  const values = Object.entries(defaults).map(([name, fallback]) =>
    [name, replacing(fallback, times.get(name) ?? bounded)] as const
  )
  const check = OptionValue.checkAll("config", Object.fromEntries(values))
  const make = (overrides: Partial<A> = {}): A => {
    check(overrides)
    return { ...defaults, ...Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined)) }
  }
  return { defaults, make }
}
