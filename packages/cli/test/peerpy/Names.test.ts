/** Which connection or offer a name means, and what Tab offers. */
import { assert, it } from "@effect/vitest"
import { Result } from "effect"
import { complete } from "../../src/peerpy/Complete.ts"
import { choose, type Named } from "../../src/peerpy/Names.ts"

const bob = { peer: "10.0.0.2:20000", remote: "10.0.0.2:51000" }
const ann = { peer: "10.0.0.3:20000", remote: "10.0.0.3:52000" }
const eve = { peer: "10.0.0.2:20000", remote: "10.0.0.9:53000" }

const meant = (known: ReadonlyArray<Named>, name?: string) => choose(known, name, "None.")
const refusal = (known: ReadonlyArray<Named>, name?: string) =>
  Result.match(meant(known, name), {
    onSuccess: () => undefined,
    onFailure: ({ message, reason }) => `${reason}: ${message}`
  })

it("takes a peer by the address that it goes by, or by the one it comes from", () => {
  assert.deepStrictEqual(meant([bob, ann], bob.peer), Result.succeed(bob))
  assert.deepStrictEqual(meant([bob, ann], ann.remote), Result.succeed(ann))
  assert.deepStrictEqual(meant([ann]), Result.succeed(ann))
})

it("does not choose between two that go by one address", () => {
  assert.match(refusal([bob, eve, ann], bob.peer) ?? "", /^Ambiguous: .*10\.0\.0\.2:51000, 10\.0\.0\.9:53000\.$/)
  assert.deepStrictEqual(meant([bob, eve, ann], eve.remote), Result.succeed(eve))
})

it("asks which one where there are several and none is named", () => {
  assert.match(refusal([bob, ann]) ?? "", /^Ambiguous: .*10\.0\.0\.2:20000, 10\.0\.0\.3:20000/)
})

it("says when there is nobody, or nobody by that name", () => {
  assert.strictEqual(refusal([]), "UnknownPeer: None.")
  assert.strictEqual(refusal([], bob.peer), "UnknownPeer: None.")
  assert.match(refusal([ann], "bob\u001B") ?? "", /^UnknownPeer: "bob\uFFFD" is not among them\. \/peers/)
})

const choices = { peers: [bob.peer, ann.peer, bob.peer], askers: ["10.0.0.4:20000"] }

for (
  const [line, offered, replaced] of [
    ["/ac", ["/accept "], "/ac"],
    ["hel", [], "hel"],
    ["/to ", [`${bob.peer} `, `${ann.peer} `], ""],
    ["/close 10.0.0.3", [`${ann.peer} `], "10.0.0.3"],
    ["/history 10.0.0.2", [`${bob.peer} `], "10.0.0.2"],
    ["/accept ", ["10.0.0.4:20000 "], ""],
    ["/deny 1", ["10.0.0.4:20000 "], "1"],
    ["/invisible o", ["on ", "off "], "o"],
    ["/log W", ["WARNING "], "W"],
    ["/connect 1", [], "1"]
  ] as const
) {
  it(`completes ${JSON.stringify(line)}`, () => {
    assert.deepStrictEqual(complete("Listener", () => choices)(line), [[...offered], replaced])
  })
}

it("completes no command that a connecting side has not", () => {
  assert.deepStrictEqual(complete("Connector", () => choices)("/ac"), [[], "/ac"])
})
