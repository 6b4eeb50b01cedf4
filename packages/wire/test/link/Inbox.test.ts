import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { Inbox } from "../../src/link/Inbox.ts"
import { TooMuchHeld } from "../../src/LinkError.ts"
import { format } from "../JsonLines.ts"

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

describe("an inbox", () => {
  it.effect("holds nothing after a failure, and takes nothing more", () =>
    Effect.gen(function*() {
      const inbox = new Inbox(format, format.limit)
      // Of a chunk this long the beginning is framed for the first message; it ends in an unfinished frame.
      inbox.absorb([bytesOf(`1\n${" ".repeat(99)}\n`.repeat(20)), bytesOf("2")])
      assert.deepStrictEqual(yield* inbox.takeOne(Result.succeed) ?? Effect.void, bytesOf("1"))
      assert.isAbove(inbox.held, 1000)
      const letGo = new TooMuchHeld({ held: 2, limit: 1 })
      inbox.fail(letGo)
      inbox.absorb([bytesOf("6\n")])
      assert.strictEqual(inbox.held, 0)
      assert.strictEqual(yield* Effect.flip(inbox.takeOne(Result.succeed) ?? Effect.void), letGo)
    }))
})
