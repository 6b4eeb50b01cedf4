import { assert, describe, it } from "@effect/vitest"
import { Ascii } from "@peerage/wire"

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe("bytes that are written as text", () => {
  it("grow with what is written, in order", () => {
    const ascii = new Ascii.Ascii()
    ascii.text("a".repeat(1000))
    ascii.bytes(new TextEncoder().encode("b".repeat(3000)))
    ascii.fill(0x7c, 5000)
    assert.strictEqual(ascii.length, 9000)
    assert.strictEqual(textOf(ascii.take()), `${"a".repeat(1000)}${"b".repeat(3000)}${"|".repeat(5000)}`)
    assert.strictEqual(ascii.length, 0)
  })

  it.each(["", "plain ~ text\x7f"])("can be a JSON string: %s", (text) => {
    const ascii = new Ascii.Ascii()
    assert.isTrue(ascii.plain(text))
    assert.strictEqual(textOf(ascii.take()), `"${text}"`)
  })

  it.each(["\"", "\\", "\n", "é", "a\x1f", "😀"])("write nothing where a string needs escapes: %j", (text) => {
    const ascii = new Ascii.Ascii()
    ascii.text("before")
    assert.isFalse(ascii.plain(`x${text}`))
    assert.strictEqual(textOf(ascii.take()), "before")
  })

  it("are the caller's once they are taken, and stay until what was gone back over is written again", () => {
    const ascii = new Ascii.Ascii()
    ascii.text("one")
    const taken = ascii.take()
    ascii.text("two")
    const second = ascii.from(0)
    ascii.text("x".repeat(300_000))
    assert.deepStrictEqual([textOf(taken), textOf(second)], ["one", "two"])
    ascii.rewind(3)
    assert.strictEqual(textOf(ascii.take()), "two")
  })
})
