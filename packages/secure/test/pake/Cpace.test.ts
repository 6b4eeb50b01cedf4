/** The proof of a passphrase: the figures of draft-irtf-cfrg-cpace-21, and what becomes of everything that is wrong. */
import { assert, describe, it } from "@effect/vitest"
import { Cpace } from "@peerage/secure"
import { SeededCrypto } from "@peerage/secure/testing"
import { Redacted } from "effect"
import { flipped, hex, layers, lowOrder } from "../Layers.ts"

/** Appendix B.1: one run of both ends. */
const draft = {
  passphrase: "50617373776f7264",
  channel: "0b415f696e69746961746f720b425f726573706f6e646572",
  session: "7e4b4791d6a8ef019b936c79fb7f2c57",
  generator: "d04bf6d41f6a289632a2e929fa29bebd51092512a7829fdde7d314b62f05a73f",
  initiator: {
    scalar: "21b4f4bd9e64ed355c3eb676a28ebedaf6d8f17bdc365995b319097153044080",
    share: "1d13c89278cdadd826f6d8d7f887701430f8380ddc17611cdd6dc989ce0c9f32",
    associated: "414461"
  },
  responder: {
    scalar: "848b0779ff415f0af4ea14df9dd1d3c29ac41d836c7808896c4eba19c51ac40a",
    share: "248cccf6d5cdc3646f0ad593f9e6cef4e69d4945f8372e623512ecea32185623",
    associated: "414462"
  },
  point: "5b067effbdc0b2a0e1d907b21ebb25cfedb96a852179a847c37e43ee71322c6b",
  key: `6e19b875f7a561d6b3ca3dbb9ef42ac55de3e717881018204b8922b4d5e53bb2aa82c300bea7b65d2b671da71922ddf6472301b79bc270ad
        fa8bf413285f2263`
}

/** Points that are of low order only where the highest bit counts, and what they give. */
const scalar = "af46e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449aff"
const masked = {
  daffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff:
    "d8e2c776bbacd510d09fd9278b7edcd25fc5ae9adfba3b6e040e8d3b71b21806",
  dbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff:
    "c85c655ebe8be44ba9c0ffde69f2fe10194458d137f09bbff725ce58803cdb38",
  d9ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff:
    "db64dafa9b8fdd136914e61461935fe92aa372cb056314e1231bc4ec12417456",
  cdeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880:
    "e062dcd5376d58297be2618c7498f55baa07d7e03184e8aada20bca28888bf7a",
  "4c9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7":
    "993c6ad11c4c29da9a56f7691fd0ff8d732e49de6250b6c2e80003ff4629a175"
}

describe("the draft's strings", () => {
  const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i)
  const ascii = (text: string) => new TextEncoder().encode(text)
  it.each([
    { parts: [], text: "" },
    { parts: [bytes(0)], text: "00" },
    { parts: [ascii("1234")], text: "0431323334" },
    { parts: [ascii("1234"), ascii("5"), ascii(""), ascii("678")], text: "043132333401350003363738" }
  ])("put $text together", ({ parts, text }) => {
    assert.deepStrictEqual(Cpace.lengthValues(...parts), hex(text))
  })

  it.each([
    { length: 127, prefix: "7f" },
    { length: 128, prefix: "8001" },
    { length: 20_000, prefix: "a09c01" }
  ])("have the length $length as $prefix", ({ length, prefix }) => {
    assert.deepStrictEqual(Cpace.lengthValues(bytes(length)), Uint8Array.of(...hex(prefix), ...bytes(length)))
  })
})

describe.each(layers)("the draft's figures, with $name", ({ crypto }) => {
  const passphrase = Redacted.make(hex(draft.passphrase))
  const secret = { passphrase, channel: hex(draft.channel), session: hex(draft.session) }

  it("give the generator", () => {
    assert.deepStrictEqual(Cpace.generator(crypto, secret), hex(draft.generator))
  })

  it("give both shares, the shared point, and the key", () => {
    const { initiator, responder } = draft
    for (const { scalar, share } of [initiator, responder]) {
      assert.deepStrictEqual(crypto.scale(hex(scalar), hex(draft.generator)), hex(share))
    }
    const point = crypto.scale(hex(initiator.scalar), hex(responder.share))
    assert.deepStrictEqual(point, crypto.scale(hex(responder.scalar), hex(initiator.share)))
    assert.deepStrictEqual(point, hex(draft.point))
    const [first, second] = [initiator, responder].map(({ associated, share }) => ({
      share: hex(share),
      associated: hex(associated)
    }))
    assert(first !== undefined && second !== undefined)
    assert.deepStrictEqual(Cpace.sessionKey(crypto, secret.session, hex(draft.point), [first, second]), hex(draft.key))
  })

  it.each(lowOrder)("refuse a point of low order: %s", (point) => {
    assert.isUndefined(crypto.scale(hex(scalar), hex(point)))
  })

  it.each(Object.entries(masked))("take no account of the highest bit of %s", (point, product) => {
    assert.deepStrictEqual(crypto.scale(hex(scalar), hex(point)), hex(product))
  })
})

describe.each(layers)("a proof, with $name", ({ crypto }) => {
  const session = hex("11".repeat(32))
  const begin = (role: "initiator" | "responder", passphrase = "a passphrase", at = session) =>
    Cpace.begin(crypto, { role, passphrase: Redacted.make(passphrase), session: at })

  const agreed = (initiator: Cpace.Proof, responder: Cpace.Proof) => {
    const [first, second] = [initiator.agree(responder.share), responder.agree(initiator.share)]
    assert(first !== undefined && second !== undefined)
    return { first, second }
  }

  it("convinces both ends of the same passphrase", () => {
    const { first, second } = agreed(begin("initiator"), begin("responder"))
    assert.isTrue(second.confirms(first.tag))
    assert.isTrue(first.confirms(second.tag))
  })

  it("takes the same letters for the same passphrase, composed or not", () => {
    const { first, second } = agreed(begin("initiator", "Z\u00fcrich"), begin("responder", "Zu\u0308rich"))
    assert.isTrue(second.confirms(first.tag))
    assert.isTrue(first.confirms(second.tag))
  })

  it.each([
    { why: "another passphrase", initiator: begin("initiator", "a passphrasf") },
    { why: "the empty passphrase", initiator: begin("initiator", "") },
    { why: "another session, as a relay has", initiator: begin("initiator", "a passphrase", hex("12".repeat(32))) },
    { why: "the same role", initiator: begin("responder") }
  ])("convinces nobody with $why", ({ initiator }) => {
    const { first, second } = agreed(initiator, begin("responder"))
    assert.isFalse(second.confirms(first.tag))
    assert.isFalse(first.confirms(second.tag))
  })

  it("takes back neither a tag of its own, nor a changed, a cut or an empty one", () => {
    const { first, second } = agreed(begin("initiator"), begin("responder"))
    assert.isFalse(first.confirms(first.tag))
    for (let bit = 0; bit < second.tag.length * 8; bit++) assert.isFalse(first.confirms(flipped(second.tag, bit)))
    for (let end = 0; end < second.tag.length; end++) assert.isFalse(first.confirms(second.tag.subarray(0, end)))
  })

  it("fails at both ends when a share is changed on its way", () => {
    for (let bit = 0; bit < 256; bit += 17) {
      const [initiator, responder] = [begin("initiator"), begin("responder")]
      const first = initiator.agree(responder.share)
      const second = responder.agree(flipped(initiator.share, bit))
      assert(first !== undefined && second !== undefined)
      assert.isFalse(second.confirms(first.tag))
      assert.isFalse(first.confirms(second.tag))
    }
  })

  it.each(lowOrder)("goes on with no share of low order: %s", (share) => {
    assert.isUndefined(begin("initiator").agree(hex(share)))
    assert.isUndefined(begin("responder").agree(hex(share)))
  })

  it.each([0, 31, 33])("goes on with no share of %d bytes", (length) => {
    assert.isUndefined(begin("initiator").agree(new Uint8Array(length).fill(9)))
  })

  it("draws a new share each time, and the same from the same seed", () => {
    assert.notDeepEqual(begin("initiator").share, begin("initiator").share)
    const seeded = () =>
      Cpace.begin(SeededCrypto.make(crypto, 1), { role: "initiator", passphrase: Redacted.make("x"), session })
    assert.deepStrictEqual(seeded().share, seeded().share)
  })
})
