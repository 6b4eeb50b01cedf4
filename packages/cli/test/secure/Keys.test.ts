/** Whose key is whose, where a peer that dialed is at another port than it listens at. */
import { assert, it } from "@effect/vitest"
import { Keyed } from "@peerage/testing"
import { keyAt, type Seen } from "../../src/secure/Keys.ts"

const [ann, bob, eve] = [Keyed.keyOf(1), Keyed.keyOf(2), Keyed.keyOf(3)]
const peers = ["10.0.0.1:4702", "10.0.0.2:4702", "10.0.0.2:4703"]

const rows: ReadonlyArray<readonly [what: string, sessions: ReadonlyArray<Seen>, keys: ReadonlyArray<unknown>]> = [
  ["a session with its address", [["10.0.0.1:4702", ann]], [ann, undefined, undefined]],
  ["the only one that came from its host", [["10.0.0.1:50000", ann]], [ann, undefined, undefined]],
  ["not one of two that came from its host", [["10.0.0.1:50000", ann], ["10.0.0.1:50001", eve]], [
    undefined,
    undefined,
    undefined
  ]],
  ["the one that is left at its host", [["10.0.0.2:4702", bob], ["10.0.0.2:50000", bob], ["10.0.0.2:50001", eve]], [
    undefined,
    bob,
    eve
  ]],
  ["nobody's, where two at its host are left", [["10.0.0.2:50000", bob]], [undefined, undefined, undefined]],
  ["nobody's from elsewhere", [["10.0.0.9:4702", eve]], [undefined, undefined, undefined]]
]

for (const [what, sessions, keys] of rows) {
  it(`takes for a peer's key that of ${what}`, () => {
    assert.deepStrictEqual(peers.map((peer) => keyAt(peer, sessions, peers)), keys)
  })
}
