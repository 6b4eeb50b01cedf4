import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { decode, encode, longest, type Signal } from "../../src/codec/Signal.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (wire: Uint8Array) => new TextDecoder().decode(wire)
const sha256 = "0123456789abcdef".repeat(4)

const rows: ReadonlyArray<readonly [wire: string, signal: Signal]> = [
  ["\0pyrate+ found 1234\n", { _tag: "Found", size: 1234 }],
  ["\0pyrate+ found 0\n", { _tag: "Found", size: 0 }],
  ["\0pyrate+ found 999999999999999\n", { _tag: "Found", size: 999_999_999_999_999 }],
  ["\0pyrate+ missing\n", { _tag: "Missing" }],
  ["\0pyrate+ here\n", { _tag: "Here" }],
  [`\0pyrate+ digest ${sha256}\n`, { _tag: "Digest", sha256 }]
]

describe("a signal", () => {
  it.each(rows)("is %j on the wire, in both directions", (wire, signal) => {
    assert.strictEqual(text(encode(signal)), wire)
    assert.deepStrictEqual(decode(bytes(wire)), { _tag: "Signal", signal, length: wire.length })
  })

  it.each(rows)("%j is known by its beginning, and is not taken for whole before it is", (wire) => {
    for (let at = 0; at < wire.length; at++) assert.strictEqual(decode(bytes(wire.slice(0, at)))._tag, "Partly")
  })

  it.each(rows)("%j leaves what follows it alone", (wire, signal) => {
    assert.deepStrictEqual(decode(bytes(`${wire}\0pyrate+ here\n`)), { _tag: "Signal", signal, length: wire.length })
  })

  it.each([
    "a file's first bytes",
    "pyrate+ here\n",
    "\0",
    "\0Pyrate+ here\n",
    "\0pyrate+ Here\n",
    "\0pyrate+ here \n",
    "\0pyrate+ here\r\n",
    "\0pyrate+ \n",
    "\0pyrate+ found\n",
    "\0pyrate+ found -1\n",
    "\0pyrate+ found 1e9\n",
    "\0pyrate+ found 1234567890123456\n",
    "\0pyrate+ found 12 34\n",
    "\0pyrate+ missing 1\n",
    `\0pyrate+ digest ${sha256.slice(1)}\n`,
    `\0pyrate+ digest ${sha256.toUpperCase()}\n`,
    `\0pyrate+ here${"x".repeat(200)}\n`
  ])("is not %j", (wire) => {
    assert.strictEqual(decode(bytes(wire === "\0" ? "\0\0" : wire))._tag, "Other")
  })

  it("is given up on when no end comes within its longest", () => {
    const endless = bytes(`\0pyrate+ found ${"1".repeat(longest)}`)
    assert.strictEqual(decode(endless.subarray(0, longest - 1))._tag, "Partly")
    assert.strictEqual(decode(endless.subarray(0, longest))._tag, "Other")
  })

  const Byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))
  it.prop("is told from other bytes, whatever they are", [Schema.Array(Byte)], ([random]) => {
    assert.doesNotThrow(() => decode(Uint8Array.from(random)))
  })

  const Row = Schema.Literals(rows.map(([wire]) => wire))
  const Place = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 90 }))
  it.prop(
    "with any byte of it changed is a signal that can be written, or none",
    { row: Row, at: Place, byte: Byte },
    ({ at, byte, row }) => {
      const wire = bytes(row)
      wire[at % wire.length] = byte
      const begun = decode(wire)
      if (begun._tag === "Signal") {
        assert.deepStrictEqual(decode(encode(begun.signal)), {
          ...begun,
          length: encode(begun.signal).length
        })
      }
    }
  )
})
