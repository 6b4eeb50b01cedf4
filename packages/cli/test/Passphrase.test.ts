/** Passphrases carry the chance they are said to. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { makePassphrase, words } from "../src/Password.ts"
import { effect } from "./Test.ts"

it("has 256 different words, so that each is worth 8 bits", () => {
  assert.strictEqual(new Set(words).size, 256)
  assert.strictEqual(words.length, 256)
  for (const word of words) assert.match(word, /^[a-z]{3,8}$/)
})

effect("takes eight bytes of the secure source", function*() {
  const source = SecureRandom.make((size) => Uint8Array.from({ length: size }, (_, index) => index * 36))
  const passphrase = yield* Effect.provideService(makePassphrase, SecureRandom.SecureRandom, source)
  assert.strictEqual(passphrase, [0, 36, 72, 108, 144, 180, 216, 252].map((byte) => words[byte]).join("-"))
})
