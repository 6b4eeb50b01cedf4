/** How connections are closed that a listener's handlers have, over links of messages and of bytes. */
import { assert, describe, it } from "@effect/vitest"
import { type Listener, Simulation } from "@peerage/transport"
import { Effect, Fiber, Logger, Schema } from "effect"
import { ByteLink, Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { dial, listen, simulated } from "./Listening.ts"

const Count = Schema.Struct({ count: Schema.Int }).annotate({ identifier: "Count" })

type Serve = (
  listener: Listener.Listener,
  handler: () => Effect.Effect<unknown>
) => Effect.Effect<never>

const kinds: ReadonlyArray<{ readonly kind: string; readonly serve: Serve }> = [
  { kind: "messages", serve: (listener, handler) => Link.serve(listener, { format }, handler) },
  { kind: "bytes", serve: (listener, handler) => ByteLink.serve(listener, handler) }
]

describe.each(kinds)("serving links of $kind", ({ serve }) => {
  it.effect("runs a handler for each connection, beside each other, and closes what has ended", () =>
    Effect.gen(function*() {
      let handled = 0
      yield* Effect.forkScoped(serve(yield* listen(), () => ++handled === 2 ? Effect.void : Effect.never))
      const first = yield* dial()
      yield* Simulation.settle
      const second = yield* dial()
      yield* Simulation.settle
      assert.deepStrictEqual([first.end, second.end], ["Open", "Fin"])
    }).pipe(simulated))

  it.effect("closes the connection of a handler that dies, warns of it, and serves on", () =>
    Effect.gen(function*() {
      const logged: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => void logged.push(`${logLevel} ${String(message)}`))
      const deaths = [() => Effect.die("a bug"), () => {
        throw new Error("a bug")
      }, () => Effect.never]
      let handled = 0
      yield* Effect.forkScoped(
        Effect.provide(
          serve(yield* listen(), () => (deaths[handled++] ?? (() => Effect.void))()),
          Logger.layer([logger])
        )
      )
      const ends: Array<string> = []
      for (const _ of deaths) {
        const raw = yield* dial()
        yield* Simulation.settle
        ends.push(raw.end)
      }
      assert.deepStrictEqual(ends, ["Fin", "Fin", "Open"])
      assert.deepStrictEqual(logged.map((line) => line.split(",")[0]), [
        "Warn connection handler failed",
        "Warn connection handler failed"
      ])
    }).pipe(simulated))

  it.effect("closes all connections when it is interrupted, and runs what the handlers leave to be done", () =>
    Effect.gen(function*() {
      const ended: Array<string> = []
      const serving = yield* Effect.forkScoped(
        serve(
          yield* listen(),
          () => Effect.onInterrupt(Effect.never, () => Effect.sync(() => ended.push("interrupted")))
        )
      )
      const raw = yield* dial()
      yield* Simulation.settle
      yield* Fiber.interrupt(serving)
      yield* Simulation.settle
      assert.deepStrictEqual([raw.end, ended], ["Fin", ["interrupted"]])
    }).pipe(simulated))

  it.effect("closes all connections that it took together when the handler of the first interrupts it", () =>
    Effect.gen(function*() {
      const listener = yield* listen()
      const raws = [yield* dial(), yield* dial()]
      yield* Simulation.settle
      const running: Array<Fiber.Fiber<never>> = []
      const interrupt = Effect.sync(() => running.forEach((fiber) => fiber.interruptUnsafe()))
      running.push(yield* Effect.forkScoped(serve(listener, () => Effect.andThen(interrupt, Effect.never))))
      yield* Fiber.awaitAll(running)
      yield* Simulation.settle
      assert.deepStrictEqual(raws.map(({ end }) => end), ["Fin", "Fin"])
    }).pipe(simulated))
})

describe("a link of messages", () => {
  it.effect("that is served sends what is held back before it is closed", () =>
    Effect.gen(function*() {
      yield* Effect.forkScoped(
        Link.serve(yield* listen(), { format, coalesce: true }, (link) =>
          Effect.ignore(Effect.andThen(link.send(Count, { count: 1 }), link.send(Count, { count: 2 }))))
      )
      const raw = yield* dial()
      yield* Simulation.settle
      assert.deepStrictEqual([raw.segments, raw.end], [["{\"count\":1}\n{\"count\":2}\n"], "Fin"])
    }).pipe(simulated))

  it.effect("that is served resets its connection where that was asked for", () =>
    Effect.gen(function*() {
      yield* Effect.forkScoped(Link.serve(yield* listen(), { format, resetOnClose: true }, () => Effect.void))
      const raw = yield* dial()
      yield* Simulation.settle
      assert.strictEqual(raw.end, "ECONNRESET")
    }).pipe(simulated))
})
