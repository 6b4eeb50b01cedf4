/** Who closes connections, over links of messages and of bytes: a scope, or the end of a handler that serves them. */
import { assert, describe, it } from "@effect/vitest"
import {
  type Listener,
  MemoryNetwork,
  type Options,
  Simulation,
  SocketFailure,
  type Transport
} from "@peerage/transport"
import { Effect, Fiber, Logger, Queue, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import { ByteLink, Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { dial, listen } from "./Listening.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { Count, networked, open } from "./Testers.ts"

const { settle } = Simulation

interface Kind {
  readonly kind: string
  readonly serve: (listener: Listener.Listener, handler: () => Effect.Effect<unknown>) => Effect.Effect<never>
  readonly make: (pipe: ScriptedPipe, options: Options.ConnectionOptions) => Effect.Effect<unknown, never, Scope.Scope>
  readonly dial: (
    transport: Transport.Transport["Service"],
    address: NetAddress.InetAddress,
    options: Options.DialOptions
  ) => Effect.Effect<unknown, SocketError, Scope.Scope>
}

const kinds: ReadonlyArray<Kind> = [
  {
    kind: "messages",
    serve: (listener, handler) => Link.serve(listener, { format }, handler),
    make: (pipe, options) => Link.make(pipe, { format, ...options }),
    dial: (transport, address, options) => Link.dial(transport, address, { format, ...options })
  },
  { kind: "bytes", serve: ByteLink.serve, make: ByteLink.make, dial: ByteLink.dial }
]

describe.each(kinds)("serving links of $kind", ({ serve }) => {
  networked("runs a handler for each connection, beside each other, and closes what has ended", function*() {
    let handled = 0
    yield* Effect.forkScoped(serve(yield* listen(), () => ++handled === 2 ? Effect.void : Effect.never))
    const [first, second] = [yield* dial(), yield* dial()]
    assert.deepStrictEqual([first.end, second.end], ["Open", "Fin"])
  })

  networked("closes the connection of a handler that dies, warns of it, and serves on", function*() {
    const logged: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) =>
      void logged.push(`${logLevel} ${String(message).split(",")[0]}`)
    )
    const deaths = [() => Effect.die("a bug"), () => {
      throw new Error("a bug")
    }, () => Effect.never]
    let handled = 0
    const serving = serve(yield* listen(), () => (deaths[handled++] ?? (() => Effect.void))())
    yield* Effect.forkScoped(Effect.provide(serving, Logger.layer([logger])))
    assert.deepStrictEqual([(yield* dial()).end, (yield* dial()).end, (yield* dial()).end], ["Fin", "Fin", "Open"])
    assert.deepStrictEqual(logged, ["Warn connection handler failed", "Warn connection handler failed"])
  })

  networked("closes all connections when it is interrupted, and runs what handlers leave to be done", function*() {
    const ended: Array<string> = []
    const handler = () => Effect.onInterrupt(Effect.never, () => Effect.sync(() => ended.push("interrupted")))
    const serving = yield* Effect.forkScoped(serve(yield* listen(), handler))
    const raw = yield* dial()
    yield* Fiber.interrupt(serving)
    yield* settle
    assert.deepStrictEqual([raw.end, ended], ["Fin", ["interrupted"]])
  })

  networked("closes all connections that it took together when the handler of the first interrupts it", function*() {
    const listener = yield* listen()
    const raws = [yield* dial(), yield* dial()]
    const running: Array<Fiber.Fiber<never>> = []
    const interrupt = Effect.sync(() => running.forEach((fiber) => fiber.interruptUnsafe()))
    running.push(yield* Effect.forkScoped(serve(listener, () => Effect.andThen(interrupt, Effect.never))))
    yield* Fiber.awaitAll(running)
    yield* settle
    assert.deepStrictEqual(raws.map(({ end }) => end), ["Fin", "Fin"])
  })
})

describe.each(kinds)("the scope of a link of $kind", ({ dial, make }) => {
  it.effect.each([{ options: {}, left: "close" }, { options: { resetOnClose: true }, left: "reset" }] as const)(
    "ends its connection by $left (options: $options)",
    ({ left, options }) =>
      Effect.gen(function*() {
        const pipe = new ScriptedPipe()
        yield* Effect.scoped(make(pipe, options))
        assert.strictEqual(pipe.left, left)
      })
  )

  networked("ends a connection that it dialed, by a reset where that was asked for", function*() {
    const { accepted, address } = yield* listen()
    const transport = (yield* MemoryNetwork.MemoryNetwork).transport("10.0.0.2")
    for (const [options, end] of [[{}, undefined], [{ resetOnClose: true }, "ECONNRESET"]] as const) {
      yield* Effect.scoped(Effect.andThen(dial(transport, address, options), settle))
      yield* settle
      const ended = (yield* Queue.take(accepted)).ended()
      if (ended === undefined) return assert.fail("open")
      assert.deepStrictEqual([SocketFailure.isFin(ended), SocketFailure.errno(ended)], [end === undefined, end])
    }
    const nobody = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4703")
    assert.strictEqual(SocketFailure.errno(yield* Effect.flip(dial(transport, nobody, {}))), "ECONNREFUSED")
  })
})

describe("a link of messages", () => {
  it.effect.each(
    [{ options: {}, writes: ["{\"count\":1}\n"] }, { options: { resetOnClose: true }, writes: [] }] as const
  )(
    "sends what is held back when its scope is left, unless it resets (options: $options)",
    ({ options, writes }) =>
      Effect.gen(function*() {
        const leaving = Effect.scoped(Effect.gen(function*() {
          const { link, pipe } = yield* open({ coalesce: true, ...options })
          yield* link.send(Count, { count: 1 })
          return pipe
        }))
        assert.deepStrictEqual<ReadonlyArray<string>>((yield* leaving).writes, writes)
      })
  )

  it.effect.each([
    { options: { coalesce: true }, came: [["{\"count\":1}\n{\"count\":2}\n"], "Fin"] },
    { options: { coalesce: true, resetOnClose: true }, came: [[], "ECONNRESET"] }
  ])(
    "that is served does the same when its handler ends (options: $options)",
    ({ came, options }) =>
      Effect.gen(function*() {
        yield* Effect.forkScoped(
          Link.serve(
            yield* listen(),
            { format, ...options },
            (link) => Effect.ignore(Effect.andThen(link.send(Count, { count: 1 }), link.send(Count, { count: 2 })))
          )
        )
        const raw = yield* dial()
        assert.deepStrictEqual([raw.texts, raw.end], came)
      }).pipe(Effect.provide(MemoryNetwork.layer()))
  )
})
