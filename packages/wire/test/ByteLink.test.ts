import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { ByteLink } from "../src/index.ts"
import { listen, simulated } from "./Listening.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { lateAfter4Seconds, settle } from "./Waiting.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const open = Effect.gen(function*() {
  const pipe = new ScriptedPipe()
  return { link: yield* ByteLink.make(pipe), pipe }
})

/** Both ends of a connection of a simulated network. */
const connect = Effect.gen(function*() {
  const listener = yield* listen()
  const accepted = yield* Queue.unbounded<ByteLink.ByteLink>()
  yield* Effect.forkScoped(
    ByteLink.serve(listener, (link) => Effect.andThen(Queue.offer(accepted, link), Effect.never))
  )
  const network = yield* MemoryNetwork.MemoryNetwork
  const dialed = yield* ByteLink.dial(network.transport("10.0.0.2"), listener.address)
  return { dialed, accepted: yield* Queue.take(accepted) }
})

describe("a link of bytes", () => {
  it.effect("knows both addresses, and carries bytes both ways", () =>
    Effect.gen(function*() {
      const { accepted, dialed } = yield* connect
      assert.deepStrictEqual([accepted.remote, accepted.local], [dialed.local, dialed.remote])
      assert.strictEqual(NetAddress.formatInet(accepted.local), "10.0.0.1:4702")
      yield* dialed.write([bytes("HEL"), bytes("LO")])
      assert.strictEqual(textOf(yield* accepted.reader.take(5)), "HELLO")
      yield* accepted.write([bytes("WORLD")])
      assert.strictEqual(textOf(yield* dialed.reader.take(5)), "WORLD")
    }).pipe(simulated))

  it.effect("reads on after it has sent FIN", () =>
    Effect.gen(function*() {
      const { accepted, dialed } = yield* connect
      yield* dialed.write([bytes("all")])
      yield* dialed.end
      assert.strictEqual(textOf(yield* accepted.reader.takeToEnd(10)), "all")
      yield* accepted.write([bytes("the answer")])
      yield* accepted.close
      assert.strictEqual(textOf(yield* dialed.reader.takeToEnd(10)), "the answer")
      assert.strictEqual((yield* Effect.flip(dialed.write([bytes("more")])))._tag, "SocketError")
    }).pipe(simulated))

  it.effect("writes its chunks in one write, and waits while the peer is slow", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.congested = true
      const writing = yield* Effect.forkChild(link.write([bytes("HEL"), bytes("LO")]))
      yield* settle
      assert.deepStrictEqual(pipe.writes, ["HELLO"])
      assert.isUndefined(writing.pollUnsafe())
      pipe.drain()
      yield* Fiber.join(writing)
    }))

  it.effect("gives a slow peer up after the time it was given", () =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.congested = true
      const error = yield* lateAfter4Seconds(link.write([bytes("HELLO")], "4 seconds"))
      assert.strictEqual(error.message, "The peer sent no sign of reading within 4s.")
    }))

  it.effect.each(
    [
      { verb: "closed", end: "close" },
      { verb: "reset", end: "reset" }
    ] as const
  )("ends what waits when it is $verb, and everything after that", ({ end }) =>
    Effect.gen(function*() {
      const { link, pipe } = yield* open
      pipe.congested = true
      pipe.feed("HEL")
      const waiting = yield* Effect.forkChild(
        Effect.all([Effect.flip(link.write([bytes("HELLO")])), Effect.flip(link.reader.take(5))], {
          concurrency: "unbounded"
        })
      )
      yield* settle
      yield* link[end]
      assert.strictEqual(pipe.left, end)
      assert.deepStrictEqual((yield* Fiber.join(waiting)).map(({ _tag }) => _tag), ["SocketError", "SocketError"])
      assert.strictEqual((yield* Effect.flip(link.write([bytes("HELLO")])))._tag, "SocketError")
      assert.strictEqual((yield* Effect.flip(link.reader.take(5)))._tag, "SocketError")
      assert.strictEqual((yield* Effect.flip(link.reader.takeToEnd(5)))._tag, "SocketError")
      assert.isTrue(yield* link.reader.more())
      assert.deepStrictEqual(pipe.writes, ["HELLO"])
    }))

  it.effect.each([{ how: "breakOff" }, { how: "vanish" }] as const)(
    "fails all that waits when its connection is gone ($how)",
    ({ how }) =>
      Effect.gen(function*() {
        const { link, pipe } = yield* open
        pipe.congested = true
        const waiting = yield* Effect.forkChild(
          Effect.all([Effect.flip(link.write([bytes("HELLO")])), Effect.flip(link.reader.take(5))], {
            concurrency: "unbounded"
          })
        )
        yield* settle
        pipe[how]()
        assert.deepStrictEqual((yield* Fiber.join(waiting)).map(({ _tag }) => _tag), ["SocketError", "SocketError"])
      })
  )
})

describe("the scope of a link of bytes", () => {
  it.effect.each(
    [
      { options: {}, left: "close" },
      { options: { resetOnClose: true }, left: "reset" }
    ] as const
  )("ends its connection by $left (options: $options)", ({ left, options }) =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      yield* Effect.scoped(ByteLink.make(pipe, options))
      assert.strictEqual(pipe.left, left)
    }))

  it.effect("ends a connection that it dialed, by a reset where that was asked for", () =>
    Effect.gen(function*() {
      const listener = yield* listen()
      const network = yield* MemoryNetwork.MemoryNetwork
      const ends: Array<string> = []
      yield* Effect.forkScoped(ByteLink.serve(listener, ({ reader }) =>
        Effect.match(reader.takeToEnd(0), {
          onFailure: (error) => void ends.push(error._tag),
          onSuccess: () => void ends.push("Fin")
        })))
      for (const options of [{}, { resetOnClose: true }]) {
        const dialed = ByteLink.dial(network.transport("10.0.0.2"), listener.address, options)
        yield* Effect.scoped(Effect.andThen(dialed, Simulation.settle))
        yield* Simulation.settle
      }
      assert.deepStrictEqual(ends, ["Fin", "SocketError"])
    }).pipe(simulated))
})
