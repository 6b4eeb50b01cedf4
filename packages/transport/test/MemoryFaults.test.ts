import { assert, describe, it } from "@effect/vitest"
import { SocketFailure } from "@peerage/transport"
import { Effect, Fiber, Queue } from "effect"
import { TestClock } from "effect/testing"
import { at, bytes, ended, errno, networked, pair, paired, settle, text } from "./MemoryWorld.ts"

describe("a partition", () => {
  paired(
    "delivers what was written meanwhile with the first retransmission after it heals",
    function*({ network, dialed, accepted }) {
      yield* network.partition("10.0.0.1", "10.0.0.2")
      dialed.write([bytes("one")])
      dialed.write([bytes("two")])
      // Retransmissions fall due 200, 600, 1400 and 3000 ms after the first attempt.
      yield* TestClock.adjust("1500 millis")
      yield* network.heal("10.0.0.1", "10.0.0.2")
      yield* TestClock.adjust("1499 millis")
      assert.isUndefined(accepted.take())
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(text(accepted.take()), "onetwo")
    }
  )

  paired("blocks one direction only when asked to", function*({ network, dialed, accepted }) {
    yield* network.partition("10.0.0.1", "10.0.0.2", { oneWay: true })
    accepted.write([bytes("heard")])
    dialed.write([bytes("unheard")])
    yield* settle
    assert.strictEqual(text(dialed.take()), "heard")
    assert.isUndefined(accepted.take())
    assert.deepStrictEqual(yield* network.partitions, [{ from: "10.0.0.1", to: "10.0.0.2" }])
    yield* network.healAll
    assert.deepStrictEqual(yield* network.partitions, [])
    yield* TestClock.adjust("200 millis")
    assert.strictEqual(text(accepted.take()), "unheard")
  })

  paired(
    "loses acknowledgements too: a writer that is heard but hears nothing gives up",
    function*({ network, dialed, accepted }) {
      yield* network.partition("10.0.0.2", "10.0.0.1", { oneWay: true })
      dialed.write([bytes("heard once")])
      yield* TestClock.adjust("29999 millis")
      assert.strictEqual(text(accepted.take()), "heard once")
      assert.strictEqual(ended(dialed), "open")
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(ended(dialed), "ETIMEDOUT")
      assert.isUndefined(accepted.take())
    },
    { userTimeout: "30 seconds" }
  )

  // Sums of fractions are rounded, so that the moment to give up may seem to come a trifle too early, for ever.
  it.effect("is found, by writers and by keep-alive, where links take any fraction of a millisecond", () =>
    Effect.gen(function*() {
      for (let seed = 0; seed < 50; seed++) {
        const { network, dialed, accepted } = yield* pair(
          { seed, userTimeout: "30 seconds", link: { latency: "5 millis", jitter: "5 millis" } },
          { listen: { keepAlive: "15 seconds" } }
        )
        accepted.write([bytes("heard")])
        yield* TestClock.adjust(7.007)
        yield* network.partition("10.0.0.1", "10.0.0.2")
        dialed.write([bytes("unheard")])
        yield* TestClock.adjust("31 seconds")
        assert.deepStrictEqual([ended(dialed), ended(accepted)], ["ETIMEDOUT", "ETIMEDOUT"])
      }
    }))

  networked("separates sets of hosts", function*(network) {
    const [a, b, c] = [network.transport("10.0.0.1"), network.transport("10.0.0.2"), network.transport("10.0.0.3")]
    yield* b.listen(at("10.0.0.2:80"))
    yield* c.listen(at("10.0.0.3:80"))
    yield* network.partition(["10.0.0.1", "10.0.0.2"], ["10.0.0.3"])
    ;(yield* a.connect(at("10.0.0.2:80"))).close()
    const cut = yield* Effect.forkChild(errno(b.connect(at("10.0.0.3:80"), { connectTimeout: 5000 })))
    yield* TestClock.adjust(5000)
    assert.strictEqual(yield* Fiber.join(cut), "ETIMEDOUT")
  })

  paired("does not lose the update of a window that opened meanwhile", function*({ network, dialed, accepted }) {
    assert.isFalse(dialed.write([new Uint8Array(1500)]))
    yield* settle
    yield* network.partition("10.0.0.1", "10.0.0.2")
    assert.strictEqual(accepted.take()?.[0].length, 1000)
    yield* network.healAll
    yield* TestClock.adjust("200 millis")
    assert.strictEqual(accepted.take()?.[0].length, 500)
  }, { window: 1000, sendBuffer: 1 })
})

describe("a killed host", () => {
  paired("is noticed by a reader only when it writes, after the user timeout", function*({ network, dialed }) {
    yield* network.kill("10.0.0.2")
    yield* TestClock.adjust("1 day")
    assert.strictEqual(ended(dialed), "open")
    dialed.write([bytes("anybody?")])
    yield* TestClock.adjust("59999 millis")
    assert.strictEqual(ended(dialed), "open")
    yield* TestClock.adjust("1 millis")
    assert.strictEqual(ended(dialed), "ETIMEDOUT")
    const broken = dialed.broken()
    assert.strictEqual(broken === undefined ? undefined : SocketFailure.errno(broken), "ETIMEDOUT")
  }, { userTimeout: "1 minute" })

  paired(
    "is found by keep-alive after the idle time and ten seconds, to the millisecond",
    function*({ network, dialed }) {
      dialed.write([bytes("last word")])
      yield* settle
      yield* network.kill("10.0.0.2")
      yield* TestClock.adjust("69999 millis")
      assert.strictEqual(ended(dialed), "open")
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(ended(dialed), "ETIMEDOUT")
    },
    {},
    { dial: { keepAlive: "60 seconds" } }
  )

  paired("fails the sockets of its own program", function*({ network, accepted }) {
    yield* network.kill("10.0.0.2")
    yield* settle
    assert.strictEqual(ended(accepted), "ECONNABORTED")
  })

  paired("does not answer dials, which give up after 127 seconds", function*({ network, near }) {
    yield* network.kill("10.0.0.2")
    const dial = yield* Effect.forkChild(errno(near.connect(at("10.0.0.2:4702"))))
    yield* TestClock.adjust("126999 millis")
    assert.isUndefined(dial.pollUnsafe())
    yield* TestClock.adjust("1 millis")
    assert.strictEqual(yield* Fiber.join(dial), "ETIMEDOUT")
  })
})

describe("keep-alive", () => {
  paired(
    "leaves an idle connection to a living host alone",
    function*({ dialed, network }) {
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(ended(dialed), "open")
      assert.isAbove((yield* network.trace).filter(({ kind }) => kind === "PROBE").length, 50)
    },
    {},
    { dial: { keepAlive: "60 seconds" } }
  )

  paired(
    "finds out that the host was restarted",
    function*({ dialed, network }) {
      yield* network.restart("10.0.0.2")
      yield* TestClock.adjust("60 seconds")
      assert.strictEqual(ended(dialed), "ECONNRESET")
    },
    {},
    { dial: { keepAlive: "60 seconds" } }
  )
})

describe("a restarted host", () => {
  paired("answers bytes for a connection of before with RST", function*({ network, dialed }) {
    yield* network.kill("10.0.0.2")
    yield* network.restart("10.0.0.2")
    yield* TestClock.adjust("1 hour")
    assert.strictEqual(ended(dialed), "open")
    dialed.write([bytes("remember me?")])
    yield* settle
    assert.strictEqual(ended(dialed), "ECONNRESET")
  })

  paired("refuses dials until its program listens again", function*({ network, near, far }) {
    yield* network.restart("10.0.0.2")
    assert.strictEqual(yield* errno(near.connect(at("10.0.0.2:4702"))), "ECONNREFUSED")
    yield* far.listen(at("10.0.0.2:4702"))
    ;(yield* near.connect(at("10.0.0.2:4702"))).close()
  })
})

describe("a clogged reader", () => {
  paired("shuts the window, and gets everything when it is unclogged", function*({ network, dialed, accepted }) {
    yield* network.clog(accepted)
    while (dialed.write([new Uint8Array(10_000)]));
    yield* settle
    assert.isUndefined(accepted.take())
    assert.isFalse(dialed.write([new Uint8Array(1)]))
    let readable = 0
    accepted.observe({ readable: () => readable++, drained: () => {}, closed: () => {} })
    yield* network.unclog(accepted)
    yield* settle
    assert.strictEqual(readable, 1)
    assert.strictEqual(accepted.take()?.length, 6)
  })

  paired("may be a whole host", function*({ network, dialed, accepted }) {
    yield* network.clog("10.0.0.2")
    dialed.write([bytes("hello")])
    dialed.close()
    yield* settle
    assert.isUndefined(accepted.take())
    assert.strictEqual(ended(accepted), "open")
    yield* network.unclog("10.0.0.2")
    assert.strictEqual(text(accepted.take()), "hello")
    assert.strictEqual(ended(accepted), "FIN")
  })
})

describe("a reset", () => {
  paired("ends the connections of two hosts at both ends, and no others", function*({ network, dialed, accepted }) {
    yield* network.reset("10.0.0.1", "10.0.0.3")
    yield* settle
    assert.strictEqual(ended(dialed), "open")
    yield* network.reset("10.0.0.2", "10.0.0.1")
    yield* settle
    assert.strictEqual(ended(dialed), "ECONNRESET")
    assert.strictEqual(ended(accepted), "ECONNRESET")
  })

  paired("may be of one connection", function*({ network, dialed, accepted, near }) {
    const other = yield* near.connect(at("10.0.0.2:4702"))
    yield* settle
    const [first, second] = yield* network.connections("10.0.0.2")
    assert.deepStrictEqual([first?.remote, second?.remote], [dialed.local, other.local])
    if (first !== undefined) yield* network.reset(first)
    yield* settle
    assert.deepStrictEqual([ended(dialed), ended(accepted), ended(other)], ["ECONNRESET", "ECONNRESET", "open"])
    assert.lengthOf(yield* network.connections(["10.0.0.1", "10.0.0.2"]), 2)
  })

  paired("of one host ends all of its connections", function*({ network, dialed, accepted }) {
    yield* network.reset("10.0.0.1")
    yield* settle
    assert.strictEqual(ended(dialed), "ECONNRESET")
    assert.strictEqual(ended(accepted), "ECONNRESET")
  })
})

describe("a mute host", () => {
  networked("accepts, says nothing, and hears of it later", function*(network) {
    const listener = yield* network.transport("10.0.0.2").listen(at("10.0.0.2:80"))
    yield* network.mute("10.0.0.2")
    const dialed = yield* network.transport("10.0.0.1").connect(at("10.0.0.2:80"))
    const gone = yield* network.transport("10.0.0.1").connect(at("10.0.0.2:80"))
    dialed.write([bytes("hello?")])
    gone.reset()
    yield* settle
    assert.strictEqual(ended(dialed), "open")
    assert.deepStrictEqual(yield* Queue.clear(listener.accepted), [])
    yield* network.unmute("10.0.0.2")
    yield* settle
    const [accepted, ...others] = yield* Queue.clear(listener.accepted)
    assert.strictEqual(text(accepted?.take()), "hello?")
    assert.deepStrictEqual(others, [])
  })
})

describe("a link", () => {
  networked("says what it is like", function*(network) {
    yield* network.setLink("10.0.0.1", "10.0.0.2", { latency: "1 second", loss: 0.5 }, { oneWay: true })
    const { latency, loss } = yield* network.link("10.0.0.1", "10.0.0.2")
    assert.deepStrictEqual([latency, loss], [1000, 0.5])
    assert.strictEqual((yield* network.link("10.0.0.2", "10.0.0.1")).loss, 0)
  })
})
