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

const say = (answer: string) => (pipe: Pipe.Pipe) => {
  pipe.write([ascii(answer)])
}

export const requests = (test: Test) => {
  test("is answered when the answer is whole", (world) =>
    Effect.gen(function*() {
      const answer = yield* ask(world, say("whole."), { answered: (bytes) => text([bytes]).endsWith(".") })
      assert.deepStrictEqual(answer, { answer: "whole.", end: "Answered" })
    }))

  test("takes the peer's FIN as an end", (world) =>
    Effect.gen(function*() {
      const serve = (pipe: Pipe.Pipe) => {
        pipe.write([ascii("bye")])
        pipe.close()
      }
      assert.deepStrictEqual(yield* ask(world, serve, {}), { answer: "bye", end: "Fin" })
    }))

  test("takes the peer's reset as an end", (world) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* ask(world, (pipe) => pipe.reset(), {}), { answer: "", end: "Reset" })
    }))

  test("stops at its deadline with what came until then", (world) =>
    Effect.gen(function*() {
      const answer = yield* ask(world, say("and so o"), { answerWithin: "500 millis" })
      assert.deepStrictEqual(answer, { answer: "and so o", end: "Deadline" })
    }))

  test("stops at its limit", (world) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* ask(world, say("12345678"), { answerLimit: 5 }), { answer: "12345", end: "Limit" })
    }))

  test("does not read at all when told to wait for nothing, and delivers what it wrote", (world) =>
    Effect.gen(function*() {
      const answer = yield* ask(world, say("too late"), { answerWithin: 0 })
      assert.deepStrictEqual(answer, { answer: "", end: "Deadline" })
    }))

  test("closes its connection when it is interrupted", ({ near, far }) =>
    Effect.gen(function*() {
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
    }))
}
