/** Invitations and the key: how long, how often, and nothing in a log. */
import { assert, describe } from "@effect/vitest"
import { Effect, Option, Redacted, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import * as Base64Url from "effect/encoding/Base64Url"
import { TestClock } from "effect/testing"
import { inspect } from "node:util"
import * as Invitation from "../src/Invitation.ts"
import { effect } from "./Test.ts"

const make = Effect.provide(Invitation.make, SecureRandom.layerWebCrypto)

const lengthOf = (secret: Redacted.Redacted<string>): number | undefined =>
  Result.getOrUndefined(Base64Url.decode(Redacted.value(secret)))?.length

describe("an invitation", () => {
  effect("of 128 bits is exchanged for a key of 192 bits", function*() {
    const { exchange, invite, isKey } = yield* make
    const invitation = yield* invite
    assert.strictEqual(lengthOf(invitation), 16)
    const key = yield* Effect.fromOption(yield* exchange(invitation))
    assert.strictEqual(lengthOf(key), 24)
    assert.isTrue(isKey(key))
  })

  effect("is good once", function*() {
    const { exchange, invite } = yield* make
    const invitation = yield* invite
    assert.isTrue(Option.isSome(yield* exchange(invitation)))
    assert.isTrue(Option.isNone(yield* exchange(invitation)))
  })

  effect("is good for ten minutes", function*() {
    const { exchange, invite } = yield* make
    const late = yield* invite
    yield* TestClock.adjust("10 minutes")
    assert.isTrue(Option.isNone(yield* exchange(late)))
    const early = yield* invite
    yield* TestClock.adjust("599999 millis")
    assert.isTrue(Option.isSome(yield* exchange(early)))
  })

  effect("ends with the next one", function*() {
    const { exchange, invite } = yield* make
    const [first, second] = [yield* invite, yield* invite]
    assert.isTrue(Option.isNone(yield* exchange(first)))
    assert.isTrue(Option.isSome(yield* exchange(second)))
  })

  effect("that was never made is none, and costs the real one nothing", function*() {
    const { exchange, invite, isKey } = yield* make
    for (const guess of ["", "x", "AAAAAAAAAAAAAAAAAAAAAA"]) {
      assert.isTrue(Option.isNone(yield* exchange(Redacted.make(guess))))
      assert.isFalse(isKey(Redacted.make(guess)))
    }
    const invitation = yield* invite
    assert.isTrue(Option.isNone(yield* exchange(Redacted.make(`${Redacted.value(invitation).slice(1)}A`))))
    assert.isTrue(Option.isSome(yield* exchange(invitation)))
  })

  effect("is in no log, and neither is the key", function*() {
    const { exchange, invite } = yield* make
    const invitation = yield* invite
    const key = yield* Effect.fromOption(yield* exchange(invitation))
    const shown = inspect({ invitation, key }) + JSON.stringify({ invitation, key })
    assert.notInclude(shown, Redacted.value(invitation))
    assert.notInclude(shown, Redacted.value(key))
  })
})
