import { assert, describe } from "@effect/vitest"
import { fetched, mebibyte } from "../test/peer/downloading/Large.ts"
import { live } from "../test/peer/Folder.ts"

describe("a large file", () => {
  live("of 256 MiB goes from one peer to another as it is, without ever being in memory as a whole", function*() {
    const { bytes, isSame, most } = yield* fetched(256)
    assert.strictEqual(bytes, 256 * mebibyte)
    assert.isTrue(isSame)
    assert.isAbove(most, 0)
    assert.isBelow(most, 32 * mebibyte)
  })
})
