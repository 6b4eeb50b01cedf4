/** The life of a host: what its programs do, and what its peers see, when it is killed, stopped, restarted and paused. */
import { assert, describe } from "@effect/vitest"
import { Host, Theatre } from "@peerage/simulate"
import { Clock, Effect, Exit, Fiber, FileSystem, Layer, Ref } from "effect"
import { dial, failure, pair, say, Server, simulation } from "./Kit.ts"

describe("a host", () => {
  simulation("runs a program, and effects beside it with its services", function*() {
    const { client, connection, server } = yield* pair
    assert.strictEqual(server.address, "10.0.0.1")
    assert.strictEqual(yield* client.run(say(connection, "hello")), "hello")
    assert.strictEqual(yield* Clock.currentTimeMillis, 40)
    assert.strictEqual((yield* server.run(Server)).address.port, 4702)
  })

  simulation("runs a program that is an effect in the background", function*() {
    const beats = yield* Ref.make(0)
    const beating = Ref.update(beats, (count) => count + 1).pipe(
      Effect.andThen(Effect.sleep("1 second")),
      Effect.forever
    )
    const host = yield* Host.make("host", beating)
    yield* Effect.sleep("4500 millis")
    yield* host.stop
    yield* Effect.sleep("10 seconds")
    assert.strictEqual(yield* Ref.get(beats), 5)
  })

  simulation("gives its program a clock of its own, and pauses it", function*() {
    const beats = yield* Ref.make<ReadonlyArray<number>>([])
    const beat = Effect.flatMap(Clock.currentTimeMillis, (now) => Ref.update(beats, (times) => [...times, now]))
    const beating = Effect.forever(Effect.andThen(beat, Effect.sleep("1 second")))
    const host = yield* Host.make("host", Layer.effectDiscard(Effect.forkScoped(beating)), { skew: "1 hour" })
    yield* Effect.sleep("1500 millis")
    yield* host.pause
    yield* Effect.sleep("10 seconds")
    yield* host.resume
    yield* Effect.sleep("10 millis")
    assert.deepStrictEqual(yield* Ref.get(beats), [3_600_000, 3_601_000, 3_611_500])
  })

  simulation("has the address that it is named or given, or the next one", function*() {
    assert.strictEqual((yield* Host.make("192.0.2.7")).address, "192.0.2.7")
    assert.strictEqual((yield* Host.make("first")).address, "10.0.0.1")
    assert.strictEqual(
      (yield* Host.make("second", Layer.empty, { address: ["10.0.0.9", "10.0.1.9"] })).address,
      "10.0.0.9"
    )
    const exit = yield* Effect.exit(Host.make("first"))
    assert.isTrue(Exit.isFailure(exit) && exit.cause.toString().includes("There is a host first at 10.0.0.1."))
  })

  simulation("fails as its program does when that cannot be built, and does not run then", function*() {
    const busy = yield* Ref.make(true)
    const program = Layer.effectDiscard(Effect.flatMap(Ref.get(busy), (is) => is ? Effect.fail("busy") : Effect.void))
    assert.strictEqual(yield* Effect.flip(Host.make("host", program)), "busy")
    const late = yield* Host.make("late", Layer.effectDiscard(Effect.sleep("1 minute")))
    assert.strictEqual(yield* late.status, "Running")
    assert.strictEqual(yield* Clock.currentTimeMillis, 60_000)
  })

  simulation("shares nothing with another that runs the same program", function*() {
    const built = yield* Ref.make(0)
    const program = Layer.effectDiscard(Ref.update(built, (count) => count + 1))
    yield* Host.make("one", program)
    const two = yield* Host.make("two", Layer.merge(program, Layer.suspend(() => program)))
    yield* two.restart
    assert.strictEqual(yield* Ref.get(built), 3)
  })
})

describe("a host that is killed", () => {
  simulation("says no goodbye: its peer finds out by itself", function*() {
    const { client, connection, server } = yield* pair
    yield* server.kill()
    assert.strictEqual(yield* failure(client.run(connection.pull)), "ETIMEDOUT")
    assert.isAbove(yield* Clock.currentTimeMillis, 20_000)
    assert.strictEqual(yield* failure(client.run(dial)), "ETIMEDOUT")
  })

  simulation("runs no finalizer, and nothing else", function*() {
    const ran = yield* Ref.make<ReadonlyArray<string>>([])
    const note = (word: string) => Ref.update(ran, (words) => [...words, word])
    const host = yield* Host.make("host")
    yield* host.run(Effect.addFinalizer(() => note("finalizer")))
    yield* host.run(Effect.forkScoped(Effect.andThen(Effect.sleep("1 second"), note("timer"))))
    const waiting = yield* Effect.forkChild(host.run(Effect.ensuring(Effect.never, note("ensuring"))))
    yield* Effect.sleep(1)
    yield* host.kill()
    assert.strictEqual((yield* Effect.flip(Fiber.join(waiting)))._tag, "HostDown")
    yield* Effect.sleep("1 minute")
    assert.deepStrictEqual(yield* Ref.get(ran), [])
    assert.strictEqual(yield* host.status, "Killed")
    assert.match((yield* Effect.flip(host.run(Effect.void))).message, /^The host host is down. Restart it/)
  })

  simulation("answers packets of its old connections with resets when it is restarted", function*() {
    const { client, connection, server } = yield* pair
    yield* server.kill()
    yield* Effect.sleep("1 second")
    yield* server.restart
    assert.strictEqual(yield* failure(client.run(say(connection, "are you there?"))), "ECONNRESET")
    assert.strictEqual(yield* client.run(Effect.flatMap(dial, (again) => say(again, "again"))), "again")
  })

  simulation("while its program starts does not start it", function*() {
    const starting = yield* Effect.forkChild(Host.make("host", Layer.effectDiscard(Effect.sleep("1 minute"))))
    yield* Effect.sleep("1 second")
    const { hosts } = yield* Theatre.Theatre
    yield* Effect.forEach(hosts.values(), (host) => host.kill())
    assert.strictEqual((yield* Effect.flip(Fiber.join(starting)))._tag, "HostDown")
  })
})

describe("a host that is stopped", () => {
  simulation("closes its connections, in the time that its finalizers take", function*() {
    const { client, connection, server } = yield* pair
    yield* server.run(Effect.addFinalizer(() => Effect.sleep("3 seconds")))
    yield* Effect.forkChild(server.stop)
    yield* server.stop
    assert.strictEqual(yield* Clock.currentTimeMillis, 3020)
    assert.strictEqual(yield* failure(client.run(connection.pull)), "FIN")
    assert.strictEqual(yield* failure(client.run(dial)), "ECONNREFUSED")
    assert.strictEqual(yield* server.status, "Stopped")
    yield* server.restart
    assert.strictEqual(yield* client.run(Effect.flatMap(dial, (again) => say(again, "again"))), "again")
  })

  simulation("may be killed while it stops", function*() {
    const host = yield* Host.make("host")
    yield* host.run(Effect.addFinalizer(() => Effect.never))
    const stopping = yield* Effect.forkChild(host.stop)
    yield* Effect.sleep("1 second")
    yield* host.kill()
    yield* Fiber.join(stopping)
    assert.strictEqual(yield* host.status, "Killed")
  })
})

describe("a host that is paused", () => {
  simulation("does nothing, and does late what was due", function*() {
    const host = yield* Host.make("host")
    const woken = yield* Ref.make<ReadonlyArray<number>>([])
    const wake = Effect.flatMap(Clock.currentTimeMillis, (now) => Ref.update(woken, (times) => [...times, now]))
    yield* host.run(Effect.forkScoped(Effect.andThen(Effect.sleep("2 seconds"), wake)))
    yield* host.run(Effect.forkScoped(Effect.andThen(Effect.sleep("4 seconds"), wake)))
    yield* Effect.sleep("1 second")
    yield* host.pause
    assert.strictEqual(yield* host.status, "Paused")
    yield* Effect.sleep("9 seconds")
    assert.deepStrictEqual(yield* Ref.get(woken), [])
    yield* host.resume
    yield* Effect.sleep(1)
    assert.deepStrictEqual(yield* Ref.get(woken), [10_000, 10_000])
  })

  simulation("keeps its connections, which fill", function*() {
    const { client, connection, server } = yield* pair
    yield* server.pause
    const full = new Uint8Array(1_000_000)
    const writing = yield* Effect.forkChild(client.run(connection.write(new TextDecoder().decode(full))))
    yield* Effect.sleep("5 minutes")
    assert.isUndefined(writing.pollUnsafe())
    yield* server.resume
    const [first] = yield* client.run(connection.pull)
    assert.isAbove(first.length, 0)
  })

  simulation("may be killed, and lives again when it is restarted", function*() {
    const { client, server } = yield* pair
    yield* server.pause
    yield* server.restart
    assert.strictEqual(yield* client.run(Effect.flatMap(dial, (again) => say(again, "again"))), "again")
  })
})

describe("a host's disk", () => {
  const write = Effect.gen(function*() {
    const files = yield* FileSystem.FileSystem
    const log = yield* files.open("log", { flag: "a" })
    yield* log.writeAll(new TextEncoder().encode("first,"))
    yield* log.sync
    yield* log.writeAll(new TextEncoder().encode("second"))
  }).pipe(Effect.scoped)
  const read = Effect.flatMap(FileSystem.FileSystem, (files) => files.readFileString("log"))

  simulation("outlives a power cut", function*() {
    const host = yield* Host.make("host", write)
    const other = yield* Host.make("other")
    yield* Effect.sleep(1)
    yield* host.kill()
    yield* host.restart
    assert.strictEqual(yield* host.run(read), "first,second")
    assert.strictEqual((yield* Effect.flip(other.run(read)))._tag, "PlatformError")
  })

  simulation("loses what was not flushed in a power cut that is told so", function*() {
    const host = yield* Host.make("host")
    yield* host.run(write)
    yield* host.kill({ unflushed: "lost" })
    yield* host.restart
    assert.strictEqual(yield* host.run(read), "first,")
  })
})
