import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { LinkError } from "../src/index.ts"

describe("UnexpectedMessage", () => {
  it("names the keys that came, never their values", () => {
    const error = LinkError.unexpected("BanStatus", { shadow: "secret", "<3": true })
    assert.strictEqual(error.message, "The peer sent a message with shadow, <3 where BanStatus was expected.")
    assert.notInclude(JSON.stringify(error), "secret")
  })

  it("bounds the number of keys and their length, and replaces control characters", () => {
    const found = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`\u001b${index}`.padEnd(99, "x"), 1]))
    const { keys } = LinkError.unexpected("BanStatus", found)
    assert.strictEqual(keys.length, 8)
    assert.strictEqual(keys[0], `\u{fffd}0${"x".repeat(30)}`)
  })

  it.each([[null], ["text"], [42], [[1, 2]]])("has no keys for %j", (found) => {
    const error = LinkError.unexpected("BanStatus", found)
    assert.deepStrictEqual(error.keys, [])
    assert.strictEqual(error.message, "The peer sent something else where BanStatus was expected.")
  })
})

describe("the other errors", () => {
  it("say in one sentence what happened", () => {
    assert.strictEqual(new LinkError.PeerClosed().message, "The peer ended the connection.")
    assert.strictEqual(
      new LinkError.PeerUnresponsive({ awaited: "Heartbeat", within: Duration.seconds(6) }).message,
      "The peer sent no Heartbeat within 6s."
    )
    assert.strictEqual(
      new LinkError.MalformedMessage({ reason: "not UTF-8" }).message,
      "A message is malformed: not UTF-8."
    )
  })
})
