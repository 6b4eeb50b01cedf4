/** What options may be: every value that would turn a limit or a check off is refused, in words. */
import { assert, describe, it } from "@effect/vitest"
import { OptionValue } from "@peerage/transport"
import { Duration, Redacted } from "effect"

const numbers = [NaN, Infinity, -Infinity, -1, 1.5, "3", null, 3n]

const refused: ReadonlyArray<readonly [name: keyof typeof OptionValue, values: ReadonlyArray<unknown>]> = [
  ["count", [...numbers, 0]],
  ["whole", numbers],
  ["port", [...numbers, 65_536]],
  ["positive", [NaN, Infinity, -1, 0, "1"]],
  ["rate", [NaN, -1, 0, "1"]],
  ["seed", [NaN, Infinity, null, {}]],
  ["probability", [NaN, -0.1, 1.1, "1"]],
  ["prefix", [...numbers, 33]],
  ["flag", ["yes", 1, null]],
  ["text", [1, null]],
  ["time", [NaN, Infinity, -1, Duration.infinity, Duration.millis(-1), "soon", { seconds: NaN }, null, true]],
  ["span", [NaN, 0, "0 seconds", Infinity, -1, Duration.infinity]],
  ["offset", [NaN, Infinity, "soon", null]],
  ["lifetime", [NaN, -1, "soon", Duration.millis(-1), null]],
  ["credential", [undefined, "plain", Redacted.make(7)]],
  ["secret", [undefined, "plain", Redacted.make(""), Redacted.make(7)]]
]

const accepted: typeof refused = [
  ["count", [1, 65_536, undefined]],
  ["whole", [0, 7, undefined]],
  ["port", [0, 65_535, undefined]],
  ["positive", [0.5, undefined]],
  ["rate", [0.5, Infinity, undefined]],
  ["seed", [0, -1.5, "peerage", undefined]],
  ["probability", [0, 0.5, 1, undefined]],
  ["prefix", [0, 32, undefined]],
  ["flag", [true, false, undefined]],
  ["text", ["", undefined]],
  ["time", [0, 5, "5 seconds", Duration.zero, Duration.hours(1), { seconds: 1 }, undefined]],
  ["span", [1, "1 hour", undefined]],
  ["offset", [0, -5, "-5 seconds", "1 hour", undefined]],
  ["lifetime", [0, Infinity, Duration.infinity, "5 seconds", undefined]],
  ["credential", [Redacted.make(""), Redacted.make("x")]],
  ["secret", [Redacted.make("x")]]
]

const all = { ...OptionValue }

const accepts = (name: keyof typeof OptionValue, value: unknown): boolean => {
  const values = all[name]
  return "accepts" in values && values.accepts(value)
}

describe("an option", () => {
  it.each(refused)("that is a %s has none of these values", (name, values) => {
    assert.deepStrictEqual(values.filter((value) => accepts(name, value)), [])
  })

  it.each(accepted)("that is a %s has each of these values", (name, values) => {
    assert.deepStrictEqual(values.filter((value) => !accepts(name, value)), [])
  })

  it("is named with all others that cannot be", () => {
    const check = OptionValue.checkAll("Thing.make", { tries: OptionValue.count, wait: OptionValue.time })
    assert.throws(
      () => check({ tries: NaN, wait: -1 }),
      /^The option tries of Thing.make is NaN. Give .* The option wait of Thing.make is -1. Give /
    )
  })

  it("is named in the sentence about it, with its value, but for a secret", () => {
    const { count: tries, secret, time: wait } = OptionValue
    const check = OptionValue.checkAll("Thing.make", { tries, password: secret, wait })
    const password = Redacted.make("hush")
    check({ password })
    assert.throws(
      () => check({ password, tries: NaN }),
      "The option tries of Thing.make is NaN. Give a whole number from 1."
    )
    assert.throws(() => check({ password, wait: Duration.seconds(-5) }), "The option wait of Thing.make is -5s.")
    assert.throws(() => check({ password, wait: "for ever" }), "The option wait of Thing.make is \"for ever\".")
    assert.throws(
      () => check({}),
      "The option password of Thing.make is not redacted. Give a password of at least one character"
    )
    assert.throws(
      () => check({ password: Redacted.make("") }),
      "The option password of Thing.make is empty, or no text."
    )
    try {
      check({ password: "hush" })
    } catch (error) {
      assert.notInclude(`${error} ${JSON.stringify(error)}`, "hush")
    }
  })
})
