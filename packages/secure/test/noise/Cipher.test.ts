/** One direction of a session: its nonces, its rekeys, and its end at the first record that does not open. */
import { assert, describe, it } from "@effect/vitest"
import { Cipher } from "@peerage/secure"
import type { Aead } from "../../src/Crypto.ts"
import { flipped, hex, suites } from "../Layers.ts"

const none = new Uint8Array(0)

describe.each(suites)("a direction, with $name", ({ crypto, suite }) => {
  const nonceOf = (record: number): Uint8Array => {
    const nonce = new Uint8Array(12)
    new DataView(nonce.buffer).setBigUint64(4, BigInt(record), suite === "ChaChaPoly")
    return nonce
  }
  const key = hex("2a".repeat(32))
  const direction = (options: Omit<Cipher.CipherOptions, "suite"> = {}) =>
    new Cipher.Cipher(crypto, key, { suite, ...options })
  const sealedWith = (secret: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array => {
    const into = new Uint8Array(plain.length + 16)
    crypto.aead[suite](secret).seal(nonce, none, [plain], into, 0)
    return into
  }
  const record = (number: number) => sealedWith(key, nonceOf(number), hex("010203"))

  it("numbers its records from 0, behind four zeros, in the order of the suite", () => {
    const cipher = direction()
    for (let number = 0; number < 300; number++) {
      assert.strictEqual(cipher.records, number)
      assert.deepStrictEqual(cipher.sealed(hex("010203")), record(number))
    }
  })

  it("goes on numbering beyond 32 bits", () => {
    const first = 2 ** 32 - 1
    const [sender, receiver] = [direction({ first }), direction({ first })]
    for (const number of [first, first + 1]) {
      // Both ends change the key behind the last record of 32 bits.
      const sealed = sender.sealed(hex("010203"))
      if (number === first) assert.deepStrictEqual(sealed, record(number))
      assert.deepStrictEqual(receiver.open(sealed), hex("010203"))
    }
    assert.deepStrictEqual(direction({ first: 2 ** 40 + 1 }).sealed(hex("010203")), record(2 ** 40 + 1))
  })

  it.each([0, 1, 64, 16_384, 65_519])("carries %d bytes, in parts, in place, and behind a header", (length) => {
    const plain = Uint8Array.from({ length }, (_, i) => i)
    const [sender, receiver] = [direction(), direction()]
    const into = new Uint8Array(2 + length + 16)
    const parts = [plain.subarray(0, length >> 1), plain.subarray(length >> 1)]
    assert.strictEqual(sender.seal(parts, into, 2), length + 16)
    assert.deepStrictEqual(into.slice(2), sealedWith(key, nonceOf(0), plain))
    assert.deepStrictEqual(receiver.open(into.subarray(2)), plain)
    into.set(plain, 2)
    sender.seal([into.subarray(2, 2 + length)], into, 2)
    assert.deepStrictEqual(receiver.open(into.subarray(2)), plain)
  })

  it("changes its key by REKEY after each interval, and the numbers go on", () => {
    const [sender, receiver] = [direction({ rekeyInterval: 3 }), direction({ rekeyInterval: 3 })]
    let secret = key
    for (let number = 0; number < 10; number++) {
      if (number > 0 && number % 3 === 0) {
        secret = sealedWith(secret, hex("00000000ffffffffffffffff"), new Uint8Array(32)).slice(0, 32)
      }
      const sealed = sender.sealed(hex("01"))
      assert.deepStrictEqual(sealed, sealedWith(secret, nonceOf(number), hex("01")), `record ${number}`)
      assert.deepStrictEqual(receiver.open(sealed), hex("01"))
    }
  })

  it("seals and opens the same where it was prepared, over changes of its key, and prepares for a record once", () => {
    const prepared: Array<string> = []
    const counting = {
      ...crypto,
      aead: {
        ...crypto.aead,
        [suite]: (secret: Uint8Array): Aead => {
          const aead = crypto.aead[suite](secret)
          const prepare: Aead["prepare"] = (use, nonce) => {
            prepared.push(`${use} ${new DataView(nonce.buffer).getBigUint64(4, suite === "ChaChaPoly")}`)
            aead.prepare?.(use, nonce)
          }
          return { ...aead, prepare }
        }
      }
    }
    const direction = () => new Cipher.Cipher(counting, key, { suite, rekeyInterval: 3 })
    const [plain, sender, receiver] = [direction(), direction(), direction()]
    for (let number = 0; number < 70; number++) {
      for (let time = 0; time < 2; time++) {
        sender.prepare("seal")
        if (number !== 67) receiver.prepare("open")
      }
      // Not behind a long one.
      const said = number === 68 ? new Uint8Array(2000) : hex("01")
      const sealed = sender.sealed(said)
      assert.deepStrictEqual(sealed, plain.sealed(said), `record ${number}`)
      assert.deepStrictEqual(receiver.open(sealed), said)
    }
    assert.deepStrictEqual(
      prepared,
      [64, 65, 66, 67, 68].flatMap((number) => number === 67 ? ["seal 67"] : [`seal ${number}`, `open ${number}`])
    )
  })

  it("changes its key after 65,536 records", () => {
    const [sender, receiver] = [direction({ first: 65_535 }), direction({ first: 65_535 })]
    assert.deepStrictEqual(sender.sealed(hex("01")), sealedWith(key, nonceOf(65_535), hex("01")))
    assert.notDeepEqual(sender.sealed(hex("01")), sealedWith(key, nonceOf(65_536), hex("01")))
    assert.deepStrictEqual(receiver.open(sealedWith(key, nonceOf(65_535), hex("01"))), hex("01"))
    assert.isUndefined(receiver.open(sealedWith(key, nonceOf(65_536), hex("01"))))
  })

  it("does not count a record that did not open, and opens none behind it", () => {
    for (let bit = 0; bit < 19 * 8; bit++) {
      const receiver = direction()
      assert.isDefined(receiver.open(record(0)))
      assert.isUndefined(receiver.open(flipped(record(1), bit)), `bit ${bit}`)
      assert.strictEqual(receiver.records, 1)
      assert.isUndefined(receiver.open(record(1)))
      assert.isUndefined(receiver.open(record(2)))
      assert.strictEqual(receiver.records, 1)
    }
  })

  it.each([
    { what: "sent again", bytes: record(0) },
    { what: "ahead of its turn", bytes: record(2) },
    { what: "cut", bytes: record(1).subarray(0, -1) },
    { what: "shorter than a tag", bytes: record(1).subarray(0, 15) },
    { what: "empty", bytes: none }
  ])("opens no record that is $what", ({ bytes }) => {
    const receiver = direction()
    assert.isDefined(receiver.open(record(0)))
    assert.isUndefined(receiver.open(bytes.slice()))
  })

  it("neither seals nor opens once its numbers are used up", () => {
    const last = Number.MAX_SAFE_INTEGER - 1
    const [sender, receiver] = [direction({ first: last }), direction({ first: last })]
    assert.deepStrictEqual(receiver.open(sender.sealed(hex("01"))), hex("01"))
    assert.throws(() => sender.sealed(hex("01")), RangeError)
    assert.isUndefined(receiver.open(record(last + 1)))
    assert.strictEqual(receiver.records, last + 1)
  })
})
