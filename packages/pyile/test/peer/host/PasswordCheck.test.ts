import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Redacted, Schema } from "effect"
import { matches } from "../../../src/peer/host/PasswordCheck.ts"

const same = (password: string, shadow: Schema.Json): boolean => matches(Redacted.make(password), Redacted.make(shadow))

describe("comparing passwords", () => {
  it.each([
    ["secret🔑", "secret\u0000\u0000"],
    ["secret🔑", "secret"],
    ["é", "\u0000"],
    ["пароль", "парол\u0000"],
    ["\ufffd", "\ud800"],
    ["a", "\u0161"],
    ["\u0161", "a"],
    ["\ud83d\ufffd", "\ud83d\udd11"],
    ["e\u0301", "é"],
    ["secret", "secret\u0000"],
    ["secret\u0000", "secret"],
    ["secret", "secre"],
    ["secret", "Secret"],
    ["secret", "secret "],
    ["secret", "secrez"],
    ["secret", ""],
    ["42", 42],
    ["", "\u0000"],
    ["sesame", ["sesame"]],
    ["true", true],
    ["", null],
    ["", {}]
  ])("tells %j from %j", (password, shadow) => {
    assert.isFalse(same(password, shadow))
  })

  it.each(["secret🔑", "é", "e\u0301", "пароль", "", "\u0000", "\ud800", "a".repeat(2000)])(
    "takes %j for itself",
    (password) => assert.isTrue(same(password, password))
  )

  const Unit = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff }))
  /** Few enough characters that equal texts, and texts with an equal beginning, come up by themselves. */
  const Near = Schema.Literals([0, 0x61, 0xe9, 0x43f, 0xd83d, 0xdd11, 0xfffd])
  const text = (codes: ReadonlyArray<number>) => String.fromCharCode(...codes)

  it.effect.prop(
    "finds two texts equal if and only if they are the same",
    { left: Schema.Array(Near), right: Schema.Array(Near), wild: Schema.Array(Unit) },
    ({ left, right, wild }) =>
      Effect.sync(() => {
        assert.strictEqual(same(text(left), text(right)), text(left) === text(right))
        assert.strictEqual(same(text(left), text(wild)), text(left) === text(wild))
        assert.isTrue(same(text(wild), text(wild)))
        assert.isFalse(same(text([...left, 0]), text(left)))
      }),
    Property.tries(50)
  )
})
