import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Stream } from "effect"
import { both, connect, count, elapse, ipOf, only, reasonsOf, running, settle, test, visit } from "./Network.ts"

const bytes = { type: "bytes" } as const
const numbers = (length: number) => Array.from({ length }, (_, number) => number)

describe("an application that does not receive", () => {
  test("lets the other end wait, which loses nothing, while little is held", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { far, near } = yield* both(bytes)
    const value = (number: number) => new Uint8Array(10_000).fill(number)
    let sent = 0
    const sending = yield* Effect.forkChild(
      Effect.forEach(numbers(200), (number) => Effect.map(near.send(value(number)), () => sent++))
    )
    yield* elapse("9 seconds")
    const before = sent
    assert.isTrue(running(sending))
    assert.isBelow(before, 100)
    assert.isAtMost(yield* network.buffered, 300_000)
    for (const number of numbers(200)) assert.deepStrictEqual(yield* far.receive, value(number))
    yield* Fiber.join(sending)
  })

  test("for 10 seconds is given up by who has something to send, and by nobody else", function*() {
    const { alice, bob, near } = yield* both(bytes)
    const carol = yield* visit(3)
    yield* (yield* connect(carol, 2, bytes)).send(new Uint8Array(10))
    const sending = yield* Effect.forkChild(
      Effect.flip(Effect.forEach(numbers(200), () => near.send(new Uint8Array(10_000))))
    )
    yield* elapse("11 seconds")
    assert.strictEqual((yield* Fiber.join(sending)).reason._tag, "SlowReader")
    assert.deepStrictEqual([reasonsOf(alice), reasonsOf(carol), yield* count(bob)], [["SlowReader"], [], 2])
  })

  test("does not hold up what it sends itself, or other connections", function*() {
    const { bob, far, near } = yield* both(bytes)
    const sending = yield* Effect.forkChild(
      Effect.forEach(numbers(200), () => near.send(new Uint8Array(10_000)), { discard: true })
    )
    yield* settle
    yield* far.send(new Uint8Array(3))
    assert.strictEqual((yield* near.receive).length, 3)
    const carol = yield* visit(3)
    const other = yield* connect(carol, 2, { type: "json" })
    yield* other.send("hello")
    yield* settle
    assert.strictEqual(yield* count(bob), 2)
    yield* Fiber.interrupt(sending)
  })

  test("does not keep what both send at once from arriving, however idle the lines were before", function*() {
    const { far, near } = yield* both(bytes)
    const large = new Uint8Array(500_000)
    const sendingNear = yield* Effect.forkChild(Effect.forEach(numbers(40), () => near.send(large)))
    yield* elapse("5 seconds")
    // The near end has heard nothing for long, and its probe has to wait; what comes now is read all the same.
    const sendingFar = yield* Effect.forkChild(far.send(large))
    yield* settle
    assert.strictEqual((yield* near.receive).length, large.length)
    yield* Fiber.join(sendingFar)
    for (const _ of numbers(40)) assert.strictEqual((yield* far.receive).length, large.length)
    yield* Fiber.join(sendingNear)
  })
})

describe("a sender", () => {
  test("whose network loses much gets everything across, in order", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { far, near } = yield* both({ type: "json" })
    yield* network.setLink(ipOf(1), ipOf(2), { loss: 0.3, latency: "20 millis", jitter: "10 millis" })
    const sending = yield* Effect.forkChild(Effect.forEach(numbers(100), near.send))
    const receiving = yield* Effect.forkChild(Stream.runCollect(Stream.take(far.values, 100)))
    for (let second = 0; second < 120 && running(receiving); second++) yield* elapse("1 second")
    yield* Fiber.join(sending)
    assert.deepStrictEqual(yield* Fiber.join(receiving), numbers(100))
  })
})

describe("an idle connection", () => {
  test("stays as long as both ends are there", function*() {
    const { alice, bob, near } = yield* both({ type: "json" })
    for (let minute = 0; minute < 10; minute++) yield* elapse("1 minute")
    yield* near.send("still here")
    assert.strictEqual(yield* (yield* only(bob, "json")).receive, "still here")
    assert.deepStrictEqual([reasonsOf(alice), reasonsOf(bob)], [[], []])
  })
})
