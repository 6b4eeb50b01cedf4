import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { FrameError } from "../src/index.ts"

describe("FrameError", () => {
  it("says in one sentence what happened", () => {
    assert.strictEqual(
      new FrameError.FrameTooLarge({ limit: 2048, size: 2049 }).message,
      "The peer sent a frame of 2049 bytes or more; at most 2048 are accepted."
    )
    assert.strictEqual(
      new FrameError.FrameTruncated({ pending: 7 }).message,
      "The peer ended the connection inside a frame, after 7 bytes of it."
    )
  })

  it("keeps what a stranger sent to itself, and only 32 bytes of it", () => {
    const error = FrameError.malformed("NotAnObject", 0, new TextEncoder().encode("secret".repeat(10)))
    assert.notInclude(`${error} ${error.message} ${JSON.stringify(error)}`, "secret")
    assert.strictEqual(Redacted.value(error.text), "secretsecretsecretsecretsecretse")
  })

  it("reads bytes that are not UTF-8 as replacement characters", () => {
    assert.strictEqual(Redacted.value(FrameError.malformed("BadHeader", 0, Uint8Array.of(0xff)).text), "\u{fffd}")
  })
})
