import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { MemoryNetwork, SocketFailure } from "@peerage/transport"
import { Effect, Fiber, Queue, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"
import { Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"

const Count = Schema.Struct({ count: Schema.Int }).annotate({ identifier: "Count" })
const counts = (length: number) => Array.from({ length }, (_, count) => ({ count }))

const responder = "10.0.0.1"
const initiator = "10.0.0.2"

/** Two linked hosts of a simulated network; the accepting one is a queue of links that lives as long as the test. */
const connect = Effect.fnUntraced(function*(
  network: MemoryNetwork.MemoryNetwork["Service"],
  options: { readonly coalesce?: boolean } = {}
) {
  const address = NetAddress.inetAddressFromIpStringUnsafe(responder, 4702)
  const listener = yield* network.transport(responder).listen(address)
  const accepted = yield* Queue.unbounded<Link.Link>()
  yield* Effect.forkScoped(
    Link.serve(listener, { format }, (link) => Effect.andThen(Queue.offer(accepted, link), Effect.never))
  )
  const dialed = Link.dial(network.transport(initiator), address, { format, coalesce: options.coalesce })
  return { accepted, dialed }
})

const receiveMany = Effect.fnUntraced(function*(link: Link.Link, wanted: number) {
  const received: Array<typeof Count.Type> = []
  while (received.length < wanted) received.push(...yield* link.receiveAll(Count))
  return received
})

describe("a link over a network", () => {
  it.effect.prop(
    "carries every message in order, however TCP cuts and joins them",
    { seed: Schema.Int, coalesce: Schema.Boolean },
    ({ coalesce, seed }) =>
      Effect.scoped(Effect.gen(function*() {
        const network = yield* MemoryNetwork.make({ seed, segmentation: "chaotic", segment: 16 })
        const { accepted, dialed } = yield* connect(network, { coalesce })
        const link = yield* dialed
        const sent = counts(50)
        yield* Effect.forEach(sent, (count) => link.send(Count, count), { discard: true })
        assert.deepStrictEqual(yield* receiveMany(yield* Queue.take(accepted), sent.length), sent)
      })),
    Property.tries(5)
  )

  it.effect("delivers what a leaving peer sent in its last turn, and then its FIN", () =>
    Effect.gen(function*() {
      const { accepted, dialed } = yield* connect(yield* MemoryNetwork.make(), { coalesce: true })
      yield* Effect.scoped(Effect.flatMap(dialed, (link) => link.sendAll(Count, counts(3))))
      const link = yield* Queue.take(accepted)
      assert.deepStrictEqual(yield* receiveMany(link, 3), counts(3))
      assert.strictEqual((yield* Effect.flip(link.receive(Count)))._tag, "PeerClosed")
    }))

  it.effect("gives a peer behind a partition up, and hears it again when the network has healed", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const { accepted, dialed } = yield* connect(network)
      const sender = yield* dialed
      const link = yield* Queue.take(accepted)
      yield* network.partition(initiator, responder)
      yield* sender.send(Count, { count: 1 })
      const first = yield* Effect.forkChild(Effect.flip(link.receive(Count, "4 seconds")))
      yield* TestClock.withLive(Effect.sleep(1))
      yield* TestClock.adjust("4 seconds")
      assert.strictEqual((yield* Fiber.join(first))._tag, "PeerUnresponsive")
      yield* network.heal(initiator, responder)
      const second = yield* Effect.forkChild(link.receive(Count, "1 minute"))
      yield* TestClock.adjust("30 seconds")
      assert.deepStrictEqual(yield* Fiber.join(second), { count: 1 })
    }))

  it.effect("holds a fast sender back until the receiver reads", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make({ sendBuffer: 1024, window: 1024 })
      const { accepted, dialed } = yield* connect(network, { coalesce: true })
      const sender = yield* dialed
      const sent = counts(10_000)
      const sending = yield* Effect.forkChild(
        Effect.forEach(sent, (count) => Effect.andThen(sender.send(Count, count), sender.flush), { discard: true })
      )
      const link = yield* Queue.take(accepted)
      yield* TestClock.withLive(Effect.sleep(1))
      assert.strictEqual(sending.pollUnsafe(), undefined)
      assert.isAtMost(yield* network.buffered, 4096)
      assert.deepStrictEqual(yield* receiveMany(link, sent.length), sent)
      yield* Fiber.join(sending)
    }))

  it.effect("fails with ECONNRESET when its peer's host has started again without it", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const { accepted, dialed } = yield* connect(network)
      const link = yield* dialed
      yield* Queue.take(accepted)
      yield* network.kill(responder)
      yield* network.restart(responder)
      yield* link.send(Count, { count: 1 })
      const error = yield* Effect.flip(link.receive(Count))
      if (error._tag !== "SocketError") return assert.fail(error._tag)
      assert.strictEqual(SocketFailure.errno(error), "ECONNRESET")
    }))
})
