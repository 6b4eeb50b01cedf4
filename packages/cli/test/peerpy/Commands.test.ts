/** The commands of a PeerPy room: what lines mean, and which peer a name means. */
import { assert, it } from "@effect/vitest"
import type { Named } from "@peerage/console/Connections"
import { PeerAddress } from "@peerage/transport"
import { Result } from "effect"
import { choose } from "../../src/peerpy/Choosing.ts"
import { connectorTable, listenerTable } from "../../src/peerpy/Commands.ts"
import { corrects, everywhere, understands } from "../Tables.ts"

const bob = PeerAddress.at("10.0.0.2", 20_000)

const text = (said: string) => ({ _tag: "Text", text: said })
const to = (name: string, content: unknown) => ({ name, content })
const bytes = { _tag: "Bytes", bytes: Uint8Array.of(0, 255) }

understands(
  "of a listening peer",
  listenerTable,
  [
    ...everywhere,
    ["hello  there ", "/say", text("hello  there ")],
    ["   three spaces", "/say", text("   three spaces")],
    ["/say   three spaces ", "/say", text("  three spaces ")],
    ["/say   ", "BadArgument"],
    [`/to ${bob}   three spaces `, "/to", to(bob, text("  three spaces "))],
    [`/to ${bob} /say  one space`, "/to", to(bob, text(" one space"))],
    ["exit", "/say", text("exit")],
    ["one\n  two\n/exit", "/say", text("one\n  two\n/exit")],
    ["/say /help", "/say", text("/help")],
    ["/json {\"x\": [1, 1.5]}", "/json", { _tag: "Json", value: { x: [1n, 1.5] } }],
    ["/hex 00 ff", "/hex", bytes],
    [`/to ${bob} hello`, "/to", to(bob, text("hello"))],
    [`/to ${bob} /json "a"`, "/to", to(bob, { _tag: "Json", value: "a" })],
    [`/to ${bob} /hex 00ff`, "/to", to(bob, bytes)],
    [`/to ${bob} /say /json`, "/to", to(bob, text("/json"))],
    [`/close ${bob}`, "/close", bob],
    ["/close", "/close"],
    [`/accept ${bob}`, "/accept", bob],
    ["/deny", "/deny"],
    [`/connect ${bob}`, "/connect", { at: { host: "10.0.0.2", port: 20_000 }, type: "json" }],
    ["/connect host.example:20000 raw", "/connect", { at: { host: "host.example", port: 20_000 }, type: "raw" }],
    ["/discover", "/discover"],
    ["/invisible ON", "/invisible", true],
    ["/invisible off", "/invisible", false],
    ["/invisible", "/invisible"],
    ["/history", "/history"],
    [`/history ${bob}`, "/history", bob]
  ],
  `/say | /json | /json hello | /hex 0 | /hex | /to ${bob} /json a | /to ${bob} | /to | /close a b |
  /connect ${bob} text | /connect 10.0.0.2 | /connect | /invisible maybe | /history bob`
)

understands("of a connecting peer", connectorTable, [
  ...everywhere,
  ["/accept", "ListenerOnly"],
  ["/deny", "ListenerOnly"],
  [`/connect ${bob}`, "ListenerOnly"],
  ["/invisible on", "ListenerOnly"],
  ["hello", "/say", text("hello")],
  [`/close ${bob}`, "/close", bob]
])

for (const table of [listenerTable, connectorTable]) corrects(table, [["/nope", "/help lists what there is"]])

corrects(listenerTable, [["/acept", "Did you mean /accept?"]])

const near = { peer: "10.0.0.2:20000", remote: "10.0.0.2:51000" }
const ann = { peer: "10.0.0.3:20000", remote: "10.0.0.3:52000" }
const eve = { peer: "10.0.0.2:20000", remote: "10.0.0.9:53000" }

const meant = (known: ReadonlyArray<Named>, name?: string) => choose(known, name, "None.")
const refusal = (known: ReadonlyArray<Named>, name?: string) =>
  Result.match(meant(known, name), {
    onSuccess: () => undefined,
    onFailure: ({ message, reason }) => `${reason}: ${message}`
  })

it("takes a peer by the address that it goes by, or by the one it comes from", () => {
  assert.deepStrictEqual(meant([near, ann], near.peer), Result.succeed(near))
  assert.deepStrictEqual(meant([near, ann], ann.remote), Result.succeed(ann))
  assert.deepStrictEqual(meant([ann]), Result.succeed(ann))
})

it("does not choose between two that go by one address", () => {
  assert.match(refusal([near, eve, ann], near.peer) ?? "", /^Ambiguous: .*10\.0\.0\.2:51000, 10\.0\.0\.9:53000\.$/)
  assert.deepStrictEqual(meant([near, eve, ann], eve.remote), Result.succeed(eve))
})

it("asks which one where there are several and none is named", () => {
  assert.match(refusal([near, ann]) ?? "", /^Ambiguous: .*10\.0\.0\.2:20000, 10\.0\.0\.3:20000/)
})

it("says when there is nobody, or nobody by that name", () => {
  assert.strictEqual(refusal([]), "UnknownPeer: None.")
  assert.strictEqual(refusal([], near.peer), "UnknownPeer: None.")
  assert.match(refusal([ann], "bob\u001B") ?? "", /^UnknownPeer: "bob\uFFFD" is not among them\. \/peers/)
})
