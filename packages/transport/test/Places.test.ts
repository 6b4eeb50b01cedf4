import { assert, describe, it } from "@effect/vitest"
import { Places } from "@peerage/transport"
import { Context, Deferred, Effect, Exit, Fiber, Option, Ref } from "effect"

class Name extends Context.Service<Name, string>()("test/Name") {}

const bounds: Places.HandshakeLimits = { maxHandshakes: 3, maxHandshakesPerAddress: 2, maxHandshakesPerNetwork: 3 }

/** Handshakes that end when told to. Each is silent from its beginning on. */
const handshakes = Effect.sync(() => {
  const places = Places.forHandshakes(bounds)
  let now = 0
  const hold = <A, E, R>(host: string, use: Effect.Effect<A, E, R>) => {
    const since = now++
    return Places.hold(places, { host, silentSince: () => since }, use)
  }
  const begin = Effect.fnUntraced(function*(host: string) {
    const done = yield* Deferred.make<string, string>()
    const fiber = yield* Effect.forkChild(hold(host, Deferred.await(done)), { startImmediately: true })
    return { done, fiber }
  })
  return { begin, hold, refused: (host: string) => Effect.flip(hold(host, Effect.void)) }
})

describe("handshakes", () => {
  it.effect("are limited for one address; above the limit of all, a newcomer takes the place of a silent one", () =>
    Effect.gen(function*() {
      const { begin, hold, refused } = yield* handshakes
      const first = yield* begin("10.0.0.2")
      yield* begin("10.0.0.2")
      assert.deepInclude(yield* refused("10.0.0.2"), { of: "joiners from 10.0.0.2", limit: 2 })
      yield* begin("10.0.0.3")
      assert.strictEqual(yield* hold("10.0.0.4", Effect.succeed("in")), "in")
      assert.deepInclude(yield* Effect.flip(Fiber.join(first.fiber)), { _tag: "TooMany", of: "joiners", limit: 3 })
    }))

  it.effect.each(
    [
      ["succeeds", (done: Deferred.Deferred<string, string>) => Deferred.succeed(done, "in")],
      ["fails", (done: Deferred.Deferred<string, string>) => Deferred.fail(done, "out")]
    ] as const
  )("have room again once one %s", ([, end]) =>
    Effect.gen(function*() {
      const { begin, hold, refused } = yield* handshakes
      const first = yield* begin("10.0.0.2")
      yield* begin("10.0.0.2")
      yield* end(first.done)
      yield* Fiber.await(first.fiber)
      assert.strictEqual(yield* hold("10.0.0.2", Effect.succeed("in")), "in")
      yield* begin("10.0.0.2")
      assert.strictEqual((yield* refused("10.0.0.2"))._tag, "TooMany")
    }))

  it.effect("have room again once one is interrupted", () =>
    Effect.gen(function*() {
      const { begin, hold } = yield* handshakes
      const first = yield* begin("10.0.0.2")
      yield* begin("10.0.0.2")
      yield* Fiber.interrupt(first.fiber)
      assert.strictEqual(yield* hold("10.0.0.2", Effect.succeed("in")), "in")
    }))
})

describe("a handshake", () => {
  /** A handshake that never ends by itself, and counts how often it was cleaned up. */
  const endless = Effect.gen(function*() {
    const scene = yield* handshakes
    const ends = yield* Ref.make<ReadonlyArray<string>>([])
    const cleanUp = Effect.andThen(Effect.yieldNow, Ref.update(ends, (before) => [...before, "cleaned up"]))
    const use = Effect.ensuring(Effect.never, cleanUp)
    return { ...scene, ends, use }
  })

  it.effect("that loses its place is interrupted, and fails when it has cleaned up, once", () =>
    Effect.gen(function*() {
      const { begin, ends, hold, use } = yield* endless
      const ended = (error: { readonly _tag: string }) => Ref.update(ends, (before) => [...before, error._tag])
      const loser = yield* Effect.forkChild(Effect.tapError(hold("10.0.0.2", use), ended), { startImmediately: true })
      yield* begin("10.0.0.2")
      yield* begin("10.0.0.3")
      yield* begin("10.0.0.4")
      assert.deepInclude(yield* Effect.flip(Fiber.join(loser)), { _tag: "TooMany", of: "joiners", limit: 3 })
      assert.deepStrictEqual(yield* Ref.get(ends), ["cleaned up", "TooMany"])
    }))

  it.effect("that is interrupted from outside stays interrupted, and cleans up before that, once", () =>
    Effect.gen(function*() {
      const { ends, hold, use } = yield* endless
      const fiber = yield* Effect.forkChild(hold("10.0.0.2", use), { startImmediately: true })
      yield* Fiber.interrupt(fiber)
      const exit = yield* Fiber.await(fiber)
      assert.isTrue(Exit.hasInterrupts(exit) && Option.isNone(Exit.findErrorOption(exit)))
      assert.deepStrictEqual(yield* Ref.get(ends), ["cleaned up"])
    }))

  it.effect("that interrupts itself is no lost place", () =>
    Effect.gen(function*() {
      const { hold } = yield* handshakes
      const exit = yield* Effect.exit(hold("10.0.0.2", Effect.interrupt))
      assert.isTrue(Exit.hasInterrupts(exit) && Option.isNone(Exit.findErrorOption(exit)))
    }))

  it.effect("that loses its place before it first waits does not go on", () =>
    Effect.gen(function*() {
      const { begin, ends, hold, use } = yield* endless
      const crowd = Effect.forEach(["10.0.0.2", "10.0.0.3", "10.0.0.4"], begin)
      assert.strictEqual((yield* Effect.flip(hold("10.0.0.2", Effect.andThen(crowd, use))))._tag, "TooMany")
      assert.deepStrictEqual(yield* Ref.get(ends), ["cleaned up"])
    }))

  it.effect("runs with the services of its caller", () =>
    Effect.gen(function*() {
      const { hold } = yield* handshakes
      const named = hold("10.0.0.2", Effect.service(Name))
      assert.strictEqual(yield* Effect.provideService(named, Name, "ann"), "ann")
    }))
})

describe("one that waits for a place", () => {
  const waitingRoom = Effect.sync(() => {
    const places = new Places.Places({ of: "commands", all: 1, waiting: { all: 1, perAddress: 1 } })
    return (host: string, use: Effect.Effect<string>, meanwhile?: Effect.Effect<never>) =>
      Effect.forkChild(Places.hold(places, { host, silentSince: () => 0 }, use, meanwhile), { startImmediately: true })
  })

  it.effect("runs something else meanwhile, and then what it waits for", () =>
    Effect.gen(function*() {
      const come = yield* waitingRoom
      const told = yield* Ref.make<ReadonlyArray<string>>([])
      const tell = (word: string) => Ref.update(told, (before) => [...before, word])
      const first = yield* come("10.0.0.2", Effect.never)
      const meanwhile = Effect.onInterrupt(Effect.andThen(tell("waits"), Effect.never), () => tell("waits no more"))
      const second = yield* come("10.0.0.2", Effect.as(tell("runs"), "done"), meanwhile)
      assert.deepStrictEqual(yield* Ref.get(told), ["waits"])
      yield* Fiber.interrupt(first)
      assert.strictEqual(yield* Fiber.join(second), "done")
      assert.deepStrictEqual(yield* Ref.get(told), ["waits", "waits no more", "runs"])
    }))

  it.effect("fails when its turn goes to another, without having run", () =>
    Effect.gen(function*() {
      const come = yield* waitingRoom
      yield* come("10.0.0.2", Effect.never)
      const waiting = yield* come("10.0.0.2", Effect.die("it ran"))
      yield* come("10.0.0.3", Effect.never)
      assert.deepInclude(yield* Effect.flip(Fiber.join(waiting)), { _tag: "TooMany", of: "waiting commands" })
    }))
})
