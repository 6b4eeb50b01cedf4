/** `request`: one message over a connection of its own, and the five ways its answer may end. */
import { assert } from "@effect/vitest"
import type { Pipe, Request } from "@peerage/transport"
import { Effect, Fiber, Queue } from "effect"
import { ascii, port0, type Test, text, type World } from "./World.ts"

/** Asks `far`, where `serve` plays the server, once it has read a question. */
const ask = Effect.fnUntraced(
  function*(world: World, serve: (pipe: Pipe.Pipe) => void, options: Request.RequestOptions) {
    const { near, far } = world
    const listener = yield* far.transport.listen(port0(far.v4))
    const asking = yield* Effect.forkChild(near.transport.request(listener.address, ascii("question"), options))
    const pipe = yield* Queue.take(listener.accepted)
    let question = ""
    yield* Effect.callback<void>((resume) => {
      pipe.observe({
        readable: () => {
          question += text(pipe.take() ?? [])
          if (question.length >= 8) resume(Effect.void)
        },
        drained: () => {},
        closed: () => {}
      })
    })
    assert.strictEqual(question, "question")
    serve(pipe)
    yield* world.settle
    if (options.answerWithin !== undefined) yield* world.elapse(options.answerWithin)
    const { bytes, end } = yield* Fiber.join(asking)
    pipe.close()
    return { answer: text([bytes]), end }
  }
)

const say = (answer: string) => (pipe: Pipe.Pipe) => void pipe.write([ascii(answer)])

const endings: ReadonlyArray<
  readonly [
    title: string,
    serve: (pipe: Pipe.Pipe) => void,
    options: Request.RequestOptions,
    expected: { readonly answer: string; readonly end: string }
  ]
> = [
  ["is answered when the answer is whole", say("whole."), { answered: (bytes) => text([bytes]).endsWith(".") }, {
    answer: "whole.",
    end: "Answered"
  }],
  ["takes the peer's reset as an end", (pipe) => pipe.reset(), {}, { answer: "", end: "Reset" }],
  ["stops at its limit", say("12345678"), { answerLimit: 5 }, { answer: "12345", end: "Limit" }],
  ["stops at its deadline with what came until then", say("and so o"), { answerWithin: "500 millis" }, {
    answer: "and so o",
    end: "Deadline"
  }],
  ["does not read at all when told to wait for nothing, and delivers what it wrote", say("late"), { answerWithin: 0 }, {
    answer: "",
    end: "Deadline"
  }],
  [
    "takes the peer's FIN as an end",
    (pipe) => {
      pipe.write([ascii("bye")])
      pipe.close()
    },
    {},
    { answer: "bye", end: "Fin" }
  ]
]

export const requests = (test: Test) => {
  for (const [title, serve, options, expected] of endings) {
    test(title, function*(world) {
      assert.deepStrictEqual(yield* ask(world, serve, options), expected)
    })
  }

  test("closes its connection when it is interrupted", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(far.v4))
    const asking = yield* Effect.forkChild(near.transport.request(listener.address, ascii("question")))
    const pipe = yield* Queue.take(listener.accepted)
    yield* Fiber.interrupt(asking)
    yield* Effect.callback<void>((resume) => {
      const look = () => {
        pipe.take()
        if (pipe.ended() !== undefined) resume(Effect.void)
      }
      pipe.observe({ readable: look, drained: () => {}, closed: look })
    })
    pipe.close()
  })
}
