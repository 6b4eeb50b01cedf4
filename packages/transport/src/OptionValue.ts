/**
 * What values options may have. An application's options are decoded before anything is done with them. One that cannot
 * be is local misuse: it dies at once, with a sentence that names it, instead of turning a limit or a check off.
 *
 *     The option attempts of AuthPeer.make is NaN. Give a whole number from 1.
 */
import { Duration, Option, Predicate, Record, Redacted, Schema } from "effect"

/** An option has a value that it cannot have. */
export class InvalidOption extends Schema.TaggedError<InvalidOption>()("InvalidOption", {
  /** Name of the option, and of what takes it ("attempts of AuthPeer.make"). */
  option: Schema.String,
  /** The value, never a secret one. */
  given: Schema.String,
  /** What it may be, for the middle of a sentence. */
  expected: Schema.String
}) {
  override get message() {
    return `The option ${this.option} is ${this.given}. Give ${this.expected}.`
  }
}

/** Several options have values that they cannot have. */
export class InvalidOptions extends Schema.TaggedError<InvalidOptions>()("InvalidOptions", {
  /** Each of them, in the order in which the options are documented. */
  mistakes: Schema.Array(InvalidOption)
}) {
  override get message() {
    return this.mistakes.map(({ message }) => message).join(" ")
  }
}

/** The values of one option. `undefined` stands for the default of an option that has one. */
export interface OptionValue {
  readonly accepts: (value: unknown) => boolean
  readonly expected: string
}

const required = (schema: Schema.Schema<unknown>, expected: string): OptionValue => ({
  accepts: Schema.is(schema),
  expected
})

/** Most options are left out, and some are given for each message: those that are `undefined` cost nothing. */
const optional = (schema: Schema.Schema<unknown>, expected: string): OptionValue => {
  const { accepts } = required(schema, expected)
  return { accepts: (value) => value === undefined || accepts(value), expected }
}

const between = (minimum: number, maximum: number) => Schema.isBetween({ minimum, maximum })

/** A number of things, at least one. */
export const count = optional(Schema.Int.check(Schema.isGreaterThan(0)), "a whole number from 1")

/** A number of things. */
export const whole = optional(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)), "a whole number from 0")

/** A TCP or UDP port; with 0 the system chooses. */
export const port = optional(Schema.Port, "a port from 0 to 65535")

/** A number above zero. */
export const positive = optional(Schema.Finite.check(Schema.isGreaterThan(0)), "a number above 0")

/** So many a second, perhaps without a bound. */
export const rate = optional(
  // Infinity is no bound.
  // @effect-diagnostics-next-line schemaNumber:off
  Schema.Number.check(Schema.isGreaterThan(0)),
  "a number above 0, or Infinity"
)

/** What chance begins with. */
export const seed = optional(Schema.Union([Schema.Finite, Schema.String]), "a number or text")

/** The part of cases in which something happens. */
export const probability = optional(Schema.Finite.check(between(0, 1)), "a number from 0 to 1")

/** Bits of an IPv4 prefix. */
export const prefix = optional(Schema.Int.check(between(0, 32)), "a whole number from 0 to 32")

/** Yes or no. */
export const flag = optional(Schema.Boolean, "true or false")

/** Text, also none. */
export const text = optional(Schema.String, "text")

/** One of several words. */
export const oneOf = (...words: ReadonlyArray<string>): OptionValue =>
  optional(Schema.Literals(words), words.map((word) => `"${word}"`).join(" or "))

const isInput = (value: unknown): value is Duration.Input =>
  Duration.isDuration(value) || typeof value === "string" || typeof value === "bigint" || typeof value === "number" ||
  typeof value === "object" && value !== null

// A duration takes NaN for zero.
const hasNaN = (value: Duration.Input): boolean =>
  !Duration.isDuration(value) &&
  (typeof value === "object" ? Object.values(value) : [value]).some((part) => Number.isNaN(part))

const timeOf = (value: unknown): Duration.Duration | undefined =>
  isInput(value) && !hasNaN(value) ? Option.getOrUndefined(Duration.fromInput(value)) : undefined

const Time = (accepts: (time: Duration.Duration) => boolean) =>
  Schema.declare((value): value is Duration.Input => {
    const time = timeOf(value)
    return time !== undefined && Duration.isFinite(time) && accepts(time)
  })

/** A time. */
export const time = optional(
  Time((time) => !Duration.isNegative(time)),
  `a time of zero or more that has an end, such as "5 seconds"`
)

/** A time that is not over at once. */
export const span = optional(
  Time((time) => Duration.isGreaterThan(time, Duration.zero)),
  `a time above zero that has an end, such as "1 hour"`
)

/** A time to go forward or back. */
export const offset = optional(Time(() => true), `a time that has an end, such as "-2 seconds"`)

/** A time that may have no end, as something is kept for ever. */
export const lifetime = optional(
  Schema.declare((value): value is Duration.Input => {
    const time = timeOf(value)
    return time !== undefined && !Duration.isNegative(time)
  }),
  "a time of zero or more"
)

/** A password to be compared with another's. */
export const credential = required(Schema.Redacted(Schema.String), "a password, in Redacted.make")

/** A password that keeps others out. */
export const secret = required(
  Schema.Redacted(Schema.NonEmptyString),
  "a password of at least one character, in Redacted.make"
)

const longest = 40

const shown = (value: unknown): string => {
  if (Redacted.isRedacted(value)) return "empty, or no text"
  if (Duration.isDuration(value)) return Duration.format(value)
  if (typeof value === "string") return JSON.stringify(value.slice(0, longest))
  return typeof value === "object" && value !== null || typeof value === "function" ? `of another kind` : String(value)
}

const isSecret = (values: OptionValue): boolean => values === secret || values === credential

const misused = (option: string, value: unknown, values: OptionValue) =>
  new InvalidOption({
    option,
    given: isSecret(values) && !Redacted.isRedacted(value) ? "not redacted" : shown(value),
    expected: values.expected
  })

/** Throws an `InvalidOption`, in an Effect a defect, for a value that the option cannot have. */
export const check = (option: string, value: unknown, values: OptionValue): void => {
  if (!values.accepts(value)) throw misused(option, value, values)
}

/**
 * Makes a check of all options that `of` takes and that are data. For one that cannot be it throws an `InvalidOption`, for
 * several `InvalidOptions`; in an Effect that is a defect.
 */
export const checkAll = <Name extends string>(of: string, values: Readonly<Record<Name, OptionValue>>) => {
  const known = Record.toEntries(values)
  return (options: { readonly [name in Name]?: unknown }): void => {
    let mistakes: ReadonlyArray<InvalidOption> = []
    for (const [name, values] of known) {
      const value = Predicate.hasProperty(options, name) ? options[name] : undefined
      if (!values.accepts(value)) mistakes = [...mistakes, misused(`${name} of ${of}`, value, values)]
    }
    if (mistakes.length > 0) throw mistakes.length === 1 ? mistakes[0] : new InvalidOptions({ mistakes })
  }
}
