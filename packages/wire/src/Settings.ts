/**
 * The tunable numbers of a protocol, described once: `Config.all` of these gives their types, their defaults, and the same
 * from Effect's Config.
 */
import { Config, ConfigProvider, Duration, Effect, Schema } from "effect"

/** A time, and what it is where nothing is said. */
export const duration = (name: string, fallback: Duration.Input): Config.Config<Duration.Duration> =>
  Config.Duration(name).pipe(Config.withDefault(Duration.fromInputUnsafe(fallback)))

const Count = Schema.Int.check(Schema.isGreaterThan(0))

/** A whole number above zero, and what it is where nothing is said. */
export const count = (name: string, fallback: number): Config.Config<number> =>
  Config.schema(Count, name).pipe(Config.withDefault(fallback))

/** What is used where nothing else is said, and the same with some of it said. The config has a default for everything. */
export const of = <A extends object>(config: Config.Config<A>) => {
  const defaults = Effect.runSync(config.parse(ConfigProvider.fromUnknown({})))
  return { defaults, make: (overrides: Partial<A> = {}): A => ({ ...defaults, ...overrides }) }
}
