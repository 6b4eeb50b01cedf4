/** The language of a PeerPy room, as a table of typed lines. */
import { assert, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { type Line, parse, type Role, words, wordsFor } from "../../src/peerpy/Line.ts"

const bob = PeerAddress.at("10.0.0.2", 20_000)

const plain = (line: Line): unknown => line._tag === "Mistake" ? line.reason : line

const text = (said: string) => ({ _tag: "Text", text: said })
const say = (content: unknown) => ({ _tag: "Say", content })
const tell = (name: string, content: unknown) => ({ _tag: "Tell", name, content })
const bytes = { _tag: "Bytes", bytes: Uint8Array.of(0, 255) }

const table: ReadonlyArray<readonly [typed: string, meant: unknown]> = [
  ["", { _tag: "Nothing" }],
  [" \t ", { _tag: "Nothing" }],
  ["hello  there ", say(text("hello  there"))],
  ["exit", say(text("exit"))],
  ["/say /help", say(text("/help"))],
  ["/say", "BadArgument"],
  ["/json {\"x\": [1, 1.5]}", say({ _tag: "Json", value: { x: [1n, 1.5] } })],
  ["/json", "BadArgument"],
  ["/json hello", "BadArgument"],
  ["/hex 00 ff", say(bytes)],
  ["/hex 0", "BadArgument"],
  ["/hex", "BadArgument"],
  [`/to ${bob} hello`, tell(bob, text("hello"))],
  [`/to ${bob} /json "a"`, tell(bob, { _tag: "Json", value: "a" })],
  [`/to ${bob} /json a`, "BadArgument"],
  [`/to ${bob} /hex 00ff`, tell(bob, bytes)],
  [`/to ${bob} /say /json`, tell(bob, text("/json"))],
  [`/to ${bob}`, "BadArgument"],
  ["/to", "BadArgument"],
  ["/peers", { _tag: "Peers" }],
  ["/peers x", "BadArgument"],
  [`/close ${bob}`, { _tag: "Close", name: bob }],
  ["/close", { _tag: "Close", name: undefined }],
  ["/close a b", "BadArgument"],
  [`/accept ${bob}`, { _tag: "Answer", wanted: true, name: bob }],
  ["/deny", { _tag: "Answer", wanted: false, name: undefined }],
  [`/connect ${bob}`, { _tag: "Connect", address: { host: "10.0.0.2", port: 20_000 }, type: "json" }],
  ["/connect host.example:20000 raw", {
    _tag: "Connect",
    address: { host: "host.example", port: 20_000 },
    type: "raw"
  }],
  [`/connect ${bob} text`, "BadArgument"],
  ["/connect 10.0.0.2", "BadArgument"],
  ["/connect", "BadArgument"],
  ["/discover", { _tag: "Discover" }],
  ["/invisible ON", { _tag: "Invisible", invisible: true }],
  ["/invisible off", { _tag: "Invisible", invisible: false }],
  ["/invisible", { _tag: "Invisible", invisible: undefined }],
  ["/invisible maybe", "BadArgument"],
  ["/history", { _tag: "History", peer: undefined }],
  [`/history ${bob}`, { _tag: "History", peer: bob }],
  ["/history bob", "BadArgument"],
  ["/log warning", { _tag: "Log", level: "WARNING" }],
  ["/log loud", "BadArgument"],
  ["/help", { _tag: "Help" }],
  ["/EXIT", { _tag: "Exit" }],
  ["/nope", "UnknownCommand"]
]

for (const [typed, meant] of table) {
  it(`understands ${JSON.stringify(typed)}`, () => assert.deepStrictEqual(plain(parse(typed, "Listener")), meant))
}

for (const typed of ["/accept", "/deny", `/connect ${bob}`, "/invisible on"]) {
  it(`leaves ${typed} to somebody who listens`, () => {
    assert.strictEqual(plain(parse(typed, "Connector")), "ListenerOnly")
  })
}

for (const role of ["Listener", "Connector"] satisfies ReadonlyArray<Role>) {
  it(`has every command of a ${role} in its help, by its name`, () => {
    for (const { name, usage } of wordsFor(role)) {
      assert.isTrue(usage.startsWith(name))
      const line = parse(name, role)
      assert.isFalse(line._tag === "Mistake" && line.reason !== "BadArgument", name)
    }
  })
}

it("guesses what was meant", () => {
  const line = parse("/acept", "Listener")
  assert.match(line._tag === "Mistake" ? line.message : "", /Did you mean \/accept\?/)
  assert.strictEqual(new Set(words.map(({ name }) => name)).size, words.length)
})
