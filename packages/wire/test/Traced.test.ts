import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Tracer } from "effect"
import { Traced } from "../src/index.ts"

const spanned = Effect.option(Effect.currentSpan).pipe(
  Traced.withSpan("session", () => ({ remote: "10.0.0.2:5000" })),
  Effect.map(Option.getOrUndefined)
)

describe("a span of a session", () => {
  it.effect("is made where the program has a tracer", () =>
    Effect.gen(function*() {
      const tracer = Tracer.make({ span: (options) => new Tracer.NativeSpan(options) })
      const span = yield* Effect.withTracer(spanned, tracer)
      assert.deepStrictEqual([span?.name, span?.attributes.get("remote")], ["session", "10.0.0.2:5000"])
    }))

  it.effect("is not made where nobody would see it", () =>
    Effect.gen(function*() {
      assert.isUndefined(yield* spanned)
    }))
})
