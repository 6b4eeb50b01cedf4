/** The map to the curve against the figures of RFC 9380, J.4.2: u[0] and Q.x of each message. */
import { assert, describe, it } from "@effect/vitest"
import * as Elligator from "../../src/pake/Elligator.ts"

const figures = [
  [
    0x608d892b641f0328523802a6603427c26e55e6f27e71a91a478148d45b5093cdn,
    0x51125222da5e763d97f3c10fcc92ea6860b9ccbbd2eb1285728f566721c1e65bn
  ],
  [
    0x46f5b22494bfeaa7f232cc8d054be68561af50230234d7d1d63d1d9abeca8da5n,
    0x7d56d1e08cb0ccb92baf069c18c49bb5a0dcd927eff8dcf75ca921ef7f3e6eebn
  ],
  [
    0x235fe40c443766ce7e18111c33862d66c3b33267efa50d50f9e8e5d252a40aaan,
    0x3fbe66b9c9883d79e8407150e7c2a1c8680bee496c62fabe4619a72b3cabe90fn
  ],
  [
    0x001e92a544463bda9bd04ddbe3d6eed248f82de32f522669efc5ddce95f46f5bn,
    0x227e0bb89de700385d19ec40e857db6e6a3e634b1c32962f370d26f84ff19683n
  ],
  [
    0x1a68a1af9f663592291af987203393f707305c7bac9c8d63d6a729bdc553dc19n,
    0x3bcd651ee54d5f7b6013898aab251ee8ecc0688166fce6e9548d38472f6bd196n
  ]
] as const

const prime = 2n ** 255n - 19n

const littleEndian = (value: bigint) => Uint8Array.from({ length: 32 }, (_, i) => Number(value >> BigInt(8 * i) & 255n))

describe("the map to the curve", () => {
  it.each(figures)("is that of RFC 9380 for %d", (element, coordinate) => {
    assert.strictEqual(Elligator.map(element), coordinate)
    assert.deepStrictEqual(Elligator.mapBytes(littleEndian(element)), littleEndian(coordinate))
  })

  it("gives the same for an element and its negative", () => {
    for (const [element, coordinate] of figures) assert.strictEqual(Elligator.map(prime - element), coordinate)
  })

  it("takes no account of the highest bit, nor of multiples of the prime", () => {
    for (const value of [0n, 1n, 18n]) {
      const expected = Elligator.mapBytes(littleEndian(value))
      assert.deepStrictEqual(Elligator.mapBytes(littleEndian(value + 2n ** 255n)), expected)
      assert.deepStrictEqual(Elligator.mapBytes(littleEndian(value + prime)), expected)
    }
  })
})
