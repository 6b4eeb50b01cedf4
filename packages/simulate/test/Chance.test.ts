/** Clocks and chance of each host: from the seed and its name, and nothing else. */
import { assert, describe, it } from "@effect/vitest"
import { Host, Simulation, Theatre } from "@peerage/simulate"
import { Misuse, Property } from "@peerage/testing"
import { Trace, Transport } from "@peerage/transport"
import { Clock, Effect, Layer, Random, Schedule } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { dial, echo, failure, say, simulation } from "./Kit.ts"

const bad = { latency: "20 millis", jitter: "30 millis", loss: 0.1 } as const

/** Calls the server again and again, at times that chance has chosen. */
const calling = Effect.flatMap(dial, (connection) =>
  Effect.gen(function*() {
    yield* say(connection, `call ${yield* Random.nextIntBetween(0, 1000)}`)
    yield* Effect.sleep(yield* Random.nextIntBetween(1, 1000))
  }).pipe(Effect.forever))

/** What a server and a client say to each other in a minute; with strangers, who talk to each other. */
const talk = (seed: number, strangers: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const { network } = yield* Theatre.Theatre
    for (const name of strangers) {
      yield* Host.make(
        name,
        Effect.flatMap(Transport.Transport, (transport) =>
          transport.request(NetAddress.inetAddressFromStringUnsafe("10.9.0.1:80"), new Uint8Array(9)).pipe(
            Effect.ignore,
            Effect.repeat(Schedule.spaced("333 millis"))
          )),
        { address: `10.9.0.${strangers.indexOf(name) + 1}` }
      )
    }
    yield* Host.make("server", echo, { address: "10.0.0.1" })
    yield* Host.make("client", calling, { address: "10.0.0.2" })
    yield* Effect.sleep("1 minute")
    return Trace.format((yield* network.trace).filter(({ from }) =>
      from.startsWith("10.0.")
    ))
  }).pipe(Simulation.run({ seed, link: bad, segmentation: "chaotic", traceEntries: 100_000 }))

describe("chance", () => {
  it.effect.each(Property.seeds(2))(
    "of a host is its own: others change nothing for it (seed %i)",
    (seed) =>
      Effect.gen(function*() {
        const alone = yield* talk(seed, [])
        assert.isAbove(alone.split("\n").length, 200)
        assert.include(alone, "Lost")
        assert.isTrue(alone === (yield* talk(seed, ["x"])))
        assert.isTrue(alone === (yield* talk(seed, ["x", "y", "z"])))
        assert.isFalse(alone === (yield* talk(seed + 1, [])))
      })
  )

  simulation("goes on after a restart, and differs from host to host", function*() {
    const one = yield* Host.make("one")
    const two = yield* Host.make("two")
    const first = yield* one.run(Random.next)
    yield* one.restart
    const others = [yield* one.run(Random.next), yield* two.run(Random.next), yield* Random.next]
    assert.strictEqual(new Set([first, ...others]).size, 4)
  })
})

describe("the clock of a host", () => {
  simulation("may be wrong by a constant", function*() {
    const late = yield* Host.make("late", Layer.empty, { skew: "-2 seconds" })
    yield* Effect.sleep("10 seconds")
    assert.strictEqual(yield* late.run(Clock.currentTimeMillis), 8000)
    assert.strictEqual(yield* late.run(Clock.monotonicTimeNanos), 10_000_000_000n)
    yield* late.run(Effect.sleep("1 second"))
    assert.strictEqual(yield* Clock.currentTimeMillis, 11_000)
  })

  simulation("may run fast, with all of its timers", function*() {
    const fast = yield* Host.make("fast", Layer.empty, { drift: 0.25 })
    yield* fast.run(Effect.sleep("10 seconds"))
    assert.strictEqual(yield* Clock.currentTimeMillis, 8000)
    assert.strictEqual(yield* fast.run(Clock.currentTimeMillis), 10_000)
  })

  simulation("shows whole milliseconds, so that fixed intervals have their length", function*() {
    yield* Effect.sleep(43_685.8)
    let ticks = 0
    const ticking = Effect.repeat(Effect.sync(() => ticks++), Schedule.fixed("10 seconds"))
    const host = yield* Host.make("host", ticking)
    yield* Effect.sleep("2999 seconds")
    assert.strictEqual(ticks, 300)
    assert.strictEqual(yield* host.run(Clock.currentTimeMillis), 3_042_685)
    assert.strictEqual(yield* host.run(Clock.currentTimeNanos), 3_042_685_800_000n)
  })

  simulation("is the one in which its listeners count idle time", function*() {
    const program = Effect.flatMap(
      Transport.Transport,
      (transport) =>
        transport.listen(NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4702"), { idleLimit: "1 minute" })
    )
    yield* Host.make("server", Layer.effectDiscard(program), { address: "10.0.0.1", skew: "1 hour" })
    const client = yield* Host.make("client")
    const connection = yield* client.run(dial)
    assert.strictEqual(yield* failure(client.run(connection.pull)), "ECONNRESET")
    assert.closeTo(yield* Clock.currentTimeMillis, 60_030, 15)
  })

  simulation("is misused with numbers that no clock has, all of which are named", function*() {
    assert.match(
      yield* Misuse.sentence(Host.make("host", Layer.empty, { skew: Infinity, drift: -1, disk: { capacity: NaN } })),
      /^The option skew of Host.make is Infinity. Give .* The option drift of Host.make is -1. Give a number above -1/
    )
  })
})
