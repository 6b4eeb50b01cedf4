/** Identities and the text by which people compare them. */
import { assert, describe, it } from "@effect/vitest"
import { Identity } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { SeededCrypto } from "@peerage/secure/testing"
import { PeerKey } from "@peerage/transport"
import { Effect, Redacted } from "effect"
import { hex, layers } from "./Layers.ts"

const secret = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
const publicKey = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")

describe("an identity", () => {
  it.each(layers)("is the same from the same secret, with $name", ({ crypto }) => {
    const identity = Identity.fromSecret(crypto, Redacted.make(secret))
    assert.strictEqual(identity.key, PeerKey.fromBytes(publicKey))
    assert.deepStrictEqual(Identity.keyPair(crypto, identity).publicKey, publicKey)
    // sha256sum of these 32 bytes.
    assert.strictEqual(Identity.fingerprint(crypto, identity.key), "f35e-5616-160a-30bf")
  })

  it.effect("is another one each time, and the same from the same seed", () =>
    Effect.gen(function*() {
      const [first, second] = yield* Effect.all([Identity.generate, Identity.generate])
      assert.notStrictEqual(first.key, second.key)
      const seeded = Effect.provide(Identity.generate, SeededCrypto.layer(1))
      assert.strictEqual((yield* seeded).key, (yield* seeded).key)
      assert.notStrictEqual((yield* seeded).key, first.key)
    }).pipe(Effect.provide(NodeCrypto.layer)))

  it.each([0, 31, 33])("is not made of a secret of %d bytes", (length) => {
    const [layer] = layers
    assert(layer !== undefined)
    assert.throws(() => Identity.fromSecret(layer.crypto, Redacted.make(new Uint8Array(length))), TypeError)
  })
})
