/** Pickles that ask for a multiple of what they are. */
import { assert, describe, it } from "@effect/vitest"
import { repeated, verdict } from "./Verdict.ts"

/** Pickles of a million levels, and of 16 MiB of memory; or of that part of both. */
export const exhausting = (part: number) =>
  describe(`a pickle, 1/${part} as large as can be,`, () => {
    const many = (count: number) => Math.ceil(count / part)
    const levels = many(1_000_000)
    const memory = 2 ** 24 / part
    const length = String.fromCharCode(...new Uint8Array(Uint32Array.of(memory).buffer))
    const refusal = new RegExp(`^a value of more than ${memory} bytes of memory at \\d+$`)

    it.each([
      ["lists", repeated("", "]", levels, `${"a".repeat(levels - 1)}.`)],
      ["tuples", repeated(")", "\x85", levels, ".")],
      ["lists of marks", repeated("(", "(", levels, `${"l".repeat(levels + 1)}.`)],
      ["lists, each the last item of three", repeated("", "](NN", levels, `]${"e".repeat(levels)}.`)],
      ["dicts", repeated("", "}N", levels, `N${"s".repeat(levels)}.`)],
      ["frozensets", repeated("", "(", levels, `${"\x91".repeat(levels)}.`)]
    ])(`is refused when it is ${levels} levels of %s`, (_, pickle) => {
      assert.strictEqual(verdict(pickle, { memory: 2 ** 30, values: Infinity }), "nested deeper than 1000 levels at 0")
    })

    it.each([
      ["nothing but empty dicts", repeated("(", "}", many(150_000), "l.")],
      ["nothing but empty sets", repeated("(", "\x8f", many(150_000), "l.")],
      ["nothing but empty frozensets", repeated("(", "(\x91", many(150_000), "l.")],
      ["nothing but empty lists", repeated("(", "]", many(400_000), "l.")],
      ["nothing but empty tuples", repeated("(", ")", many(300_000), "l.")],
      ["nothing but empty bytes", repeated("(", "C\x00", many(150_000), "l.")],
      ["nothing but empty bytearrays", repeated("(", "\x96\0\0\0\0\0\0\0\0", many(150_000), "l.")],
      ["nothing but marks", repeated("", "(", many(2_000_000), "l.")],
      ["nothing but None", repeated("(", "N", many(2_000_000), "l.")],
      ["nothing but integers", repeated("(", "K\x01", many(1_000_000), "l.")],
      ["nothing but floats", repeated("(", "G\0\0\0\0\0\0\0\0", many(1_000_000), "l.")],
      ["nothing but texts", repeated("(", "\x8c\x00", many(1_000_000), "l.")],
      ["nothing but lines", repeated("(", "I1\n", many(1_000_000), "l.")],
      ["nothing but old strings", repeated("(", "U\x00", many(1_000_000), "l.")],
      ["nothing but constructors", repeated("", "cbuiltins\nset\n", many(1_000_000), ".")],
      ["one dict with many items", repeated("}(", "K\x01N", many(400_000), "u.")],
      ["one dict with many items, one by one", repeated("}", "K\x01Ns", many(400_000), ".")],
      ["one set with many items", repeated("\x8f(", "N", many(400_000), "\x90.")],
      ["memos of None", repeated("N", "\x94", many(1_000_000), ".")],
      ["memos at many indices", repeated("N", "\x94q\xffr\xff\xff\xff\xffp9999999999\n", many(150_000), ".")],
      ["one list many times over", repeated("]q\x00(", "h\x00", many(2_000_000), "l.")],
      ["copies by DUP", repeated("N", "2", many(2_000_000), "l.")],
      ["a long text", repeated(`X${length}`, "a", memory, ".")],
      ["a long line", repeated("V", "a", memory, "\n.")],
      ["a long old string", repeated(`T${length}`, "a", memory, ".")],
      ["long bytes", repeated(`B${length}`, "a", memory, ".")],
      ["many integers of many digits", repeated("(", `\x8a\xff${"\x01".repeat(255)}`, many(100_000), "l.")]
    ])("is refused before it takes more memory than it may: %s", (_, pickle) => {
      assert.match(verdict(pickle, { memory, values: Infinity }), refusal)
    })
  })
