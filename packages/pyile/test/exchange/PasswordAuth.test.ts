import { assert, describe } from "@effect/vitest"
import { Effect, Fiber, Redacted } from "effect"
import type { Data } from "../../src/codec/Message.ts"
import * as PasswordAuth from "../../src/exchange/PasswordAuth.ts"
import { elapse, settle, simulation, toHost, toJoiner } from "./Pair.ts"

const step = "4 seconds"

describe("a joiner that gives its password", () => {
  simulation.each([
    { answer: true, outcome: "Success" },
    { answer: false, outcome: "WrongPassword" }
  ])(
    "says it once, in one segment of the original's very bytes, and takes $answer for $outcome",
    function*({ answer, outcome }) {
      const { host, link } = yield* toHost
      const joining = yield* Effect.forkChild(
        Effect.result(PasswordAuth.initiate(link, Redacted.make("sesame"), step))
      )
      yield* settle
      assert.deepStrictEqual(host.texts, [`{"shadow": "sesame"}`])
      host.write(`{"authenticated": ${answer}}`)
      yield* elapse("1 minute")
      const result = yield* Fiber.join(joining)
      assert.strictEqual(result._tag === "Failure" ? result.failure._tag : result._tag, outcome)
      assert.strictEqual(host.texts.length, 1)
    }
  )
})

/** A host asks a joiner for its password, which is "sesame". Gives what came of it and what was judged. */
const asking = Effect.fnUntraced(function*(said: string) {
  const { joiner, link } = yield* toJoiner
  const judged: Array<Data> = []
  const judge = (shadow: Redacted.Redacted<Data>) =>
    Effect.sync(() => {
      judged.push(Redacted.value(shadow))
      return Redacted.value(shadow) === "sesame"
    })
  joiner.write(said)
  const result = yield* Effect.result(PasswordAuth.respond(link, judge, step))
  yield* settle
  return { joiner, judged, outcome: result._tag === "Failure" ? result.failure._tag : result._tag }
})

const longest = 2048 - `{"shadow": ""}`.length

describe("a host that asks for a password", () => {
  simulation.each([
    { shadow: `"sesame"`, outcome: "Success" },
    { shadow: `"wrong"`, outcome: "WrongPassword" },
    { shadow: `"${"x".repeat(longest)}"`, outcome: "WrongPassword" },
    { shadow: "42", outcome: "WrongPassword" },
    { shadow: "null", outcome: "WrongPassword" },
    { shadow: `["sesame"]`, outcome: "WrongPassword" },
    { shadow: `{"shadow": "sesame"}`, outcome: "WrongPassword" }
  ])("has $shadow judged, whatever it is, and answers before it ends with $outcome", function*({ outcome, shadow }) {
    const host = yield* asking(`{"shadow": ${shadow}}`)
    assert.deepStrictEqual([host.outcome, host.judged], [outcome, [JSON.parse(shadow)]])
    assert.deepStrictEqual(host.joiner.texts, [`{"authenticated": ${outcome === "Success"}}`])
  })

  simulation("neither judges nor answers a longer one than an original can send", function*() {
    const host = yield* asking(`{"shadow": "${"x".repeat(longest + 1)}"}`)
    assert.deepStrictEqual([host.outcome, host.judged, host.joiner.texts], ["FrameTooLarge", [], []])
  })
})
