import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import * as Pickle from "../../../src/codec/pickle/Pickle.ts"
import { byProtocol, byRelease, protocol4, values } from "../../fixtures/Pickles.ts"

const recordings = [...byRelease, ...byProtocol]
const readable = recordings.filter(({ python }) => values.has(python))

const failureOf = (bytes: Uint8Array): string =>
  Result.match(Pickle.read(bytes), {
    onFailure: (error) => error.message,
    onSuccess: () => "a value"
  })

describe("what Python pickled", () => {
  it.effect.each(readable)("is read: $python by $by", ({ bytes, python }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Effect.fromResult(Pickle.read(bytes)), values.get(python))
    }))

  it.effect.each(readable)(
    "is written as protocol 4 has it, once read: $python by $by",
    ({ bytes, python }) =>
      Effect.gen(function*() {
        const value = yield* Effect.fromResult(Pickle.read(bytes))
        assert.deepStrictEqual(yield* Effect.fromResult(Pickle.write(value)), protocol4(python))
      })
  )

  it.effect.each([...values.keys()])(
    "is written from a value that was never a pickle: %s",
    (python) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* Effect.fromResult(Pickle.write(values.get(python))), protocol4(python))
      })
  )

  it("is refused when it is a complex number or half a surrogate pair, and only then", () => {
    const refusals = recordings.filter(({ python }) => !values.has(python))
      .map(({ by, bytes, python }) => `${python} by ${by}: ${failureOf(bytes)}`)
    const later = (by: string) => [
      `1+2j by ${by}: A pickle is refused: builtins.complex is not plain data.`,
      `'\\ud83d\\ude00' by ${by}: A pickle is malformed at byte 11: text that is not UTF-8.`
    ]
    assert.deepStrictEqual(refusals, [
      "1+2j by 3.7.16: A pickle is refused: builtins.complex is not plain data.",
      "'\\ud83d\\ude00' by 3.7.16: A pickle is malformed at byte 2: text that is not UTF-8.",
      ...later("3.8.18"),
      ...later("3.11.7"),
      ...later("3.13.0")
    ])
  })

  it("is no pickle when it is cut anywhere", () => {
    let cuts = 0
    for (const { bytes } of readable) {
      for (let length = 0; length < bytes.length; length++) {
        const result = Pickle.read(bytes.subarray(0, length))
        assert.strictEqual(Result.isFailure(result) && result.failure._tag, "MalformedPickle")
        cuts++
      }
    }
    assert.isAbove(cuts, 30_000)
  })

  it("is copied, so that the bytes may be used again", () => {
    const bytes = Buffer.from(protocol4("b'bytes'"))
    const value = Result.getOrThrow(Pickle.read(bytes))
    const array = Result.getOrThrow(Pickle.read(Buffer.from(protocol4("bytearray(b'xy')"))))
    bytes.fill(0)
    assert.deepStrictEqual(value, values.get("b'bytes'"))
    assert.deepStrictEqual(array, values.get("bytearray(b'xy')"))
  })
})
