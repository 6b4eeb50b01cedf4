/** Peers by address and alias, and what Tab offers of them. */
import { assert, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/pyile"
import { Result } from "effect"
import { resolve } from "../../src/pyile/Aliases.ts"
import { complete } from "../../src/pyile/Complete.ts"

const bob = PeerAddress.at("10.0.0.2", 49_152)
const ann = PeerAddress.at("10.0.0.3", 50_000)
const another = PeerAddress.at("10.0.0.4", 50_000)
const aliases = new Map<string, string>([[bob, "bob"], [ann, "ann"], [another, "ann"]])
const peers = [bob, ann, another]

it("takes an alias for a peer while one of those present goes by it", () => {
  assert.deepStrictEqual(resolve("bob", peers, aliases), Result.succeed(bob))
  assert.deepStrictEqual(resolve("ann", [bob, ann], aliases), Result.succeed(ann))
  assert.deepStrictEqual(resolve(ann, [], new Map()), Result.succeed(ann))
  assert.isTrue(Result.isFailure(resolve("bob", [ann], aliases)))
})

it("names the addresses when several go by an alias", () => {
  const several = resolve("ann", peers, aliases)
  assert.isTrue(Result.isFailure(several) && several.failure.includes(ann) && several.failure.includes(another))
})

const table: ReadonlyArray<readonly [line: string, words: ReadonlyArray<string>, replaced: string]> = [
  ["/pe", ["/peers "], "/pe"],
  ["/ba", ["/ban ", "/bans "], "/ba"],
  ["hel", [], "hel"],
  ["/to ", ["bob ", "ann ", `${bob} `, `${ann} `, `${another} `], ""],
  ["/to b", ["bob "], "b"],
  ["/kick 10.0.0.2", [`${bob} `], "10.0.0.2"],
  ["/kick b", [], "b"],
  ["/to bob he", [], "/to bob he"]
]

for (const [line, words, replaced] of table) {
  it(`completes ${JSON.stringify(line)}`, () => {
    assert.deepStrictEqual(complete(() => ({ role: "Host", peers, aliases }))(line), [words, replaced])
  })
}

it("offers a member no command of the host", () => {
  assert.deepStrictEqual(complete(() => ({ role: "Member", peers, aliases }))("/ba"), [[], "/ba"])
})
