/** What unread bytes hold: never much more memory than there are bytes. */
import { assert, describe, it } from "@effect/vitest"
import { Inbox } from "../../src/session/Inbox.ts"

/** A piece that begins in the middle of what it came in. */
const piece = (length: number, cameIn: number, value = 1) =>
  new Uint8Array(cameIn).subarray(cameIn - length).fill(value)

/** What is kept in memory, each piece of it once, and beside each what a piece costs in itself. */
const held = (chunks: ReadonlyArray<Uint8Array> = []) =>
  [...new Set(chunks.map(({ buffer }) => buffer))].reduce((sum, { byteLength }) => sum + byteLength + 300, 0)

describe("unread bytes", () => {
  it.each([
    ["bytes in records of their own", 1, 26, 4096],
    ["bytes in large records", 1, 16_384, 4096],
    ["short pieces", 1023, 4093, 65_536],
    ["pieces of a kilobyte", 1024, 4096, 65_536],
    ["pieces of large batches", 16_384, 65_536, 1_048_576]
  ])("that come as %s are all there, and hold a few times as much", (_, length, cameIn, window) => {
    const inbox = new Inbox()
    const sent: Array<number> = []
    for (let bytes = 0; bytes + length <= window; bytes += length) {
      inbox.push(piece(length, cameIn, sent.length))
      for (let each = 0; each < length; each++) sent.push(sent.length)
    }
    assert.strictEqual(inbox.length, sent.length)
    const chunks = inbox.take()
    assert.isAtMost(held(chunks), 6 * window)
    assert.strictEqual(chunks?.reduce((sum, chunk) => sum + chunk.length, 0), sent.length)
    assert.isUndefined(inbox.take())
  })

  it("come out in their order, however small they were", () => {
    const inbox = new Inbox()
    const sent = Array.from({ length: 3000 }, (_, index) => Uint8Array.of(index & 255, index >> 8))
    for (const bytes of sent) inbox.push(bytes)
    assert.deepStrictEqual(Buffer.concat(inbox.take() ?? []), Buffer.concat(sent))
  })

  it("of few bytes are few pieces", () => {
    const inbox = new Inbox()
    for (let count = 0; count < 63; count++) inbox.push(piece(1, 1024))
    assert.isAtMost(held(inbox.take()), 8192)
  })
})
