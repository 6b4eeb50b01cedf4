import { assert, describe, it } from "@effect/vitest"
import { PeerKey } from "@peerage/transport"
import { Schema } from "effect"

const bytes = (first: number) => Uint8Array.from({ length: 32 }, (_, index) => (first + 7 * index) % 256)

describe("the key of a peer", () => {
  it.each([0, 1, 77, 255])("is the same however it is made, from bytes that begin with %i", (first) => {
    const key = PeerKey.fromBytes(bytes(first))
    assert.isDefined(key)
    if (key === undefined) return
    assert.strictEqual(key.length, 43)
    assert.strictEqual(PeerKey.parse(key), key)
    assert.deepStrictEqual(PeerKey.toBytes(key), bytes(first))
    assert.isTrue(Schema.is(PeerKey.PeerKey)(key))
  })

  it("has one text only", () => {
    const key = PeerKey.fromBytes(new Uint8Array(32)) ?? ""
    assert.strictEqual(key, "A".repeat(43))
    for (const last of "BCD+/=") assert.isUndefined(PeerKey.parse(key.slice(0, 42) + last))
  })

  it.each(["", "A".repeat(42), "A".repeat(44), `${"A".repeat(43)}=`, `${"A".repeat(41)}+A`, `${"A".repeat(43)}\n`])(
    "is not %j",
    (text) => assert.isUndefined(PeerKey.parse(text))
  )

  it.each([0, 31, 33])("is not %i bytes", (length) => {
    assert.isUndefined(PeerKey.fromBytes(new Uint8Array(length)))
  })
})
