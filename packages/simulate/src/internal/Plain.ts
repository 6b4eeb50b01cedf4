/**
 * Data that people write: fields of a Schema that say what they may be, and all that is wrong with a value, in the words
 * in which options are refused.
 *
 *     The option faults.2.loss of the scenario is 1.5. Give a number from 0 to 1.
 */
import { OptionValue } from "@peerage/transport"
import { type Duration, Predicate, Result, Schema, type SchemaAST, SchemaIssue, SchemaTransformation } from "effect"

/** A time, as JSON can have it: milliseconds, or text such as "5 seconds". Data may also have "5s". */
export type Time = Extract<Duration.Input, string | number>

const isTime = (value: unknown): value is Time => typeof value === "string" || typeof value === "number"
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value)

/** A field whose values a check accepts. */
export const field = <A>(is: (value: unknown) => value is A, values: OptionValue.OptionValue) =>
  Schema.declare((value): value is A => is(value) && values.accepts(value), { message: values.expected })

const units = new Map([["ms", 1], ["s", 1000], ["m", 60_000], ["h", 3_600_000], ["d", 86_400_000]])
const part = /(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*/g

/** A time as people write it, `30s`, `200ms` or `1h30m`, in milliseconds; others as they are. NaN for what is no time. */
const inMillis = (value: unknown): Time => {
  if (!isTime(value)) return NaN
  if (typeof value === "number" || value.trim() === "" || value.trim().replace(part, "") !== "") return value
  const parts = [...value.matchAll(part)]
  return parts.reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * (units.get(unit) ?? NaN), 0)
}

const written = (values: OptionValue.OptionValue) =>
  Schema.Unknown.pipe(
    Schema.decodeTo(
      field(isTime, values),
      SchemaTransformation.transform({ decode: inMillis, encode: (time): unknown => time })
    )
  )

/** Zero or more. */
export const time = written(OptionValue.time)

/** More than zero. */
export const span = written(OptionValue.span)

/** From 0 to 1. */
export const probability = field(isNumber, OptionValue.probability)

/** More than zero. */
export const positive = field(isNumber, OptionValue.positive)

/** What a bandwidth is that has no bound, as JSON can have it. */
export const unlimited = "unlimited"

/** More than zero, or without a bound. */
export const rate = field(
  (value: unknown): value is number | typeof unlimited => isNumber(value) || value === unlimited,
  {
    accepts: (value) => value === unlimited || OptionValue.positive.accepts(value),
    expected: `${OptionValue.positive.expected}, or "${unlimited}"`
  }
)

/** What chance begins with. */
export const seed = field(Predicate.or(isNumber, Predicate.isString), OptionValue.seed)

/** Yes or no. */
export const flag = field(Predicate.isBoolean, OptionValue.flag)

/** One of several words. */
export const words = <const Words extends ReadonlyArray<string>>(...all: Words) =>
  field(
    (value: unknown): value is Words[number] => Predicate.isString(value) && all.includes(value),
    OptionValue.oneOf(...all)
  )

/** A value of an option, in any form that the option takes. */
export const option = (values: OptionValue.OptionValue) =>
  Schema.optional(Schema.declare((value): value is unknown => values.accepts(value), { message: values.expected }))

/** Something wrong: where, and what would be right. */
export interface Mistake {
  readonly path: ReadonlyArray<PropertyKey>
  /** What is there instead. Default: the value at the path. */
  readonly given?: string
  readonly expected: string
}

const strict: SchemaAST.ParseOptions = { errors: "all", onExcessProperty: "error" }

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) =>
    issue._tag === "UnexpectedKey" ? "nothing: there is no such option" : SchemaIssue.defaultLeafHook(issue)
})

const at = (input: unknown, path: ReadonlyArray<PropertyKey>): unknown =>
  path.reduce((value: unknown, key) => Predicate.hasProperty(value, key) ? value[key] : undefined, input)

const shown = (value: unknown): string =>
  Predicate.isObject(value) || Predicate.isString(value) || Array.isArray(value)
    ? JSON.stringify(value).slice(0, 100)
    : String(value)

const keyOf = (segment: PropertyKey | { readonly key: PropertyKey }): PropertyKey =>
  Predicate.isObject(segment) && "key" in segment ? segment.key : segment

/** Decodes a value, or says all that is wrong with it: what the Schema says, and what `others` does. */
export const decode = <S extends Schema.Schema<unknown> & { readonly DecodingServices: never }>(
  of: string,
  schema: S,
  others: (input: unknown) => ReadonlyArray<Mistake> = () => []
) =>
(input: unknown): Result.Result<S["Type"], OptionValue.InvalidOptions> => {
  const decoded = Schema.decodeUnknownResult(schema, strict)(input)
  const found: ReadonlyArray<Mistake> = Result.isFailure(decoded)
    ? format(decoded.failure.issue).issues.map(({ message, path = [] }) => ({
      path: path.map(keyOf),
      expected: message
    }))
    : []
  const mistakes = [...found, ...others(input)]
  if (mistakes.length === 0 && Result.isSuccess(decoded)) return Result.succeed(decoded.success)
  return Result.fail(
    new OptionValue.InvalidOptions({
      mistakes: mistakes.map(({ expected, given, path }) =>
        new OptionValue.InvalidOption({
          option: path.length === 0 ? of : `${path.map(String).join(".")} of ${of}`,
          given: given ?? shown(at(input, path)),
          expected
        })
      )
    })
  )
}
