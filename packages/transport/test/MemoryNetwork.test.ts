import { assert, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"
import { MemoryNetwork } from "../src/index.ts"
import { at, bytes, echo } from "./MemoryWorld.ts"

const text = new TextDecoder()

it.effect("carries a dialogue between two hosts without moving the clock", () =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.make()
    const server = network.transport("10.0.0.1")
    const client = network.transport("10.0.0.2")
    const listener = yield* server.listen(at("10.0.0.1:4702"))
    yield* echo(listener)
    const answer = yield* client.request(at("10.0.0.1:4702"), bytes("hello\r\n"), {
      answered: (got) => got.length === 7
    })
    assert.strictEqual(text.decode(answer.bytes), "hello\r\n")
    assert.strictEqual(answer.end, "Answered")
    yield* TestClock.adjust(1)
  }))

it.effect("takes the link's latency", () =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.make({ link: { latency: "10 millis" } })
    const server = network.transport("10.0.0.1")
    const client = network.transport("10.0.0.2")
    const listener = yield* server.listen(at("0.0.0.0:4702"))
    const pipe = yield* Effect.forkChild(client.connect(at("10.0.0.1:4702")))
    yield* TestClock.adjust(19)
    assert.isUndefined(pipe.pollUnsafe())
    yield* TestClock.adjust(1)
    const open = yield* Fiber.join(pipe)
    assert.strictEqual(NetAddress.formatInet(open.local), "10.0.0.2:32768")
    yield* TestClock.adjust(100)

    assert.strictEqual(listener.address.port, 4702)
  }))
