/** Values as JSON: a table, and values that are made to be hard to print. */
import { assert, it } from "@effect/vitest"
import { Pickle } from "@peerage/peerpy"
import { plain, type Value } from "../../src/values/Plain.ts"

const { ByteArray, FrozenSet, Instance, NumpyArray, Scalar, Tuple } = Pickle
const bytes = Uint8Array.of(0, 1, 255)

const table: ReadonlyArray<readonly [name: string, value: Value, json: unknown]> = [
  ["None", null, null],
  ["True", true, true],
  ["a float", 2.5, 2.5],
  ["nan", Number.NaN, "NaN"],
  ["inf", Number.POSITIVE_INFINITY, "Infinity"],
  ["-inf", Number.NEGATIVE_INFINITY, "-Infinity"],
  ["an int", 12n, 12],
  ["the largest int that a double has for itself", 9007199254740991n, 9007199254740991],
  ["an int beyond it", 9007199254740992n, "9007199254740992"],
  ["a negative one", -9007199254740993n, "-9007199254740993"],
  ["an int of 4300 digits", 10n ** 4299n, String(10n ** 4299n)],
  ["a longer one", 10n ** 4301n, { omitted: "TooManyDigits" }],
  ["a str", "é\u0000", "é\u0000"],
  ["bytes", bytes, { base64: "AAH/" }],
  ["a bytearray", new ByteArray(bytes), { base64: "AAH/" }],
  ["a list", [1n, [null]], [1, [null]]],
  ["a tuple", new Tuple([1n, "a"]), [1, "a"]],
  ["a set", new Set(["a", 1n]), ["a", 1]],
  ["a frozenset", new FrozenSet(new Set([1n])), [1]],
  ["a dict with str keys", new Map([["a", 1n], ["__proto__", null]]), JSON.parse("{\"a\":1,\"__proto__\":null}")],
  ["an empty dict", new Map(), {}],
  ["another dict", new Map<Pickle.PickleValue, null>([["a", null], [1n, null]]), { pairs: [["a", null], [1, null]] }],
  ["a dict with tuples for keys", new Map([[new Tuple([1n]), 2n]]), { pairs: [[[1], 2]] }],
  ["a datetime", new Scalar("datetime", "2024-05-06T07:08:09+02:00"), { datetime: "2024-05-06T07:08:09+02:00" }],
  ["the second of two equal times", new Scalar("time", "02:30:00", true), { time: "02:30:00", fold: true }],
  ["a Decimal", new Scalar("decimal", "1.50"), { decimal: "1.50" }],
  ["a dataclass", new Instance("shop.Item", new Map([["price", 2n]]), []), { type: "shop.Item", fields: { price: 2 } }],
  ["a namedtuple", new Instance("shop.Point", new Map(), [1n, 2n]), { type: "shop.Point", items: [1, 2] }],
  ["an array", new NumpyArray("|u1", [1, 3], bytes), { dtype: "|u1", shape: [1, 3], base64: "AAH/" }],
  ["JSON", { a: [1, 9007199254740993n, { b: null }] }, { a: [1, "9007199254740993", { b: null }] }]
]

for (const [name, value, json] of table) {
  it(`writes ${name}`, () => assert.deepStrictEqual(plain("raw", value), json))
}

it("writes the bytes of a connection for bytes as they are", () => {
  assert.strictEqual(plain("bytes", bytes), "AAH/")
})

it("writes a part that occurs twice twice", () => {
  const shared = [1n]
  assert.deepStrictEqual(plain("raw", [shared, shared]), [[1], [1]])
})

it("writes all of a large value that shares nothing, be it JSON or a pickle", () => {
  const list = Array.from({ length: 4_000_000 }, () => 1n)
  assert.strictEqual(JSON.stringify(plain("raw", list)).length, 8_000_001)
  const lists = Array.from({ length: 2_000_000 }, () => [])
  assert.strictEqual(JSON.stringify(plain("json", lists)).length, 6_000_001)
})

it("leaves out the place where a value contains itself", () => {
  const list: Array<Pickle.PickleValue> = [1n]
  list.push(new Map([["again", list]]))
  assert.deepStrictEqual(plain("raw", list), [1, { again: { omitted: "ContainsItself" } }])
})

it("leaves out the place where an object contains itself", () => {
  const fields = new Map<string, Pickle.PickleValue>()
  const node = new Instance("shop.Node", fields, [])
  fields.set("me", node)
  assert.deepStrictEqual(plain("raw", node), { type: "shop.Node", fields: { me: { omitted: "ContainsItself" } } })
})

/** A list that contains a list twice, and so on. */
const doubled = (times: number, inner: Pickle.PickleValue): Pickle.PickleValue =>
  times === 0 ? inner : doubled(times - 1, [inner, inner])

for (
  const [name, around] of [
    ["a dict", (inner: Pickle.PickleValue) => new Map([["a", inner], ["b", inner]])],
    ["a dict with other keys", (inner: Pickle.PickleValue) => new Map([[1n, inner], [2n, inner]])],
    ["a tuple", (inner: Pickle.PickleValue) => new Tuple([inner, inner])]
  ] as const
) {
  it(`stops where ${name} is shared more often than anybody can write`, () => {
    let value: Pickle.PickleValue = null
    for (let times = 0; times < 60; times++) value = around(value)
    assert.include(JSON.stringify(plain("raw", value)), "{\"omitted\":\"TooLarge\"}")
  })
}

for (
  const [name, inner] of [
    ["a small thing", 1n],
    ["text", "x".repeat(1_000_000)],
    ["bytes", new Uint8Array(1_000_000)],
    ["a long key", new Map([["x".repeat(1_000_000), null]])],
    ["a long number", new Scalar("decimal", "1".repeat(1_000_000))],
    ["an object", new Instance("shop.Item", new Map([["a", "x".repeat(1_000_000)]]), [])],
    ["an array", new NumpyArray("|i1", [1_000_000], new Uint8Array(1_000_000))],
    ["a long value", new Map([[1n, "x".repeat(1_000_000)]])]
  ] as const
) {
  it(`stops where ${name} is shared more often than anybody can write`, () => {
    const text = JSON.stringify(plain("raw", doubled(60, inner)))
    assert.include(text, "{\"omitted\":\"TooLarge\"}")
    assert.isBelow(text.length, 150_000_000)
  })
}
