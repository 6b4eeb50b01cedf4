/** How connections end, politely and not, and what each end learns of it. */
import { assert } from "@effect/vitest"
import type { Pipe } from "@peerage/transport"
import { Deferred, Effect, Fiber, Queue } from "effect"
import { CloseEvent } from "effect/socket/Socket"
import { ascii, howEnded, pair, port0, pullEnd, readText, readToEnd, type Test, text, type World } from "./World.ts"

/** Two pipes of the lower door. */
const pipes = Effect.fnUntraced(function*({ near, far }: World) {
  const listener = yield* far.transport.listen(port0(far.v4))
  const dialed = yield* near.transport.connect(listener.address)
  const accepted = yield* Queue.take(listener.accepted)
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      dialed.reset()
      accepted.reset()
    })
  )
  return { dialed, accepted }
})

const closes = (pipe: Pipe.Pipe) => {
  const closed = Deferred.makeUnsafe<void>()
  const counted = { times: 0, once: Deferred.await(closed) }
  pipe.observe({
    readable: () => {},
    drained: () => {},
    closed: () => {
      counted.times++
      Deferred.doneUnsafe(closed, Effect.void)
    }
  })
  return counted
}

/** Waits for all of this text, and where an end is named, for that; gives how reading ended. */
const heard = (pipe: Pipe.Pipe, wanted: string, end?: string) =>
  Effect.callback<string>((resume) => {
    let come = ""
    const look = () => {
      come += text(pipe.take() ?? [])
      const ended = pipe.ended()
      const how = ended === undefined ? "open" : howEnded(ended)
      if (come === wanted && how === (end ?? how)) resume(Effect.succeed(how))
    }
    pipe.observe({ readable: look, drained: () => {}, closed: look })
  })

const mebibyte = new Uint8Array(1 << 20)

export const closing = (test: Test) => {
  test("ends with FIN after all bytes", function*(world) {
    const { near, far } = yield* pair(world)
    yield* near.writer.write("all of it")
    yield* near.leave
    assert.deepStrictEqual(yield* readToEnd(far.reader), { text: "all of it", end: "FIN" })
    assert.strictEqual(yield* pullEnd(far.reader), "FIN")
  })

  test("half-closes by leaving the dialing writer's scope, and goes on reading", function*(world) {
    const { near, far } = yield* pair(world)
    yield* near.writer.write("question")
    yield* near.leaveWriter
    assert.deepStrictEqual(yield* readToEnd(far.reader), { text: "question", end: "FIN" })
    yield* far.writer.write("answer")
    assert.strictEqual(yield* readText(near.reader, 6), "answer")
    yield* far.leaveWriter
    assert.strictEqual(yield* pullEnd(near.reader), "FIN")
  })

  test("half-closes by leaving the accepting writer's scope, and goes on reading", function*(world) {
    const { near, far } = yield* pair(world)
    yield* far.leaveWriter
    assert.strictEqual(yield* pullEnd(near.reader), "FIN")
    yield* near.writer.write("still there")
    assert.strictEqual(yield* readText(far.reader, 11), "still there")
  })

  test("fails a suspended pull when its scope is left", function*(world) {
    const { near } = yield* pair(world)
    const pulling = yield* Effect.forkChild(pullEnd(near.reader), { startImmediately: true })
    yield* near.leave
    assert.strictEqual(yield* Fiber.join(pulling), "closed here")
  })

  test("keeps the bytes that came before an interrupted pull's successor", function*(world) {
    const { near, far } = yield* pair(world)
    const pulling = yield* Effect.forkChild(near.reader.pull, { startImmediately: true })
    yield* Fiber.interrupt(pulling)
    yield* far.writer.write("kept")
    assert.strictEqual(yield* readText(near.reader, 4), "kept")
  })

  for (const end of ["near", "far"] as const) {
    const peer = end === "near" ? "far" : "near"
    test(`resets when the ${end} end leaves and resets on close`, function*(world) {
      const options = { resetOnClose: true }
      const ends = yield* pair(world, end === "near" ? { dial: options } : { listen: options })
      const pulling = yield* Effect.forkChild(pullEnd(ends[peer].reader), { startImmediately: true })
      yield* ends[end].leaveWriter
      yield* ends[end].leave
      assert.strictEqual(yield* Fiber.join(pulling), "SocketReadError ECONNRESET")
    })
  }

  test("resets on a close event above 1000 and ends with FIN on one of 1000", function*(world) {
    const rude = yield* pair(world)
    yield* rude.near.writer.write(new CloseEvent(1011))
    assert.strictEqual(yield* pullEnd(rude.far.reader), "SocketReadError ECONNRESET")
    const polite = yield* pair(world)
    yield* polite.near.writer.write(new CloseEvent())
    assert.strictEqual(yield* pullEnd(polite.far.reader), "FIN")
  })

  test("resets at once though a FIN is on its way", function*(world) {
    const { dialed, accepted } = yield* pipes(world)
    const closed = closes(dialed)
    accepted.write([mebibyte])
    dialed.end()
    dialed.reset()
    yield* closed.once
    assert.strictEqual(closed.times, 1)
  })

  test("fails a write after the peer's reset", function*(world) {
    const { near, far } = yield* pair(world)
    yield* far.writer.write(new CloseEvent(1011))
    assert.strictEqual(yield* pullEnd(near.reader), "SocketReadError ECONNRESET")
    assert.strictEqual(howEnded(yield* Effect.flip(near.writer.write("late"))), "SocketWriteError ECONNRESET")
  })

  test("fails writes sooner or later when the peer has closed", function*(world) {
    const { near, far } = yield* pair(world)
    yield* far.leave
    assert.strictEqual(yield* pullEnd(near.reader), "FIN")
    const error = yield* near.writer.write("anybody?").pipe(
      Effect.andThen(Effect.yieldNow),
      Effect.forever,
      Effect.flip
    )
    assert.include(["SocketWriteError EPIPE", "SocketWriteError ECONNRESET"], howEnded(error))
  })

  for (const [end, way] of [["far", "leave"], ["near", "leaveWriter"]] as const) {
    test(
      `fails a write at the ${end} end after its ${way === "leave" ? "scope" : "writer's scope"} was left`,
      function*(world) {
        const ends = yield* pair(world)
        yield* ends[end][way]
        assert.strictEqual(howEnded(yield* Effect.flip(ends[end].writer.write("late"))), "SocketWriteError EPIPE")
      }
    )
  }

  for (const event of ["the peer resets", "its own scope is left"]) {
    test(`fails a suspended write when ${event}`, function*(world) {
      const { near, far } = yield* pair(world)
      const flood = yield* Effect.forkChild(Effect.flip(Effect.forever(far.writer.write(mebibyte))))
      yield* world.settle
      if (event === "the peer resets") yield* near.writer.write(new CloseEvent(1011))
      else yield* far.leave
      const expected = event === "the peer resets" ? "SocketWriteError ECONNRESET" : "SocketWriteError EPIPE"
      assert.strictEqual(howEnded(yield* Fiber.join(flood)), expected)
    })
  }

  test("reports each pipe closed exactly once", function*(world) {
    const { dialed, accepted } = yield* pipes(world)
    const one = closes(dialed)
    const other = closes(accepted)
    dialed.close()
    dialed.close()
    accepted.close()
    yield* one.once
    yield* other.once
    dialed.reset()
    accepted.reset()
    yield* world.settle
    assert.deepStrictEqual([one.times, other.times], [1, 1])
  })

  for (const how of ["close", "closeAtOnce"] as const) {
    test(`delivers all that was written before a ${how}, however much`, function*(world) {
      const { dialed, accepted } = yield* pipes(world)
      for (let written = 0; written < 8; written++) dialed.write([mebibyte])
      dialed[how]()
      let received = 0
      const ended = yield* Effect.callback<string>((resume) => {
        const look = () => {
          for (let chunks = accepted.take(); chunks !== undefined; chunks = accepted.take()) {
            for (const chunk of chunks) received += chunk.length
          }
          const ended = accepted.ended()
          if (ended !== undefined) resume(Effect.succeed(howEnded(ended)))
        }
        accepted.observe({ readable: look, drained: () => {}, closed: look })
      })
      assert.strictEqual(received, 8 * mebibyte.length)
      assert.strictEqual(ended, "FIN")
    })
  }

  test("drops with FIN after all bytes, once the peer has said all it had to, and is freed", function*(world) {
    const { accepted, dialed } = yield* pipes(world)
    dialed.write([ascii("question")])
    assert.strictEqual(yield* heard(accepted, "question"), "open")
    accepted.write([ascii("answer")])
    assert.strictEqual(yield* heard(dialed, "answer"), "open")
    const dropped = closes(dialed)
    dialed.write([ascii("thanks")])
    dialed.closeAtOnce()
    dialed.closeAtOnce()
    assert.strictEqual(yield* heard(accepted, "thanks", "FIN"), "FIN")
    accepted.close()
    yield* dropped.once
    assert.strictEqual(dropped.times, 1)
  })

  test("ends with FIN after all bytes, though what the peer wrote in that moment was not read", function*(world) {
    const { far, near } = yield* pair(world)
    yield* near.writer.write("a question")
    yield* far.writer.write("no answer")
    yield* far.leave
    assert.deepStrictEqual(yield* readToEnd(near.reader), { text: "no answer", end: "FIN" })
  })

  test("tells the lower door of its own close at once, and drops what was not taken", function*(world) {
    const { dialed, accepted } = yield* pipes(world)
    accepted.write([mebibyte])
    let signals = 0
    yield* Effect.callback<void>((resume) => {
      dialed.observe({
        readable: () => {
          signals++
          resume(Effect.void)
        },
        drained: () => {},
        closed: () => {}
      })
    })
    signals = 0
    dialed.close()
    assert.isAbove(signals, 0)
    assert.strictEqual(dialed.take(), undefined)
    const ended = dialed.ended()
    assert.strictEqual(ended === undefined ? "open" : howEnded(ended), "closed here")
  })
}
