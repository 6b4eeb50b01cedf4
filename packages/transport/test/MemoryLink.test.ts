import { assert, it } from "@effect/vitest"
import { Clock, Effect, Queue } from "effect"
import { TestClock } from "effect/testing"
import { at, bytes, networked, pair, paired, settle, text } from "./MemoryWorld.ts"

networked("opens a connection after one round trip, and accepts it after one and a half", function*(network) {
  const listener = yield* network.transport("10.0.0.2").listen(at("10.0.0.2:80"))
  const accept = yield* Effect.forkChild(Queue.take(listener.accepted))
  const dial = yield* Effect.forkChild(network.transport("10.0.0.1").connect(at("10.0.0.2:80")))
  yield* TestClock.adjust(199)
  assert.isUndefined(dial.pollUnsafe())
  yield* TestClock.adjust(1)
  assert.isDefined(dial.pollUnsafe())
  yield* TestClock.adjust(99)
  assert.isUndefined(accept.pollUnsafe())
  yield* TestClock.adjust(1)
  assert.isDefined(accept.pollUnsafe())
}, { link: { latency: "100 millis" } })

paired(
  "delivers a write exactly after its length over the bandwidth, and the latency",
  function*({ dialed, accepted }) {
    dialed.write([new Uint8Array(1000)])
    dialed.write([new Uint8Array(500)])
    yield* TestClock.adjust(149)
    assert.isUndefined(accepted.take())
    yield* TestClock.adjust(1)
    assert.strictEqual(accepted.take()?.[0].length, 1000)
    yield* TestClock.adjust(49)
    assert.isUndefined(accepted.take())
    yield* TestClock.adjust(1)
    assert.strictEqual(accepted.take()?.[0].length, 500)
  },
  { link: { latency: "50 millis", bandwidth: 10_000 } }
)

paired("moves no more than a window per round trip", function*({ dialed, accepted }) {
  const received: Array<number> = []
  const start = yield* Clock.currentTimeMillis
  accepted.observe({
    readable: () => {
      for (const chunk of accepted.take() ?? []) received.push(chunk.length)
    },
    drained: () => {},
    closed: () => {}
  })
  dialed.write([new Uint8Array(5000)])
  for (const millis of [50, 150, 250, 350, 450]) {
    yield* TestClock.setTime(start + millis)
    assert.strictEqual(received.length, (millis + 50) / 100)
  }
  assert.deepStrictEqual(received, [1000, 1000, 1000, 1000, 1000])
}, { link: { latency: "50 millis" }, window: 1000, sendBuffer: 100_000 })

paired("can be changed at run time, one way", function*({ network, dialed, accepted }) {
  yield* network.setLink("10.0.0.1", "10.0.0.2", { latency: "1 second" }, { oneWay: true })
  dialed.write([bytes("slow")])
  accepted.write([bytes("fast")])
  yield* settle
  assert.strictEqual(text(dialed.take()), "fast")
  yield* TestClock.adjust(999)
  assert.isUndefined(accepted.take())
  yield* TestClock.adjust(1)
  assert.strictEqual(text(accepted.take()), "slow")
})

paired("keeps the order of a connection's bytes through loss and jitter", function*({ network, dialed, accepted }) {
  yield* network.setLink("10.0.0.1", "10.0.0.2", { loss: 0.3 })
  let sent = ""
  for (let number = 0; number < 200; number++) {
    sent += `${number},`
    dialed.write([bytes(`${number},`)])
  }
  let received = ""
  for (let second = 0; second < 120; second++) {
    yield* TestClock.adjust("1 second")
    received += text(accepted.take())
  }
  assert.strictEqual(received, sent)
  const lost = (yield* network.trace).filter(({ fate }) => fate === "Lost").length
  assert.isAbove(lost, 20)
}, { link: { latency: "10 millis", jitter: "50 millis" } })

paired(
  "delays a lost segment by a retransmission timeout of 200 ms and the round trip",
  function*({ network, dialed, accepted }) {
    yield* network.setLink("10.0.0.1", "10.0.0.2", { loss: 1 }, { oneWay: true })
    dialed.write([bytes("once more")])
    yield* network.setLink("10.0.0.1", "10.0.0.2", { loss: 0 }, { oneWay: true })
    yield* TestClock.adjust(229)
    assert.isUndefined(accepted.take())
    yield* TestClock.adjust(1)
    assert.strictEqual(text(accepted.take()), "once more")
  },
  { link: { latency: "10 millis" } }
)

it.effect("keeps writes apart, unless it is chaotic, and then loses none of their bytes", () =>
  Effect.gen(function*() {
    const words = "the quick brown fox jumps over the lazy dog and never comes back".split(" ")
    const tidy = yield* pair({})
    for (const word of words) tidy.dialed.write([bytes(word)])
    yield* settle
    assert.deepStrictEqual(tidy.accepted.take()?.map((chunk) => text([chunk])), words)
    const shapes = new Set<string>()
    for (let seed = 0; seed < 20; seed++) {
      const wild = yield* pair({ seed, segmentation: "chaotic" })
      for (const word of words) wild.dialed.write([bytes(word)])
      wild.dialed.close()
      yield* settle
      const chunks = (wild.accepted.take() ?? []).map((chunk) => text([chunk]))
      assert.strictEqual(chunks.join(""), words.join(""))
      shapes.add(chunks.join(" "))
    }
    assert.isAbove(shapes.size, 12)
  }))

paired(
  "carries 64 MiB to a slow reader without ever holding more than window, buffer and a write",
  function*({ network, dialed, accepted }) {
    const total = 64 * 1024 * 1024
    const chunk = new Uint8Array(64 * 1024)
    let written = 0
    const flood = () => {
      while (written < total) {
        written += chunk.length
        if (!dialed.write([chunk])) return
      }
    }
    dialed.observe({ readable: () => {}, drained: flood, closed: () => {} })
    flood()
    let received = 0
    let most = 0
    while (received < total) {
      yield* TestClock.adjust("10 millis")
      most = Math.max(most, yield* network.buffered)
      for (const part of accepted.take() ?? []) received += part.length
    }
    assert.strictEqual(received, total)
    // Not acknowledged yet and already received are the same bytes, counted on both sides.
    assert.isAtMost(most, 4 * 64 * 1024)
    assert.isAbove(most, 0)
    yield* TestClock.adjust("1 second")
    assert.strictEqual(yield* network.buffered, 0)
  },
  { link: { latency: "1 millis" } }
)
