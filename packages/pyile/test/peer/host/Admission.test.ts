/** Passwords that change while members stay, and keys that come in with a password of their own. */
import { assert } from "@effect/vitest"
import { Admission } from "@peerage/pyile"
import { Keyed } from "@peerage/testing"
import { Effect, Redacted } from "effect"
import { simulation } from "../Network.ts"

const policy = { attempts: 3, maxLimbo: 100 }
const [host, member, newcomer] = ["10.0.0.2", Keyed.keyOf(2), Keyed.keyOf(3)]
const secret = (text: string) => Redacted.make(text)

/** What becomes of a password. */
const tries = (admission: Admission.Admission, password: string, key = member) =>
  Effect.map(admission.attempt({ host, key }, Redacted.make(password)), ({ _tag }) => _tag)

simulation("takes the new password from newcomers, and that of old from keys that have joined with it", function*() {
  const admission = yield* Admission.make(secret("old"), policy)
  assert.strictEqual(yield* tries(admission, "old"), "Admitted")
  yield* admission.rotate(secret("new"))
  assert.strictEqual(yield* tries(admission, "old", newcomer), "Retry")
  assert.strictEqual(yield* tries(admission, "new", newcomer), "Admitted")
  assert.strictEqual(yield* tries(admission, "old"), "Admitted")
  assert.strictEqual(yield* tries(admission, "older"), "Retry")
  // Its latest password was wrong: it is known no more.
  assert.strictEqual(yield* tries(admission, "old"), "Retry")
})

simulation("takes another password from keys that are allowed, and from nobody else", function*() {
  const admission = yield* Admission.make(secret("tulip"), policy, { keys: [member], password: secret("by key") })
  assert.strictEqual(yield* tries(admission, "by key"), "Admitted")
  assert.strictEqual(yield* tries(admission, "by key", newcomer), "Retry")
})
