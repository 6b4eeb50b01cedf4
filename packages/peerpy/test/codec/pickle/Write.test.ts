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
const long = (letter: string, size: number) => bytesOf(letter.repeat(size))

/** Length and SHA-256 of what `pickle.dumps(x, protocol=4)` of CPython 3.11 gives for large values. */
const dumped: ReadonlyArray<readonly [what: string, value: Pickle.PickleValue, length: number, digest: string]> = [
  ["20,000 integers", range(20_000), 59798, "a99db026be78a209ab5785349411e3c2166db6f663ec42a6acd5146e978b1921"],
  ["a batch of a list", range(1000), 2760, "22d4f97e6fbaf3cdf3af36c80e58582660148f14c95ccaf101fdf320a201a669"],
  ["a batch of a list and one", range(1001), 2765, "161e50d7236aad5010f0600b7c2b669804f3487bdf69c03ddfd00718d290e1be"],
  [
    "a batch of a dict",
    dict(...range(1000).map((n) => [n, n] as const)),
    5506,
    "3c513442077cbb7aca54a07b25909cce78e32462b04a1ff7cfc7718a9cca9799"
  ],
  [
    "almost a batch of a dict",
    dict(...range(999).map((n) => [n, n] as const)),
    5498,
    "08d6cad101cdfa185d967562ba54e559886e43bfb922e35d2777f5a2a11f472a"
  ],
  [
    "two batches of a dict and one",
    dict(...range(2001).map((n) => [String(n), Number(n)] as const)),
    30926,
    "3f614d4dd4707e7df056a5a41e025f7730c8f71e8fad330360be88086e4999d3"
  ],
  ["a batch of a set", new Set(range(1000)), 2762, "2af590cb9a18a5c97c38b05911011a3d13861fb1a3a943738ce7419064fe4cf7"],
  [
    "a batch of a set and one",
    new Set(range(1001)),
    2765,
    "cb322ecb5d03749e962384bbe18c7be3c0bb5303040582f8d3fc8f47c6e8e3fd"
  ],
  [
    "300 strings twice",
    [...numbers(300), ...numbers(300)],
    2441,
    "9c76d9c95d2a05e0211be31286f7888b2d714778439632783fac4d534bd9b086"
  ],
  [
    "text around 64 KiB",
    ["x".repeat(65_535), "y".repeat(65_536), "z".repeat(65_537), 1n],
    196653,
    "b182b3101877ed76a84752c146b8418daf98dca3226a9f56219c027322712dab"
  ],
  ["text alone", "y".repeat(65_536), 65545, "a7e082014c46b2f03d72173bbb7cb51bcd28b4436f0acb6c451cff4dd9cb5468"],
  ["bytes alone", long("y", 65_536), 65545, "6c958d02202ae7fb442111420100bdcc12a20093da361e50011d8f699a5565b2"],
  [
    "bytes around 64 KiB",
    [long("x", 65_535), long("y", 65_536), 1n, long("z", 70_000)],
    201107,
    "162b34d91f49c0484e4c96b03681108bd01da24fb2db9e05d14b45d6d329c09e"
  ],
  [
    "a long bytearray",
    [new Pickle.ByteArray(long("y", 65_536)), 1n],
    65598,
    "473c69aa50221e97a9e93e2ac765b8d38b35473f72b64f78b921a271ddad2397"
  ],
  [
    "text that is longer in UTF-8",
    ["é".repeat(40_000), "end"],
    80028,
    "68475ac9dbc81a3dac9f954f3e95e9472ebd83760b46dc6184554e262d41f484"
  ],
  [
    "a frame that fills up",
    ["x".repeat(65_520), "abc", 7n, "abcdef", "more"],
    65575,
    "5dc75267f077a31ae380f22e4c40e21ca0d79ceb6aaa58603a970969703d84d3"
  ],
  ["a long integer", [1n << 480_000n, 0n], 60024, "b87f2d08996e30d97fe1573eec3a46e655bc22ef6dead6b3aa6011a7a827a18e"],
  [
    "the longest integer",
    [1n << 524_279n, 5n, "x"],
    65572,
    "d3bb449a742fab0e7fef1b1fa6e61bc8c9442b2a8fac6e9425f8998220df80ed"
  ],
  ["400 levels", nested(400), 1211, "0ce71590033f2f9d18e4db7dc0e0f2e6d4a6a98684342dc1c323e0a92fd9fa59"],
  [
    "30,000 tuples",
    tuple(...range(30_000).map((n) => tuple(n, n))),
    239530,
    "c6a57ef5d8564633d5b247d55cfbe81bbbcee909589173d63ceedaaa6f72efc9"
  ]
]

describe("a value", () => {
  it.each(dumped)("is written as CPython writes it: %s", (_, value, length, digest) => {
    const bytes = written(value)
    assert.strictEqual(bytes.length, length)
    assert.strictEqual(createHash("sha256").update(bytes).digest("hex"), digest)
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
