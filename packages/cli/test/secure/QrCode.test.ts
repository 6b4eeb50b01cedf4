/** QR codes for terminals: the squares of the code, two a character, or none where there is no room for all of it. */
import { assert, it } from "@effect/vitest"
import { encode } from "uqr"
import { qrCode } from "../../src/secure/QrCode.ts"

const invitation = `peerage://192.168.100.100:49152/pyile#${"A".repeat(43)}`
const { data, size } = encode(invitation, { border: 2 })

/** The squares that a person sees: true for dark. */
const squares = (lines: ReadonlyArray<string>) =>
  lines.map((line) => line.replace(/\u001B\[[\d;]*m/g, "")).flatMap((line) => [
    Array.from(line, (character) => "█▀".includes(character)),
    Array.from(line, (character) => "█▄".includes(character))
  ])

it("shows all squares of the code, dark on light whatever the terminal has", () => {
  const lines = qrCode(invitation, { columns: 80, rows: 24 })
  assert.deepStrictEqual(squares(lines).slice(0, size), data)
  for (const line of lines) assert.match(line, /^\u001B\[38;5;16;48;5;231m[ █▀▄]+\u001B\[0m$/)
})

it("shows nothing where the terminal has no room for all of it", () => {
  assert.deepStrictEqual(qrCode(invitation, { columns: size - 1, rows: 24 }), [])
  assert.deepStrictEqual(qrCode(invitation, { columns: 80, rows: 15 }), [])
})
