/** The primitives of both layers against the figures of their documents. */
import { assert, describe, it } from "@effect/vitest"
import { Crypto } from "@peerage/secure"
import { SeededCrypto } from "@peerage/secure/testing"
import { flipped, hex, layers, lowOrder } from "./Layers.ts"

const base = hex(`09${"00".repeat(31)}`)

const chacha = {
  key: hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
  nonce: hex("070000004041424344454647"),
  associated: hex("50515253c0c1c2c3c4c5c6c7"),
  plain: new TextEncoder().encode(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
  ),
  sealed: hex(
    `d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b29
     05d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b
     61161ae10b594f09e26a7e902ecbd0600691`
  )
}

// Test case 16 of "The Galois/Counter Mode of Operation" by McGrew and Viega, which NIST SP 800-38D is made of.
const aes = {
  key: hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
  nonce: hex("cafebabefacedbaddecaf888"),
  associated: hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
  plain: hex(
    `d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657
     ba637b39`
  ),
  sealed: hex(
    `522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a
     bcc9f66276fc6ece0f4e1768cddf8853bb2d551b`
  )
}

const figures = [
  { name: "RFC 8439 does, 2.8.2", suite: "ChaChaPoly", aead: chacha },
  { name: "NIST SP 800-38D does", suite: "AESGCM", aead: aes }
] as const

describe.each(layers)("the primitives of $name", ({ crypto }) => {
  it.each([
    {
      scalar: "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
      point: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
      product: "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    },
    {
      scalar: "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
      point: "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      product: "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
    }
  ])("multiply as RFC 7748 does, 5.2: $product", ({ point, product, scalar }) => {
    assert.deepStrictEqual(crypto.scale(hex(scalar), hex(point)), hex(product))
  })

  it("multiply a thousand times as RFC 7748 does, 5.2", () => {
    let scalar = base
    let point = base
    for (let i = 1; i <= 1000; i++) {
      const product = crypto.scale(scalar, point)
      assert(product !== undefined)
      point = scalar
      scalar = product
      if (i === 1) {
        assert.deepStrictEqual(scalar, hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"))
      }
    }
    assert.deepStrictEqual(scalar, hex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"))
  })

  it("agree as RFC 7748 does, 6.1", () => {
    const bob = crypto.keyPair(hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
    assert.deepStrictEqual(bob.publicKey, hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"))
    const alice = hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
    assert.deepStrictEqual(bob.agree(alice), hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"))
  })

  it.each(lowOrder)("give nothing for a point of low order: %s", (point) => {
    assert.isUndefined(crypto.scale(crypto.random(32), hex(point)))
    assert.isUndefined(crypto.keyPair(crypto.random(32)).agree(hex(point)))
  })

  it("keep a key pair whatever becomes of the bytes it was made of", () => {
    const secret = crypto.random(32)
    const expected = crypto.scale(secret, base)
    const pair = crypto.keyPair(secret)
    secret.fill(0)
    assert.deepStrictEqual(pair.agree(base), expected)
    assert.deepStrictEqual(pair.publicKey, expected)
  })

  it.each(figures)("seal and open as $name, in one part or in several", ({ aead, suite }) => {
    const { associated, key, nonce, plain, sealed } = aead
    for (const cuts of [[plain], [plain.subarray(0, 1), plain.subarray(1, 48), plain.subarray(48)]]) {
      const into = new Uint8Array(sealed.length + 5)
      assert.strictEqual(crypto.aead[suite](key).seal(nonce, associated, cuts, into, 3), sealed.length)
      assert.deepStrictEqual(into, Uint8Array.of(0, 0, 0, ...sealed, 0, 0))
    }
    assert.deepStrictEqual(crypto.aead[suite](key).open(nonce, associated, sealed.slice()), plain)
  })

  it.each(figures)("seal and open in place, as $name", ({ aead, suite }) => {
    const { associated, key, nonce, plain, sealed } = aead
    const record = new Uint8Array(sealed.length)
    record.set(plain)
    crypto.aead[suite](key).seal(nonce, associated, [record.subarray(0, plain.length)], record, 0)
    assert.deepStrictEqual(record, sealed)
    assert.deepStrictEqual(crypto.aead[suite](key).open(nonce, associated, record), plain)
  })

  it.each(figures)("seal and open as $name, prepared for it or for something else", ({ aead, suite }) => {
    const { associated, key, nonce, plain, sealed } = aead
    for (const ahead of [nonce.slice(), flipped(nonce, 40)]) {
      const prepared = crypto.aead[suite](key)
      const into = new Uint8Array(sealed.length)
      prepared.prepare?.("seal", ahead)
      prepared.prepare?.("open", ahead)
      ahead.fill(0)
      prepared.seal(nonce, associated, [plain], into, 0)
      assert.deepStrictEqual(into, sealed)
      assert.deepStrictEqual(prepared.open(nonce, associated, into.slice()), plain)
      prepared.prepare?.("open", nonce)
      assert.isUndefined(prepared.open(nonce, associated, flipped(sealed, 9)))
      assert.deepStrictEqual(prepared.open(nonce, associated, into), plain)
    }
  })

  it.each(figures)("open elsewhere, and leave what was sealed, as $name", ({ aead, suite }) => {
    const sealed = aead.sealed.slice()
    const plain = crypto.aead[suite](aead.key).open(aead.nonce, aead.associated, sealed, "elsewhere")
    assert.deepStrictEqual(plain, aead.plain)
    assert.notStrictEqual(plain?.buffer, sealed.buffer)
    assert.deepStrictEqual(sealed, aead.sealed)
  })

  it.each(figures)("open nothing that is shorter than a tag or was changed, unlike $name", ({ aead, suite }) => {
    const open = (sealed: Uint8Array, associated = aead.associated) =>
      crypto.aead[suite](aead.key).open(aead.nonce, associated, sealed)
    for (let length = 0; length < aead.sealed.length; length++) assert.isUndefined(open(aead.sealed.slice(0, length)))
    for (let bit = 0; bit < aead.sealed.length * 8; bit += 5) assert.isUndefined(open(flipped(aead.sealed, bit)))
    assert.isUndefined(open(aead.sealed.slice(), flipped(aead.associated, 3)))
  })

  it("hash and authenticate as FIPS 180 and RFC 4231 do", () => {
    const abc = hex("616263")
    assert.deepStrictEqual(crypto.sha256(abc), hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
    assert.deepStrictEqual(
      crypto.sha512(abc),
      hex(
        `ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e
         2a9ac94fa54ca49f`
      )
    )
    const [key, bytes] = [hex("0b".repeat(20)), hex("4869205468657265")]
    assert.deepStrictEqual(
      crypto.hmac256(key, bytes),
      hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    )
    assert.deepStrictEqual(
      crypto.hmac512(key, bytes),
      hex(
        `87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f170
         2e696c203a126854`
      )
    )
  })

  it("draw as many bytes as are asked for, and never the same", () => {
    assert.deepStrictEqual([0, 1, 32, 100].map((length) => crypto.random(length).length), [0, 1, 32, 100])
    assert.notDeepEqual(crypto.random(32), crypto.random(32))
  })
})

describe("seeded primitives", () => {
  const [first, second] = layers.map(({ crypto }) => crypto)
  assert(first !== undefined && second !== undefined)
  const draws = (crypto: Crypto.Primitives) => [1, 32, 33, 100].map((length) => crypto.random(length))

  it("draw the same from the same seed, on every platform, and other bytes from another", () => {
    const drawn = draws(SeededCrypto.make(first, 7))
    assert.deepStrictEqual(drawn.map((bytes) => bytes.length), [1, 32, 33, 100])
    assert.deepStrictEqual(draws(SeededCrypto.make(second, 7)), drawn)
    assert.notDeepEqual(draws(SeededCrypto.make(first, 8)), drawn)
  })

  it("never draw the same bytes twice", () => {
    const seeded = SeededCrypto.make(first, "a")
    assert.notDeepEqual(seeded.random(32), seeded.random(32))
  })
})
