/** How others join, as a page shows it. */
import { assert, describe, it } from "@effect/vitest"
import * as PeerKey from "@peerage/transport/PeerKey"
import { Effect } from "effect"
import { encode } from "uqr"
import { codeOf, make, secretOf, through } from "../../src/console/Invites.ts"

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

  const key = PeerKey.parse("A".repeat(43))
  const joining = { command: "peerage pyrate share FOLDER --bootstrap", reached: "192.0.2.1:21168" }

  for (
    const [known, command, invitation] of [
      [key, `${joining.command} peerage://192.0.2.1:21168/pyrate#${key}`, `peerage://192.0.2.1:21168/pyrate#${key}`],
      [undefined, `${joining.command} 192.0.2.1:21168`, undefined]
    ] as const
  ) {
    it.effect(`of a member names the peer that it knows by ${known === undefined ? "its address" : "its key"}`, () =>
      Effect.gen(function*() {
        const invite = yield* through({ ...joining, secured: { protocol: "pyrate", namedKey: Effect.succeed(known) } })
        assert.deepInclude(invite, { command, code: codeOf(invitation ?? command) })
        assert.strictEqual(invite.invitation, invitation)
        assert.match(invite.needs ?? "", /^They also need the passphrase with which you came\./)
      }))
  }
})
