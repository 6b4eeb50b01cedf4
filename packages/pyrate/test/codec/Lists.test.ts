import { assert, describe, it } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { Property } from "@peerage/testing"
import { PeerAddress } from "@peerage/transport"
import { Schema } from "effect"
import { decodeFiles, decodePeers, encodeFiles, encodePeers, maxLines } from "../../src/codec/Lists.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (wire: Uint8Array) => new TextDecoder().decode(wire)
const a = PeerAddress.at("10.0.0.2", 5005)
const b = PeerAddress.at("10.0.0.3", 1)

describe("a list of peers", () => {
  it.each([
    { wire: "", peers: [] },
    { wire: "10.0.0.2,5005\n", peers: [a] },
    { wire: "10.0.0.3,1\n10.0.0.2,5005\n", peers: [b, a] }
  ])("is $wire on the wire, in both directions", ({ peers, wire }) => {
    assert.strictEqual(text(encodePeers(peers)), wire)
    assert.deepStrictEqual(decodePeers(bytes(wire)), peers)
  })

  it.each([
    ["an entry that was cut off", "10.0.0.2,5005\n10.0.0.3,1"],
    ["an entry cut inside its port, which would name another peer", "10.0.0.2,5005\n10.0.0.2,50"],
    ["blank lines", "\n\n10.0.0.2,5005\n\n"],
    ["lines without a comma", "10.0.0.2\n10.0.0.2,5005\n5005\n"],
    ["lines with more than one", "10.0.0.3,1,2\n10.0.0.2,5005\n,,\n"],
    ["duplicates", "10.0.0.2,5005\n10.0.0.2,5005\n"],
    ["names and IPv6 addresses", "localhost,5005\n::1,5005\n[::1],5005\n10.0.0.2,5005\n"],
    ["addresses that are none", "10.0.0.256,1\n10.0.0,1\n010.0.0.2,1\n 10.0.0.3,1\n10.0.0.2,5005\n"],
    ["ports that are none", "10.0.0.3,0\n10.0.0.3,-1\n10.0.0.3,65536\n10.0.0.3,x\n10.0.0.3, 5\n10.0.0.2,5005\n"],
    ["the port that an original made of nothing", "10.0.0.3,-1\n10.0.0.2,5005\n"],
    ["lines ended as on Windows", "10.0.0.3,1\r\n10.0.0.2,5005\n"]
  ])("leaves out %s", (_, wire) => {
    assert.deepStrictEqual(decodePeers(bytes(wire)), [a])
  })

  it("cut at any byte names only peers of the whole one", () => {
    const whole = encodePeers([a, b])
    for (let at = 0; at <= whole.length; at++) {
      assert.includeMembers([a, b], [...decodePeers(whole.subarray(0, at))])
      assert.strictEqual(decodePeers(whole.subarray(0, at)).length, at < 14 ? 0 : at < whole.length ? 1 : 2)
    }
  })

  it("is read up to a limit", () => {
    const wire = Array.from({ length: maxLines + 10 }, (_, index) => `10.0.${index >> 8}.${index & 255},5005\n`).join(
      ""
    )
    assert.strictEqual(decodePeers(bytes(wire)).length, maxLines)
  })
})

describe("a list of files", () => {
  const song = FileName.FileName.make("song.txt")
  const film = FileName.FileName.make("ein Film, 歌.mkv")

  it.each([
    { wire: "", files: [] },
    { wire: "song.txt\n", files: [song] },
    { wire: "ein Film, 歌.mkv\nsong.txt\n", files: [film, song] }
  ])("is $wire on the wire, in both directions", ({ files, wire }) => {
    assert.strictEqual(text(encodeFiles(files)), wire)
    assert.deepStrictEqual(decodeFiles(bytes(wire)), files)
  })

  it.each([
    ["a name that was cut off", "song.txt\nfilm"],
    ["blank lines", "\n\nsong.txt\n\n"],
    ["duplicates", "song.txt\nsong.txt\n"],
    ["names that lead elsewhere", "../song.txt\n/etc/passwd\nsong.txt\na\\b\n..\n.\n"],
    ["names that begin with a mark nobody sees", "\ufefffilm.mkv\nsong.txt\n"],
    ["hidden files and devices", ".profile\nnul\nsong.txt\n"],
    ["names with control characters", "song.txt\r\n\u001b[2J\nsong.txt\na\0b\n"],
    ["names that are too long", `${"x".repeat(256)}\nsong.txt\n`]
  ])("leaves out %s", (_, wire) => {
    assert.deepStrictEqual(decodeFiles(bytes(wire)), [song])
  })

  it("is read as a whole, however long it is", () => {
    const wire = Array.from({ length: 20_000 }, (_, index) => `${index}\n`).join("")
    assert.strictEqual(decodeFiles(bytes(wire)).length, 20_000)
  })

  const Byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))
  it.prop("is read, whatever the bytes are", [Schema.Array(Byte)], ([random]) => {
    for (const name of decodeFiles(Uint8Array.from(random))) assert.isTrue(FileName.is(name))
    assert.doesNotThrow(() => decodePeers(Uint8Array.from(random)))
  }, Property.tries(50))
})
