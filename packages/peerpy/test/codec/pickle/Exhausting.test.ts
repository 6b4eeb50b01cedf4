import { assert, describe, it } from "@effect/vitest"
import { bytesOf } from "../../fixtures/Pickles.ts"
import { repeated, verdict } from "./Verdict.ts"

describe("a pickle that asks for more than it is", () => {
  it.each([
    ["lists", repeated("", "]", 1_000_000, `${"a".repeat(999_999)}.`)],
    ["tuples", repeated(")", "\x85", 1_000_000, ".")],
    ["lists of marks", repeated("(", "(", 1_000_000, `${"l".repeat(1_000_001)}.`)],
    ["lists, each the last item of three", repeated("", "](NN", 1_000_000, `]${"e".repeat(1_000_000)}.`)],
    ["dicts", repeated("", "}N", 1_000_000, `N${"s".repeat(1_000_000)}.`)],
    ["frozensets", repeated("", "(", 1_000_000, `${"\x91".repeat(1_000_000)}.`)]
  ])("is refused when it is a million levels of %s", (_, pickle) => {
    assert.strictEqual(verdict(pickle, { memory: 2 ** 30 }), "nested deeper than 1000 levels at 0")
  })

  it("is read up to the depth that is allowed, and no deeper", () => {
    const nested = (levels: number) => repeated("", "]", levels, `${"a".repeat(levels - 1)}.`)
    assert.strictEqual(verdict(nested(1000)), "a value")
    assert.strictEqual(verdict(nested(1001)), "nested deeper than 1000 levels at 0")
    assert.strictEqual(verdict(nested(3), { depth: 3 }), "a value")
    assert.strictEqual(verdict(nested(4), { depth: 3 }), "nested deeper than 3 levels at 0")
  })

  it("is as deep as its deepest way, even when a shorter way leads to the same part", () => {
    // A list of 600 levels, seen first at the top and then again under 600 more.
    const deep = `${"]".repeat(600)}${"a".repeat(599)}q\x00`
    const pickle = bytesOf(`(${deep}${"]".repeat(600)}h\x00${"a".repeat(600)}l.`)
    assert.strictEqual(verdict(pickle), "nested deeper than 1000 levels at 0")
    assert.strictEqual(verdict(pickle, { depth: 1201 }), "a value")
    assert.strictEqual(verdict(pickle, { depth: 1200 }), "nested deeper than 1200 levels at 0")
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

  it.each([
    ["nothing but empty dicts", repeated("(", "}", 150_000, "l.")],
    ["nothing but empty sets", repeated("(", "\x8f", 150_000, "l.")],
    ["nothing but empty frozensets", repeated("(", "(\x91", 150_000, "l.")],
    ["nothing but empty lists", repeated("(", "]", 400_000, "l.")],
    ["nothing but empty tuples", repeated("(", ")", 300_000, "l.")],
    ["nothing but empty bytes", repeated("(", "C\x00", 150_000, "l.")],
    ["nothing but empty bytearrays", repeated("(", "\x96\0\0\0\0\0\0\0\0", 150_000, "l.")],
    ["nothing but marks", repeated("", "(", 2_000_000, "l.")],
    ["nothing but None", repeated("(", "N", 2_000_000, "l.")],
    ["nothing but integers", repeated("(", "K\x01", 1_000_000, "l.")],
    ["nothing but floats", repeated("(", "G\0\0\0\0\0\0\0\0", 1_000_000, "l.")],
    ["nothing but texts", repeated("(", "\x8c\x00", 1_000_000, "l.")],
    ["nothing but lines", repeated("(", "I1\n", 1_000_000, "l.")],
    ["nothing but old strings", repeated("(", "U\x00", 1_000_000, "l.")],
    ["nothing but constructors", repeated("", "cbuiltins\nset\n", 1_000_000, ".")],
    ["one dict with many items", repeated("}(", "K\x01N", 400_000, "u.")],
    ["one dict with many items, one by one", repeated("}", "K\x01Ns", 400_000, ".")],
    ["one set with many items", repeated("\x8f(", "N", 400_000, "\x90.")],
    ["memos of None", repeated("N", "\x94", 1_000_000, ".")],
    ["memos at many indices", repeated("N", "\x94q\xffr\xff\xff\xff\xffp9999999999\n", 150_000, ".")],
    ["one list many times over", repeated("]q\x00(", "h\x00", 2_000_000, "l.")],
    ["copies by DUP", repeated("N", "2", 2_000_000, "l.")],
    ["a long text", repeated("X\x00\x00\x00\x01", "a", 2 ** 24, ".")],
    ["a long line", repeated("V", "a", 2 ** 24, "\n.")],
    ["a long old string", repeated("T\x00\x00\x00\x01", "a", 2 ** 24, ".")],
    ["long bytes", repeated("B\x00\x00\x00\x01", "a", 2 ** 24, ".")],
    ["many integers of many digits", repeated("(", `\x8a\xff${"\x01".repeat(255)}`, 100_000, "l.")]
  ])("is refused before it takes more memory than it may: %s", (_, pickle) => {
    assert.match(verdict(pickle, { memory: 2 ** 24 }), /^a value of more than 16777216 bytes of memory at \d+$/)
  })

  it("may take 256 MiB unless told otherwise, and never more than 1 GiB", () => {
    // Dicts that are dropped at once count as well: 272 bytes for each.
    const dicts = (count: number) => repeated("", "}0", count, "N.")
    assert.strictEqual(verdict(dicts(980_000)), "a value")
    assert.match(verdict(dicts(990_000)), /^a value of more than 268435456 bytes of memory/)
    assert.strictEqual(verdict(dicts(990_000), { memory: Infinity }), "a value")
    assert.match(verdict(dicts(4_000_000), { memory: Infinity }), /^a value of more than 1073740800 bytes of memory/)
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
  })

  it.each([
    ["a text", "X\xff\xff\xff\xffa."],
    ["a short text", "\x8c\x03a."],
    ["a long text", "\x8d\xff\xff\xff\xff\xff\xff\xff\xffa."],
    ["bytes", "B\xff\xff\xff\xffa."],
    ["short bytes", "C\x03a."],
    ["long bytes", "\x8e\x00\x00\x00\x00\x00\x00\x00\x80a."],
    ["a bytearray", "\x96\x00\x00\x00\x00\x01\x00\x00\x00a."],
    ["an old string", "T\xff\xff\xff\x7fa."],
    ["a short old string", "U\x03a."],
    ["an integer", "\x8b\xff\xff\xff\x7f\x01."],
    ["a short integer", "\x8a\x03\x01."],
    ["a frame", "\x95\x03\0\0\0\0\0\0\0N."],
    ["a long frame", "\x95\xff\xff\xff\xff\xff\xff\xff\xffN."],
    ["a line", "I42"],
    ["the second of two lines", "cos\nsystem"],
    ["a number", "J\x01\x02."],
    ["a float", "G\x3f\xf8."],
    ["everything", ""]
  ])("is cut short: %s", (_, pickle) => {
    assert.strictEqual(verdict(bytesOf(pickle)), "cut short at 0")
  })
})
