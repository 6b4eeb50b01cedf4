import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as PeerId from "../../src/codec/PeerId.ts"

describe("an id that a person types", () => {
  it.each<readonly [text: string, id: bigint]>([
    ["1", 1n],
    ["11", 11n],
    ["9007199254740993", 9_007_199_254_740_993n],
    ["305890256885359617", 305_890_256_885_359_617n],
    ["9223372036854775807", 2n ** 63n - 1n]
  ])("is %s, digit for digit", (text, id) => {
    assert.strictEqual(PeerId.parse(text), id)
  })

  const others = ["", " ", "0", "-1", "+1", "01", " 1", "1 ", "1\n", "1.0", "1e3", "1n", "0x1f", "1_000", "١", "one"]

  it.each([...others, "9223372036854775808", "10000000000000000000", "9".repeat(10_000)])("is none as %j", (text) => {
    assert.strictEqual(PeerId.parse(text), undefined)
  })
})

describe("an id", () => {
  const of = Schema.decodeUnknownResult(PeerId.PeerId)

  it.each([-(2n ** 63n), -1n, 0n, 1n, 2n ** 53n + 1n, 2n ** 63n - 1n])("is any int64, as %s", (id) => {
    assert.deepStrictEqual(of(id), Result.succeed(PeerId.make(id)))
  })

  it.each([-(2n ** 63n) - 1n, 2n ** 63n, 2n ** 64n])("is not beyond an int64, as %s", (id) => {
    assert.isTrue(Result.isFailure(of(id)))
    assert.throws(() => PeerId.make(id))
  })

  it.each([1, "1", null])("is never another thing than a bigint, as %j", (id) => {
    assert.isTrue(Result.isFailure(of(id)))
  })

  it("is a string in JSON, as it is beyond what numbers hold", () => {
    const json = Schema.toCodecJson(PeerId.PeerId)
    const id = PeerId.make(305_890_256_885_359_617n)
    assert.strictEqual(Schema.encodeSync(json)(id), "305890256885359617")
    assert.strictEqual(Schema.decodeSync(json)("305890256885359617"), id)
  })

  it.each([[-(2n ** 63n), false], [-1n, false], [0n, false], [1n, true], [2n ** 63n - 1n, true]] as const)(
    "%s can be gone by: %s",
    (id, usable) => {
      assert.strictEqual(PeerId.usable(PeerId.make(id)), usable)
    }
  )
})
