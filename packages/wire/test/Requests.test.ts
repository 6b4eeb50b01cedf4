import { assert, describe, it } from "@effect/vitest"
import { Machines } from "@peerage/testing"
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { next, serve } from "./Asking.ts"
import { cut } from "./Cuts.ts"
import { dial } from "./Listening.ts"
import { bytes, networked, textOf } from "./Testers.ts"

const { settle } = Simulation

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
    const raw = yield* dial()
    raw.write("1\n")
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
    const raw = yield* dial()
    raw.write("1\n")
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
    for (const number of numbers) (yield* dial()).write(`${number}\n`)
    yield* settle
    const batch = yield* Queue.takeAll(arrivals)
    assert.deepStrictEqual(
      batch.map((arrival) => arrival._tag === "Request" ? textOf(arrival.frame) : arrival._tag),
      numbers.map(String)
    )
  })

  networked("are one for each connection, whatever comes behind the first", function*() {
    const arrivals = yield* serve()
    const raw = yield* dial()
    raw.write("1\n2\n", "3\n", "x".repeat(200))
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
      const raw = yield* dial()
      raw.write("{\"count\"")
      yield* settle
      raw.pipe[end]()
      yield* settle
      assert.notStrictEqual(raw.end, "Open")
      assert.strictEqual(yield* Queue.size(arrivals), 0)
      const other = yield* dial()
      other.write("1\n")
      yield* next(arrivals)
    }).pipe(Machines.simulated))

  networked("that were whole before FIN are answered", function*() {
    const arrivals = yield* serve()
    const raw = yield* dial()
    raw.write("1\n")
    raw.pipe.end()
    yield* (yield* next(arrivals)).reply(bytes("one\n"))
    yield* settle
    assert.deepStrictEqual([raw.texts, raw.end], [["one\n"], "Fin"])
  })

  networked("to a peer that has gone are answered to nobody", function*() {
    const arrivals = yield* serve()
    const raw = yield* dial()
    raw.write("1\n")
    yield* settle
    raw.pipe.reset()
    yield* settle
    yield* (yield* next(arrivals)).reply(bytes("one\n"))
    assert.deepStrictEqual(raw.texts, [])
  })
})
