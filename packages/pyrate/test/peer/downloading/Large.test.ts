import { assert, describe } from "@effect/vitest"
import { live } from "../Folder.ts"
import { fetched, mebibyte } from "./Large.ts"

describe("a large file", () => {
  live("of 16 MiB goes from one peer to another as it is", function*() {
    const { bytes, isSame } = yield* fetched(16)
    assert.strictEqual(bytes, 16 * mebibyte)
    assert.isTrue(isSame)
  })
})
