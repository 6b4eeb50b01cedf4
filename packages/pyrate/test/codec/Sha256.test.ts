import { assert, describe, it } from "@effect/vitest"
import { Sha256 } from "@peerage/pyrate"
import { Effect } from "effect"
import { createHash } from "node:crypto"

const pieces = ["", "la ", "la la", " ".repeat(1000)].map((text) => new TextEncoder().encode(text))

const digest = Effect.map(Sha256.Sha256, (begin) => {
  const hash = begin()
  for (const piece of pieces) hash.update(piece)
  return hash.digest("hex")
})

describe("the SHA-256 of a file", () => {
  it.effect("is the same by the portable code and by a platform's own", () =>
    Effect.gen(function*() {
      const own = createHash("sha256").update(Buffer.concat(pieces)).digest("hex")
      assert.strictEqual(yield* digest, own)
      assert.strictEqual(yield* Effect.provideService(digest, Sha256.Sha256, () => createHash("sha256")), own)
    }))
})
