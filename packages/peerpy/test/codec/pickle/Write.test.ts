import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { createHash } from "node:crypto"
import * as Pickle from "../../../src/codec/pickle/Pickle.ts"
import { bytearray, bytesOf, dict, frozenset, range, tuple } from "../../fixtures/Pickles.ts"

const written = (value: unknown): Uint8Array => Result.getOrThrow(Pickle.write(value))
const textOf = (value: unknown): string => String.fromCharCode(...written(value))
const refusal = (value: unknown): string =>
  Result.match(Pickle.write(value), { onFailure: ({ reason }) => reason, onSuccess: () => "bytes" })

const numbers = (size: number) => range(size).map(String)
const nested = (levels: number): Pickle.PickleValue => {
  let value: Array<Pickle.PickleValue> = []
  for (let level = 1; level < levels; level++) value = [value]
  return value
}
const equals = (size: number) => dict(...range(size).map((n) => [n, n] as const))
const long = (letter: string, size: number) => bytesOf(letter.repeat(size))

/** The SHA-256, in base64url, of what `pickle.dumps(x, protocol=4)` of CPython 3.11 gives for large values. */
const dumped: ReadonlyArray<readonly [what: string, value: Pickle.PickleValue, digest: string]> = [
  ["20,000 integers", range(20_000), "qZ2wJr54ogmrV4U0lBHjwhZttvZj7EKmrNUUbpeLGSE"],
  ["a batch of a list", range(1000), "ItT5fm-6883zrzbIDlhYJmAUjxTJXMrxAf3zIKIBpmk"],
  ["a batch of a list and one", range(1001), "Fh5Q1yNqrVAQ8GALfCtmmATzSHvfacA939AHGNKQ4b4"],
  ["a batch of a dict", equals(1000), "PFE0Qgd8u3rKVKB7JZCcznjjJGKwSh_3z8dxipzKl5k"],
  ["almost a batch of a dict", equals(999), "CNbK0QHN-hhdlnViulTlWYhuQ7-5IuNdJ3f1oqEfRyo"],
  [
    "two batches of a dict and one",
    dict(...range(2001).map((n) => [String(n), Number(n)] as const)),
    "P2FNTdRwfn3wVqWkHgJfdzDI9x6PrTMDYL6ICG5JmdM"
  ],
  ["a batch of a set", new Set(range(1000)), "KvWQy5oYpcl8OLBZEQEaPROGH7GjqUNzjOdBkGT-TPc"],
  ["a batch of a set and one", new Set(range(1001)), "yzIuy10DdJ6WI4S74Yx748C7UwMEBYL40_yPR8bo4_0"],
  ["300 strings twice", [...numbers(300), ...numbers(300)], "nHbZyV0qBeAhG-MShveIiy1xR3hDljJ4P6xNU0vZsIY"],
  [
    "text around 64 KiB",
    ["x".repeat(65_535), "y".repeat(65_536), "z".repeat(65_537), 1n],
    "sYKzEBh37XaoR1LBRrhBja-Y3KMiap9WIZwCcyJxLas"
  ],
  ["text alone", "y".repeat(65_536), "p-CCAUxGsvA9chc7u3y1G80otENvCstsRRz_TdnLVGg"],
  ["bytes alone", long("y", 65_536), "bJWNAiAq5_tEIRFCAQC9zBKiAJPaNh5QAR2PaZpVZbI"],
  [
    "bytes around 64 KiB",
    [long("x", 65_535), long("y", 65_536), 1n, long("z", 70_000)],
    "Fis02R9JwEhOTJawNoEQi9Adok-y254F0UtF1tMpwJ4"
  ],
  ["a long bytearray", [new Pickle.ByteArray(long("y", 65_536)), 1n], "RzxpqlAiHpep6T4qx2W404s1Rz9ytk94uSGicd2tI5c"],
  ["text that is longer in UTF-8", ["é".repeat(40_000), "end"], "aEdaydvIGj2sn5VPPpXpRy69g3YLRtxhhFVOJi1B9IQ"],
  [
    "a frame that fills up",
    ["x".repeat(65_520), "abc", 7n, "abcdef", "more"],
    "XcdSZ_B3oxrjgPIuTEDiHKDXnOtqqlhgOpcJaXA9hNM"
  ],
  ["a long integer", [1n << 480_000n, 0n], "uH8tCJluMNl_4Vc-7DpG5lW8Iu9t6tazqmARp6gnoY4"],
  ["the longest integer", [1n << 524_279n, 5n, "x"], "07tEmnQvqw5_7xsfpuYbyMlEKyqPrG6UJfiZgiDfgO0"],
  ["400 levels", nested(400), "DOcVkAM_L50Y5Nt9wODy5tSmqYaENC3BwyPgqS_Z-lk"],
  ["30,000 tuples", tuple(...range(30_000).map((n) => tuple(n, n))), "xqV-9dhWRjPVskfVXPvoG7vO6QlYkXPWPO7aqm9y78k"]
]

describe("a value", () => {
  it.each(dumped)("is written as CPython writes it: %s", (_, value, digest) => {
    const bytes = written(value)
    assert.strictEqual(createHash("sha256").update(bytes).digest("base64url"), digest)
    assert.deepStrictEqual(Pickle.read(bytes), Result.succeed(value))
  })

  it("is written once when it occurs twice, and comes back as one", () => {
    const parts = [[], tuple(1n), dict(), new Set(), frozenset(), bytearray(""), long("b", 300)]
    for (const part of parts) {
      const value = Result.getOrThrow(Pickle.read(written([part, part])))
      assert.isTrue(Array.isArray(value) && value[0] === value[1])
      assert.isAbove(written([part, part, part]).length, written([part, part]).length)
      assert.strictEqual(written([part, part, part]).length, written([part, part]).length + 2)
    }
  })

  it("is written twice when it only equals another, but for text and short bytes", () => {
    // Without the header of the frame.
    const body = (value: unknown) => textOf(value).slice(11)
    assert.strictEqual(body([tuple(1n), tuple(1n)]), "]\x94(K\x01\x85\x94K\x01\x85\x94e.")
    assert.strictEqual(body(["abc", "abc"]), "]\x94(\x8c\x03abc\x94h\x01e.")
    assert.strictEqual(body([bytesOf("ab"), bytesOf("ab")]), "]\x94(C\x02ab\x94h\x01e.")
    const [once, twice] = [[long("b", 256)], [long("b", 256), long("b", 256)]].map((value) => written(value).length)
    assert.isAbove(twice ?? 0, 256 + (once ?? 0))
  })

  it("may be a dict that a bytearray's own words occur in", () => {
    const value = ["bytearray", "builtins", bytearray("a"), bytesOf("a"), bytearray("a")]
    assert.strictEqual(
      textOf(value).slice(11),
      "]\x94(\x8c\x09bytearray\x94\x8c\x08builtins\x94h\x02\x8c\x09bytearray\x94\x93\x94" +
        "C\x01a\x94\x85\x94R\x94C\x01a\x94h\x04C\x01a\x94\x85\x94R\x94e."
    )
  })
})

describe("what Python has no words for", () => {
  it.each([
    ["undefined", undefined, "Python has no undefined"],
    ["a function", () => 0, "Python has no function"],
    ["a symbol", Symbol("s"), "Python has no symbol"],
    ["a plain object", {}, "an object of a kind that Python does not have"],
    ["a date", new Date(0), "an object of a kind that Python does not have"],
    ["other numbers than bytes", new Uint16Array(1), "an object of a kind that Python does not have"],
    ["half a surrogate pair", "a\ud83d", "text with half a surrogate pair"],
    ["the other half, as a key", dict(["\ude00", 1n]), "text with half a surrogate pair"],
    ["a list as a key", dict([[], 1n]), "a list as a key or in a set"],
    ["a dict in a set", new Set([dict()]), "a dict as a key or in a set"],
    ["a set in a frozenset", frozenset(new Set()), "a set as a key or in a set"],
    ["a bytearray as a key", dict([bytearray(""), 1n]), "a bytearray as a key or in a set"],
    ["a list in a tuple as a key", dict([tuple(tuple([])), 1n]), "a tuple with mutable parts as a key or in a set"],
    ["an integer that is too long", 1n << 524_287n, "an integer of more than 65536 bytes"],
    ["a negative one", -(1n << 524_287n) - 1n, "an integer of more than 65536 bytes"]
  ])("is refused: %s", (_, value, reason) => {
    assert.strictEqual(refusal(value), reason)
    assert.strictEqual(refusal([value]), reason)
  })

  it("is a key that is only seen to change after it was written as something else", () => {
    const key = tuple([])
    assert.strictEqual(refusal([key, dict([key, 1n])]), "a tuple with mutable parts as a key or in a set")
  })

  it.each([
    ["lists", nested],
    ["tuples", (levels: number) => range(levels - 1).reduce((inner) => tuple(inner), tuple())],
    ["frozensets", (levels: number) => range(levels - 1).reduce((inner) => frozenset(inner), frozenset())],
    ["dicts", (levels: number) => range(levels - 1).reduce((inner) => dict([1n, inner]), dict())]
  ])("is refused beyond 1000 levels of %s, and read back up to there", (_, levels) => {
    assert.isTrue(Result.isSuccess(Pickle.read(written(levels(1000)))))
    assert.strictEqual(refusal(levels(1001)), "nested deeper than 1000 levels")
    assert.strictEqual(refusal(levels(100_000)), "nested deeper than 1000 levels")
  })

  it("is a frozenset that contains itself, which Python has no way to make", () => {
    const items = new Set<Pickle.PickleValue>()
    const endless = new Pickle.FrozenSet(items)
    items.add(endless)
    assert.strictEqual(refusal(endless), "nested deeper than 1000 levels")
  })

  it("never tells what it was", () => {
    const secret = "hunter2\ud83d"
    const error = Result.match(Pickle.write([secret]), { onFailure: String, onSuccess: String })
    assert.notInclude(error, "hunter2")
    assert.include(error, "A value cannot be pickled: text with half a surrogate pair.")
  })
})
