import { assert, describe, it } from "@effect/vitest"
import { Machines } from "@peerage/testing"
import { type Listener, type Pipe, Simulation } from "@peerage/transport"
import { Effect, Exit, Fiber, Queue, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { Requests } from "../src/index.ts"
import { next, serve } from "./Asking.ts"
import { format } from "./JsonLines.ts"
import { dial, listen } from "./Listening.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { bytes, networked, textOf } from "./Testers.ts"
import { waiting } from "./Waiting.ts"

const { elapse, settle } = Simulation

describe("a connection for a request", () => {
  networked("that carries no message is closed and reported, once", function*() {
    const arrivals = yield* serve({ limit: 10 })
    const raw = yield* dial()
    raw.write("12345678901", "2\n")
    yield* settle
    const [arrival, ...others] = yield* Queue.takeAll(arrivals)
    if (arrival._tag !== "Garbled") return assert.fail(arrival._tag)
    assert.deepInclude(arrival.error, { _tag: "FrameTooLarge", limit: 10, size: 11 })
    assert.deepStrictEqual([arrival.remote, others], [raw.pipe.local, []])
    assert.notStrictEqual(raw.end, "Open")
  })

  networked("has the format's limit where no other is given", function*() {
    const arrivals = yield* serve()
    const raw = yield* dial()
    raw.write("x".repeat(100))
    yield* settle
    assert.strictEqual(raw.end, "Open")
    raw.write("x")
    assert.strictEqual((yield* Queue.take(arrivals))._tag, "Garbled")
  })

  networked("that is not admitted is closed unread and reported", function*() {
    const arrivals = yield* serve({
      admits: (remote) => Effect.succeed(NetAddress.formatHost(remote) === "10.0.0.3")
    })
    const [stranger, friend] = [yield* dial("10.0.0.2"), yield* dial("10.0.0.3")]
    stranger.write("1\n")
    friend.write("2\n")
    yield* settle
    const batch = yield* Queue.takeAll(arrivals)
    assert.deepStrictEqual(batch.map(({ _tag, remote }) => [_tag, NetAddress.formatHost(remote)]), [
      ["NotAdmitted", "10.0.0.2"],
      ["Request", "10.0.0.3"]
    ])
    assert.notStrictEqual(stranger.end, "Open")
    assert.strictEqual(friend.end, "Open")
  })

  it.effect.each([
    { name: "silent", text: "{\"cou" },
    { name: "not answered", text: "1\n" }
  ])("that is $name for exactly its time is reset", ({ text }) =>
    Effect.gen(function*() {
      yield* serve()
      const raw = yield* dial()
      yield* elapse(2000)
      raw.write(text)
      yield* elapse(1999)
      assert.strictEqual(raw.end, "Open")
      yield* elapse(1)
      assert.strictEqual(raw.end, "ECONNRESET")
    }).pipe(Machines.simulated))

  networked("ends with the scope, and so does waiting for arrivals", function*() {
    const scope = yield* Scope.make()
    const arrivals = yield* Scope.provide(serve(), scope)
    const raws = [yield* dial(), yield* dial()]
    raws[0]?.write("1\n")
    yield* settle
    yield* next(arrivals)
    const taking = yield* waiting(Queue.take(arrivals))
    yield* Scope.close(scope, Exit.void)
    yield* settle
    assert.deepStrictEqual(raws.map(({ end }) => end), ["Fin", "Fin"])
    assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(taking)))
  })

  networked("ends with the scope while it or one before it is not yet admitted", function*() {
    const scope = yield* Scope.make()
    const listener = yield* listen()
    const raws = [yield* dial("10.0.0.2"), yield* dial("10.0.0.3")]
    yield* settle
    const options = { format, within: "4 seconds", admits: () => Effect.never } as const
    yield* Scope.provide(Requests.serve(listener, options), scope)
    yield* settle
    yield* Scope.close(scope, Exit.void)
    yield* settle
    assert.deepStrictEqual(raws.map(({ end }) => end), ["Fin", "Fin"])
  })

  networked("that is over is forgotten: neither its time nor the scope ends it again", function*() {
    const scope = yield* Scope.make()
    const [request, stranger] = [new ScriptedPipe(1), new ScriptedPipe(2)]
    const accepted = yield* Queue.unbounded<Pipe.Pipe>()
    yield* Queue.offerAll(accepted, [request, stranger])
    const listener: Listener.Listener = {
      address: request.local,
      accepted,
      run: () => Effect.never,
      runPipes: () => Effect.never
    }
    const admits = ({ port }: NetAddress.InetAddress) => Effect.succeed(port === 1)
    const arrivals = yield* Scope.provide(Requests.serve(listener, { format, within: "4 seconds", admits }), scope)
    request.feed("1\n")
    yield* (yield* next(arrivals)).reply(bytes("one\n"))
    yield* elapse("1 minute")
    yield* Scope.close(scope, Exit.void)
    assert.deepStrictEqual([request.leaving, stranger.leaving], [["closeAtOnce"], ["close"]])
  })

  networked("is refused while too many arrivals wait, so that they cannot fill the memory", function*() {
    const arrivals = yield* serve({ capacity: 2 })
    const raws = [yield* dial(), yield* dial(), yield* dial()]
    for (const raw of raws) raw.write("1\n")
    yield* settle
    assert.deepStrictEqual(raws.map(({ end }) => end), ["Open", "Open", "Fin"])
    assert.strictEqual((yield* Queue.takeAll(arrivals)).length, 2)
    const raw = yield* dial()
    raw.write("2\n")
    assert.strictEqual(textOf((yield* next(arrivals)).frame), "2")
  })
})
