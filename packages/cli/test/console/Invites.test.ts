/** How others join, as a page shows it. */
import { assert, describe, it } from "@effect/vitest"
import { encode } from "uqr"
import { codeOf, make, secretOf } from "../../src/console/Invites.ts"

/** The squares that a path fills. */
const drawn = (path: string, size: number): ReadonlyArray<ReadonlyArray<boolean>> => {
  const squares = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    squares[Number(y)]?.fill(true, Number(x), Number(x) + Number(width))
  }
  return squares
}

describe("an invitation for a page", () => {
  it("is a QR code as a path over its squares", () => {
    const text = "peerage://192.0.2.1:4702/pyile#KEY"
    const { path, size } = codeOf(text)
    assert.deepStrictEqual(drawn(path, size), encode(text, { border: 2 }).data)
    assert.match(path, /^(M\d+ \d+h\d+v1h-\d+z)+$/)
  })

  it("is the command where nothing is encrypted, and never holds a secret", () => {
    const needs = secretOf(undefined, true)
    const invite = make({ command: "peerage pyile join", reached: "192.0.2.1:4702", secured: undefined, needs })
    assert.deepStrictEqual(invite, {
      command: "peerage pyile join 192.0.2.1:4702",
      code: codeOf("peerage pyile join 192.0.2.1:4702"),
      needs:
        "They also need the password that the terminal showed once. Tell it to them another way, such as by telephone."
    })
  })
})
