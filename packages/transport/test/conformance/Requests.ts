/** `request`: one message over a connection of its own, and the five ways its answer may end; and many at once. */
import { assert } from "@effect/vitest"
import type { Pipe, Request } from "@peerage/transport"
import { Effect, Fiber, Queue, Result } from "effect"
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

/** Waits until the other end has closed the connection. */
const ended = (pipe: Pipe.Pipe) =>
  Effect.callback<void>((resume) => {
    const look = () => {
      pipe.take()
      if (pipe.ended() !== undefined) resume(Effect.void)
    }
    pipe.observe({ readable: look, drained: () => {}, closed: look })
  })

/** Answers one character with the same and "!", and closes once the other end has. */
const echo = (pipe: Pipe.Pipe) =>
  Effect.callback<void>((resume) => {
    const look = () => {
      const [question] = pipe.take() ?? []
      if (question !== undefined) pipe.write([ascii(`${text([question])}!`)])
      if (pipe.ended() !== undefined) resume(Effect.sync(() => pipe.close()))
    }
    pipe.observe({ readable: look, drained: () => {}, closed: look })
  })

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
    yield* ended(pipe)
    pipe.close()
  })

  test("many are answered in their order, so many at a time, and one that fails fails alone", function*(world) {
    const { near, far } = world
    const listener = yield* far.transport.listen(port0(far.v4))
    const nobody = yield* Effect.scoped(Effect.map(far.transport.listen(port0(far.v4)), ({ address }) => address))
    const ask = (bytes: string, address = listener.address) => ({ address, bytes: ascii(bytes) })
    const asking = yield* Effect.forkChild(near.transport.requestAll(
      [ask("a"), ask("b"), ask("c"), ask("x", nobody), ask("d")],
      { concurrency: 2, answered: (bytes) => bytes.length === 2 }
    ))
    const first = [yield* Queue.take(listener.accepted), yield* Queue.take(listener.accepted)]
    yield* world.settle
    assert.strictEqual(yield* Queue.size(listener.accepted), 0)
    for (const pipe of first) yield* Effect.forkScoped(echo(pipe))
    yield* Effect.forkScoped(listener.runPipes(echo))
    const told = (yield* Fiber.join(asking)).map((outcome) =>
      Result.isSuccess(outcome) ? text([outcome.success.bytes]) : outcome.failure._tag
    )
    assert.deepStrictEqual(told, ["a!", "b!", "c!", "SocketError", "d!"])
    assert.deepStrictEqual(yield* near.transport.requestAll([], { concurrency: 2 }), [])
  })

  test("many close their connections when they are interrupted", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(far.v4))
    const requests = [..."ab"].map((bytes) => ({ address: listener.address, bytes: ascii(bytes) }))
    const asking = yield* Effect.forkChild(near.transport.requestAll(requests, { concurrency: 2 }))
    const pipes = [yield* Queue.take(listener.accepted), yield* Queue.take(listener.accepted)]
    yield* Fiber.interrupt(asking)
    for (const pipe of pipes) {
      yield* ended(pipe)
      pipe.close()
    }
  })
}
