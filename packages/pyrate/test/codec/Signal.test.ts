import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Schema } from "effect"
import { encode, longest, other, parse, type Signal } from "../../src/codec/Signal.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (wire: Uint8Array) => new TextDecoder().decode(wire)
const sha256 = "0123456789abcdef".repeat(4)

const rows: ReadonlyArray<readonly [wire: string, signal: Signal]> = [
  ["\0pyrate+ found 1234\n", { _tag: "Found", size: 1234 }],
  ["\0pyrate+ found 0\n", { _tag: "Found", size: 0 }],
  ["\0pyrate+ found 999999999999999\n", { _tag: "Found", size: 999_999_999_999_999 }],
  ["\0pyrate+ missing\n", { _tag: "Missing" }],
  ["\0pyrate+ unreadable\n", { _tag: "Unreadable" }],
  ["\0pyrate+ waiting\n", { _tag: "Waiting" }],
  ["\0pyrate+ here\n", { _tag: "Here" }],
  [`\0pyrate+ digest ${sha256}\n`, { _tag: "Digest", sha256 }]
]

describe("a signal", () => {
  it.each(rows)(
    "is %j on the wire, in both directions, known by its beginning, and leaves what follows alone",
    (wire, signal) => {
      assert.strictEqual(text(encode(signal)), wire)
      assert.deepStrictEqual(parse(bytes(wire)), { value: signal, length: wire.length })
      assert.deepStrictEqual(parse(bytes(`${wire}\0pyrate+ here\n`)), { value: signal, length: wire.length })
      for (let at = 0; at < wire.length; at++) assert.isUndefined(parse(bytes(wire.slice(0, at))))
    }
  )

  it.each([
    ["a file's first bytes", "pyrate+ here\n", "\0\0", "\0Pyrate+ here\n", "\0pyrate+ Here\n"],
    ["\0pyrate+ here \n", "\0pyrate+ here\r\n", "\0pyrate+ \n", "\0pyrate+ found\n"],
    ["\0pyrate+ found -1\n", "\0pyrate+ found 1e9\n", "\0pyrate+ found 1234567890123456\n"],
    ["\0pyrate+ found 12 34\n", "\0pyrate+ missing 1\n", `\0pyrate+ digest ${sha256.slice(1)}\n`],
    [`\0pyrate+ digest ${sha256.toUpperCase()}\n`, `\0pyrate+ here${"x".repeat(200)}\n`]
  ].flat())("is not %j", (wire) => {
    assert.deepStrictEqual(parse(bytes(wire)), other)
  })

  it("is given up on when no end comes within its longest", () => {
    const endless = bytes(`\0pyrate+ found ${"1".repeat(longest)}`)
    assert.isUndefined(parse(endless.subarray(0, longest - 1)))
    assert.deepStrictEqual(parse(endless.subarray(0, longest)), other)
  })

  const Byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))
  it.prop("is told from other bytes, whatever they are", [Schema.Array(Byte)], ([random]) => {
    assert.doesNotThrow(() => parse(Uint8Array.from(random)))
  }, Property.tries(50))

  const Row = Schema.Literals(rows.map(([wire]) => wire))
  const Place = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 90 }))
  it.prop(
    "with any byte of it changed is a signal that can be written, or none",
    { row: Row, at: Place, byte: Byte },
    ({ at, byte, row }) => {
      const wire = bytes(row)
      wire[at % wire.length] = byte
      const parsed = parse(wire)
      const signal = parsed?.value
      if (signal === undefined) return
      assert.deepStrictEqual(parse(encode(signal)), { value: signal, length: encode(signal).length })
    },
    Property.tries(50)
  )
})
