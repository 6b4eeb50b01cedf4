/** Invitations: what each of them says, and the sentence about each mistake. */
import { assert, describe, it } from "@effect/vitest"
import { Invitation } from "@peerage/secure"
import { PeerKey } from "@peerage/transport"
import { Result } from "effect"

const key = PeerKey.fromBytes(Uint8Array.from({ length: 32 }, (_, i) => i * 8))
assert(key !== undefined)

describe("an invitation", () => {
  it.each([
    "192.0.2.1:4702",
    "[2001:db8::1]:4702",
    "[::1]:1",
    "host.example:65535",
    "localhost:80",
    "a-1.b2:80",
    "2.example-3:80"
  ])("to %s is read as it was written", (address) => {
    const invitation = { address, protocol: "p2p-chat", key }
    const text = Invitation.format(invitation)
    assert.strictEqual(text, `peerage://${address}/p2p-chat#${key}`)
    assert.deepStrictEqual(Invitation.parse(text), Result.succeed(invitation))
    assert.deepStrictEqual(Invitation.parse(`\n  ${text}\r\n`), Result.succeed(invitation))
  })

  it.each([
    { written: "PEERAGE://Host.EXAMPLE:80", address: "host.example:80" },
    { written: "peerage://[2001:DB8:0:0:0:0:0:1]:80", address: "[2001:db8::1]:80" }
  ])("as $written is read in the form that all others have", ({ address, written }) => {
    const { address: read } = Result.getOrThrow(Invitation.parse(`${written}/pyile#${key}`))
    assert.strictEqual(read, address)
  })

  const rest = `/pyile#${key}`
  const mistaken: ReadonlyArray<readonly [mistake: Invitation.InvitationError["mistake"], text: string]> = [
    ["NotAnInvitation", ""],
    ["NotAnInvitation", "192.0.2.1:4702"],
    ["NotAnInvitation", `https://192.0.2.1:4702${rest}`],
    ["NotAnInvitation", `peerage:/192.0.2.1:4702${rest}`],
    ["Broken", `peerage://192.0.2.1: 4702${rest}`],
    ["Broken", `peerage://192.0.2.1:4702/pyile#\n${key}`],
    ["NoHost", "peerage://"],
    ["NoHost", `peerage://${rest}`],
    ["NoHost", `peerage://:4702${rest}`],
    ["WrongHost", `peerage://192.0.2.256:4702${rest}`],
    ["WrongHost", `peerage://192.0.2:4702${rest}`],
    ["WrongHost", `peerage://192.0.02.1:4702${rest}`],
    ["WrongHost", `peerage://me@192.0.2.1:4702${rest}`],
    ["WrongHost", `peerage://[192.0.2.1]:4702${rest}`],
    ["WrongHost", `peerage://[]:4702${rest}`],
    ["WrongHost", `peerage://[::1]x:4702${rest}`],
    ["WrongHost", `peerage://-host.example:4702${rest}`],
    ["WrongHost", `peerage://host..example:4702${rest}`],
    ["WrongHost", `peerage://host_1.example:4702${rest}`],
    ["WrongHost", `peerage://${"a".repeat(64)}:4702${rest}`],
    ["WrongHost", `peerage://${"a.".repeat(127)}a:4702${rest}`],
    ["WrongHost", `peerage://z\u00fcrich.example:4702${rest}`],
    ["BareIpv6", `peerage://2001:db8::1:4702${rest}`],
    ["BareIpv6", `peerage://::1${rest}`],
    ["BareIpv6", `peerage://[2001:db8::1:4702${rest}`],
    ["NoPort", `peerage://192.0.2.1${rest}`],
    ["NoPort", `peerage://192.0.2.1:${rest}`],
    ["NoPort", `peerage://[::1]${rest}`],
    ["WrongPort", `peerage://192.0.2.1:0${rest}`],
    ["WrongPort", `peerage://192.0.2.1:65536${rest}`],
    ["WrongPort", `peerage://192.0.2.1:080${rest}`],
    ["WrongPort", `peerage://host.example:80:81${rest}`],
    ["WrongPort", `peerage://host.example:http${rest}`],
    ["NoProtocol", "peerage://192.0.2.1:4702"],
    ["NoProtocol", `peerage://192.0.2.1:4702#${key}`],
    ["NoProtocol", `peerage://192.0.2.1:4702/#${key}`],
    ["WrongProtocol", `peerage://192.0.2.1:4702/Pyile#${key}`],
    ["WrongProtocol", `peerage://192.0.2.1:4702/pyile/#${key}`],
    ["WrongProtocol", `peerage://192.0.2.1:4702/pyile?x#${key}`],
    ["NoKey", "peerage://192.0.2.1:4702/pyile"],
    ["NoKey", "peerage://192.0.2.1:4702/pyile#"],
    ["CutKey", `peerage://192.0.2.1:4702/pyile#${key.slice(1)}`],
    ["LongKey", `peerage://192.0.2.1:4702/pyile#${key}=`],
    ["LongKey", `peerage://192.0.2.1:4702/pyile#${key}#`],
    ["WrongKey", `peerage://192.0.2.1:4702/pyile#${key.slice(0, -1)}+`],
    ["WrongKey", `peerage://192.0.2.1:4702/pyile#${key.slice(0, -1)}B`]
  ]

  it.each(mistaken)("has the mistake %s: %j", (mistake, text) => {
    const error = Result.getOrThrow(Result.flip(Invitation.parse(text)))
    assert.strictEqual(error.mistake, mistake)
  })

  it("has a sentence for each mistake, which is no other's, and each is made above", () => {
    const sentences = Invitation.mistakes.map((mistake) => new Invitation.InvitationError({ mistake }).message)
    assert.strictEqual(new Set(sentences).size, Invitation.mistakes.length)
    for (const sentence of sentences) assert.match(sentence, /^[A-Z].*\.$/)
    assert.deepStrictEqual(new Set(mistaken.map(([mistake]) => mistake)), new Set(Invitation.mistakes))
  })
})
