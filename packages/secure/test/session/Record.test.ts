/** Messages on the carrier, however its bytes are split. */
import { assert, describe, it } from "@effect/vitest"
import { Crypto } from "@peerage/secure"
import { Cipher } from "@peerage/secure/Cipher"
import { NodeCrypto } from "@peerage/secure/node"
import * as Record from "../../src/session/Record.ts"

const { primitives } = NodeCrypto
const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251)
const flat = (chunks: ReadonlyArray<Uint8Array>) => new Uint8Array(Buffer.concat(chunks))

const reader = (limit = Record.maxMessage) => new Record.RecordReader(new Record.SpareBuffer(), limit)

/** All messages in these chunks, copied, or why they are none. */
const read = (records: Record.RecordReader, chunks: Iterable<Uint8Array>) => {
  const found: Array<Uint8Array | string> = []
  for (const chunk of chunks) {
    records.push(chunk)
    for (let next = records.next(); next !== undefined; next = records.next()) {
      if (typeof next === "string") return [...found, next]
      found.push(next.slice())
      records.release(next)
    }
  }
  return found
}

describe("the reader of a carrier", () => {
  const messages = [bytes(32), bytes(0), bytes(1), bytes(300)]
  const stream = flat([Record.magics.ChaChaPoly, ...messages.map(Record.framed)])

  it("finds the same messages however the stream is cut in two", () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      assert.deepStrictEqual(read(reader(), [stream.subarray(0, cut), stream.subarray(cut)]), messages)
    }
  })

  it("finds them in single bytes", () => {
    assert.deepStrictEqual(read(reader(), Array.from(stream, (byte) => Uint8Array.of(byte))), messages)
  })

  it("puts the longest message together from pieces, again and again in the same memory", () => {
    const long = [bytes(65_535), bytes(65_000), bytes(65_535)]
    const whole = flat([Record.magics.ChaChaPoly, ...long.map(Record.framed)])
    const pieces = Array.from({ length: 30 }, (_, index) => whole.subarray(index * 8000, (index + 1) * 8000))
    assert.deepStrictEqual(read(reader(), pieces), long)
  })

  it("knows another protocol by the first byte that differs, and another version by the last", () => {
    for (let at = 0; at < 8; at++) {
      const other = stream.slice()
      other[at] = 0x7b
      const expected = at === 7 ? "OtherVersion" : "PlainPeer"
      assert.deepStrictEqual(read(reader(), [other.subarray(0, at + 1)]), [expected])
    }
  })

  it.each(Crypto.suites)("knows %s by the magic", (suite) => {
    const records = reader()
    for (const byte of flat([Record.magics[suite], Record.framed(bytes(3))])) {
      records.push(Uint8Array.of(byte))
      const next = records.next()
      assert.notTypeOf(next, "string")
    }
    assert.strictEqual(records.suite, suite)
  })

  it("refuses a length above its limit before the message comes", () => {
    assert.deepStrictEqual(read(reader(512), [flat([Record.magics.ChaChaPoly, Uint8Array.of(2, 1)])]), ["TooLong"])
    assert.deepStrictEqual(read(reader(512), [flat([Record.magics.ChaChaPoly, Uint8Array.of(2, 0)])]), [])
  })
})

describe("a sealed record", () => {
  it.each([1, 100, 8192, Record.maxPlain])("of %i bytes opens at the other end", (length) => {
    const key = bytes(32)
    const [send, receive] = [
      new Cipher(primitives, key, { suite: "AESGCM" }),
      new Cipher(primitives, key, { suite: "AESGCM" })
    ]
    const room = new Uint8Array(2 * (length + Record.overhead))
    let end = 0
    for (let time = 0; time < 2; time++) {
      room.set(bytes(length), end + Record.lengthBytes)
      end = Record.seal(send, room, end, length)
    }
    const sealed = read(reader(), [flat([Record.magics.ChaChaPoly, room.subarray(0, end)])])
    assert.strictEqual(sealed.length, 2)
    for (const message of sealed) {
      assert.deepStrictEqual(typeof message === "string" ? undefined : receive.open(message)?.slice(), bytes(length))
    }
  })
})
