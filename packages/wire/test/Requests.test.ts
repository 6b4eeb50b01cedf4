import { assert, describe, it } from "@effect/vitest"
import { Machines } from "@peerage/testing"
import { type Listener, MemoryNetwork, type Pipe, Simulation } from "@peerage/transport"
import { Effect, Exit, Fiber, Queue, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { Requests } from "../src/index.ts"
import { cut } from "./Cuts.ts"
import { format } from "./JsonLines.ts"
import { dial, dialWith, listen, next, serve } from "./Listening.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { bytes, networked, textOf } from "./Testers.ts"
import { waiting } from "./Waiting.ts"

const { elapse, settle } = Simulation

describe("requests", () => {
  networked("come whole, however they were cut", function*() {
    const arrivals = yield* serve()
    const whole = bytes("{\"count\":1}\n")
    for (let at = 0; at <= whole.length; at++) {
      const raw = yield* dial()
      for (const segment of cut(whole, [at])) {
        raw.pipe.write([segment])
        yield* settle
      }
      const request = yield* next(arrivals)
      assert.strictEqual(textOf(request.frame), "{\"count\":1}")
      assert.deepStrictEqual(request.remote, raw.pipe.local)
    }
  })

  networked("are answered with bytes and FIN", function*() {
    const arrivals = yield* serve()
    const raw = yield* dialWith("1\n")
    const request = yield* next(arrivals)
    yield* request.reply(bytes("one\n"))
    yield* settle
    assert.deepStrictEqual([raw.texts, raw.end], [["one\n"], "Fin"])
    yield* request.reply(bytes("two\n"))
    yield* request.refuse
    yield* settle
    assert.deepStrictEqual(raw.texts, ["one\n"])
  })

  networked("are refused with FIN alone", function*() {
    const arrivals = yield* serve()
    const raw = yield* dialWith("1\n")
    yield* (yield* next(arrivals)).refuse
    yield* settle
    assert.deepStrictEqual([raw.texts, raw.end], [[], "Fin"])
  })

  networked("are answered to a transport's request", function*() {
    const arrivals = yield* serve()
    const network = yield* MemoryNetwork.MemoryNetwork
    const address = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4702")
    const asking = yield* Effect.forkChild(network.transport("10.0.0.2").request(address, bytes("1\n")))
    yield* (yield* next(arrivals)).reply(bytes("one\n"))
    const answer = yield* Fiber.join(asking)
    assert.deepStrictEqual([textOf(answer.bytes), answer.end], ["one\n", "Fin"])
  })

  networked("of many connections come as one batch", function*() {
    const arrivals = yield* serve()
    const numbers = Array.from({ length: 100 }, (_, number) => number)
    yield* Effect.forEach(numbers, (number) => dialWith(`${number}\n`), { concurrency: "unbounded" })
    yield* settle
    const batch = yield* Queue.takeAll(arrivals)
    assert.deepStrictEqual(
      batch.map((arrival) => arrival._tag === "Request" ? textOf(arrival.frame) : arrival._tag),
      numbers.map(String)
    )
  })

  networked("are one for each connection, whatever comes behind the first", function*() {
    const arrivals = yield* serve()
    const raw = yield* dialWith("1\n2\n", "3\n", "x".repeat(200))
    yield* settle
    raw.write("4\n")
    yield* settle
    assert.deepStrictEqual((yield* Queue.takeAll(arrivals)).map(({ _tag }) => _tag), ["Request"])
    assert.strictEqual(raw.end, "Open")
    assert.strictEqual(yield* (yield* MemoryNetwork.MemoryNetwork).buffered, 0)
  })

  it.effect.each(
    [
      { name: "FIN", end: "end" },
      { name: "a reset", end: "reset" }
    ] as const
  )("that end with $name before they are whole are not reported", ({ end }) =>
    Effect.gen(function*() {
      const arrivals = yield* serve()
      const raw = yield* dialWith("{\"count\"")
      yield* settle
      raw.pipe[end]()
      yield* settle
      assert.notStrictEqual(raw.end, "Open")
      assert.strictEqual(yield* Queue.size(arrivals), 0)
      yield* dialWith("1\n")
      yield* next(arrivals)
    }).pipe(Machines.simulated))

  networked("that were whole before FIN are answered", function*() {
    const arrivals = yield* serve()
    const raw = yield* dialWith("1\n")
    raw.pipe.end()
    yield* (yield* next(arrivals)).reply(bytes("one\n"))
    yield* settle
    assert.deepStrictEqual([raw.texts, raw.end], [["one\n"], "Fin"])
  })

  networked("to a peer that has gone are answered to nobody", function*() {
    const arrivals = yield* serve()
    const raw = yield* dialWith("1\n")
    yield* settle
    raw.pipe.reset()
    yield* settle
    yield* (yield* next(arrivals)).reply(bytes("one\n"))
    assert.deepStrictEqual(raw.texts, [])
  })
})

describe("a connection for a request", () => {
  networked("that carries no message is closed and reported, once", function*() {
    const arrivals = yield* serve({ limit: 10 })
    const raw = yield* dialWith("12345678901", "2\n")
    yield* settle
    const [arrival, ...others] = yield* Queue.takeAll(arrivals)
    if (arrival._tag !== "Garbled") return assert.fail(arrival._tag)
    assert.deepInclude(arrival.error, { _tag: "FrameTooLarge", limit: 10, size: 11 })
    assert.deepStrictEqual([arrival.remote, others], [raw.pipe.local, []])
    assert.notStrictEqual(raw.end, "Open")
  })

  networked("has the format's limit where no other is given", function*() {
    const arrivals = yield* serve()
    const raw = yield* dialWith("x".repeat(100))
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
    yield* dialWith("2\n")
    assert.strictEqual(textOf((yield* next(arrivals)).frame), "2")
  })
})
