import { assert, describe, it } from "@effect/vitest"
import { Colliding } from "@peerage/testing"
import { Result } from "effect"
import * as Pickle from "../../../src/codec/pickle/Pickle.ts"
import { bytesOf } from "../../fixtures/Pickles.ts"
import { exhausting } from "./Exhausting.ts"
import { repeated, verdict } from "./Verdict.ts"

const dtype = "cnumpy\ndtype\nVi1\nI00\nI01\n\x87R(K\x03V|\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
const shell = "cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85C\x01btR"
/** An array of 1000 times 200 bytes, up to those. */
const fortran = `${shell}(K\x01M\xe8\x03K\xc8\x86${dtype}\x88B\x40\x0d\x03\x00`

describe("a pickle that asks for more than it is", () => {
  it("is read up to the depth that is allowed, and no deeper", () => {
    const nested = (levels: number) => repeated("", "]", levels, `${"a".repeat(levels - 1)}.`)
    assert.strictEqual(verdict(nested(1000)), "a value")
    assert.strictEqual(verdict(nested(1001)), "nested deeper than 1000 levels at 0")
    assert.strictEqual(verdict(nested(3), { depth: 3 }), "a value")
    assert.strictEqual(verdict(nested(4), { depth: 3 }), "nested deeper than 3 levels at 0")
  })

  it("is read up to the values and memo entries that are allowed, and no more", () => {
    assert.strictEqual(verdict(bytesOf("](K\x01K\x01e."), { values: 3 }), "a value")
    assert.strictEqual(verdict(bytesOf("](K\x01K\x01e."), { values: 2 }), "more than 2 values at 4")
    assert.strictEqual(verdict(bytesOf("Nq\x00h\x00\x86."), { values: 3 }), "a value")
    assert.strictEqual(verdict(bytesOf("Nq\x00h\x00\x86."), { values: 1 }), "more than 1 values at 3")
    assert.strictEqual(verdict(bytesOf("Nq\x00q\x00q\x01."), { values: 2 }), "a value")
    assert.strictEqual(verdict(bytesOf("Nq\x00q\x01q\x02."), { values: 2 }), "more than 2 values in the memo at 5")
    assert.match(verdict(repeated("](", "N", 1_048_576, "e.")), /^more than 1048576 values at/)
  })

  it.each([
    ["empty dicts", repeated("](", "}", 200_000, "e.")],
    ["the items of one dict", repeated("}(", "K\x01J\x01\x02\x03\x04", 100_000, "u.")],
    ["the items of one set", repeated("(", "M\x01\x02K\x01", 100_000, "\x91.")],
    ["an array of bytes in Fortran's order", repeated(fortran, "\x01", 200_000, "tb.")],
    ["lists inside tuples, whose depth is measured", repeated("](", ")\x85", 100_000, "e.")]
  ])("is read in slices of some thousand values where it is large: %s", (_, bytes) => {
    const work = Pickle.reading(bytes)
    let slices = 1
    let step = work.next()
    for (; step.done !== true; step = work.next()) slices++
    assert.isTrue(Result.isSuccess(step.value))
    assert.isAtLeast(slices, 200_000 / 4096)
  })

  it("is as deep as its deepest way, even when a shorter way leads to the same part", () => {
    // A list of 600 levels, seen first at the top and then again under 600 more.
    const deep = `${"]".repeat(600)}${"a".repeat(599)}q\x00`
    const pickle = bytesOf(`(${deep}${"]".repeat(600)}h\x00${"a".repeat(600)}l.`)
    assert.strictEqual(verdict(pickle), "nested deeper than 1000 levels at 0")
    assert.strictEqual(verdict(pickle, { depth: 1201 }), "a value")
    assert.strictEqual(verdict(pickle, { depth: 1200 }), "nested deeper than 1200 levels at 0")
  })

  it("is as deep as the deepest of its parts, wherever that is among the others", () => {
    // A list of 600 levels before an empty one, in a list that is seen first at the top and then again under 600 more.
    const deep = `(${"]".repeat(600)}${"a".repeat(599)}]lq\x00`
    const pickle = bytesOf(`(${deep}${"]".repeat(600)}h\x00${"a".repeat(600)}l.`)
    assert.strictEqual(verdict(pickle, { depth: 1202 }), "a value")
    assert.strictEqual(verdict(pickle, { depth: 1201 }), "nested deeper than 1201 levels at 0")
  })

  it("is a value when it contains itself, however many lists are beside it", () => {
    const pickle = repeated("]q\x00h\x00a(", "]h\x00a", 2000, "e.")
    assert.strictEqual(verdict(pickle), "a value")
    assert.strictEqual(verdict(pickle, { depth: 1 }), "nested deeper than 1 levels at 0")
  })

  it("is a value when it is small and shares its parts, however large it would be in full", () => {
    // Each of 500 lists holds the one before it ten times.
    assert.strictEqual(verdict(repeated("]", `q\x000](${"h\x00".repeat(10)}e`, 500, ".")), "a value")
  })

  it("is refused when one argument is given to many calls", () => {
    const calls = "h\x00h\x01R0"
    const list = `](${"K\x01".repeat(500)}e`
    const pickle = repeated(`cbuiltins\nset\nq\x00${list}\x85q\x01`, calls, 2000, "N.")
    assert.match(verdict(pickle), /^one argument for many calls at/)
    const text = `X\xe8\x03\0\0${"a".repeat(1000)}`
    const texts = repeated(`c_codecs\nencode\nq\x00${text}Vlatin1\n\x86q\x01`, calls, 2000, "N.")
    assert.match(verdict(texts), /^one argument for many calls at/)
    const copies = repeated(`cbuiltins\nbytearray\nq\x00B\xe8\x03\0\0${"a".repeat(1000)}\x85q\x01`, calls, 2000, "N.")
    assert.match(verdict(copies), /^one argument for many calls at/)
    const decimals = repeated(`cdecimal\nDecimal\nq\x00X\xe8\x03\0\0${"1".repeat(1000)}\x85q\x01`, calls, 2000, "N.")
    assert.match(verdict(decimals), /^one argument for many calls at/)
  })

  it("is refused when all calls together copy more than twice its length, and not before", () => {
    // Three copies of bytes: 3 times their length is twice that of the pickle where they are twice as long as the rest.
    const calls = (length: number) => {
      const head = `(cbuiltins\nbytearray\nq\x00B${String.fromCharCode(length & 255, length >> 8)}\0\0`
      return bytesOf(`${head}${"a".repeat(length)}\x85q\x011${"h\x00h\x01R0".repeat(3)}N.`)
    }
    const rest = calls(0).length
    assert.strictEqual(verdict(calls(2 * rest)), "a value")
    assert.match(verdict(calls(2 * rest + 1)), /^one argument for many calls at/)
  })

  it("is refused when a dict or a set would find its integers only by trying one after the other", () => {
    const alike = (count: number) =>
      Array.from(
        { length: count },
        (_, at) => `\x8a\x0c${"\0".repeat(8)}${String.fromCharCode(at & 255, at >> 8)}\0\x01`
      )
    const refusal = /^more than 512 integers with the same lowest 64 bits as keys or in sets at/
    assert.strictEqual(verdict(bytesOf(`(${alike(512).join("")}\x91.`)), "a value")
    assert.match(verdict(bytesOf(`(${alike(513).join("")}\x91.`)), refusal)
    assert.match(verdict(bytesOf(`}(${alike(513).join("N")}Nu.`)), refusal)
    // As often as one likes where they are few.
    assert.strictEqual(verdict(repeated("](", `(${alike(2).join("")}\x91`, 600, "e.")), "a value")
    assert.strictEqual(verdict(bytesOf(`(${alike(513).join("")}l.`)), "a value")
  })
})

/** A set of numbers, or a dict with them as keys. */
const holding = (numbers: ReadonlyArray<number | bigint>) =>
  [new Set(numbers), new Map(numbers.map((number) => [number, null]))].map((value) =>
    verdict(Result.getOrThrow(Pickle.write(value)))
  )

describe("numbers as keys and in sets", () => {
  const refused = /^too many numbers as keys or in a set that are found only one after the other at/

  it.each([{ numbers: Colliding.fractions(3000) }, { numbers: Colliding.integers(3000) }])(
    "are refused where a stranger has chosen them so that they are found one after the other: $numbers.0 and more",
    ({ numbers }) => {
      for (const said of holding(numbers)) assert.match(said, refused)
      assert.deepStrictEqual(holding(numbers.slice(0, 1000)), ["a value", "a value"])
    }
  )

  it.each([
    { name: "fractions", of: (at: number) => at / 7 },
    { name: "times in seconds", of: (at: number) => 1_796_000_000 + at / 1000 },
    { name: "times in milliseconds", of: (at: number) => 1_796_000_000_000 + 1000 * at },
    { name: "powers of 10", of: (at: number) => 10 ** (at / 200) },
    { name: "large integers", of: (at: number) => 2n ** 62n + BigInt(at) * 2n ** 20n },
    { name: "negative ones", of: (at: number) => -(2n ** 63n) + BigInt(at) },
    { name: "small integers", of: (at: number) => at }
  ])("are taken as they come otherwise: $name", ({ of }) => {
    assert.deepStrictEqual(holding(Array.from({ length: 50_000 }, (_, at) => of(at))), ["a value", "a value"])
  })
})

exhausting(64)
