import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { bytes, ended, pair, paired, settle, text } from "./MemoryWorld.ts"

paired("sends RST instead of FIN when closed with bytes unread", function*({ dialed, accepted }) {
  dialed.write([bytes("unread")])
  yield* settle
  accepted.close()
  yield* settle
  assert.strictEqual(ended(accepted), "closed")
  assert.strictEqual(ended(dialed), "ECONNRESET")
})

paired("answers bytes that arrive after a close with RST", function*({ dialed, accepted }) {
  accepted.close()
  yield* settle
  assert.strictEqual(ended(dialed), "FIN")
  dialed.write([bytes("late")])
  yield* settle
  assert.strictEqual(ended(dialed), "FIN")
  assert.isDefined(dialed.broken())
})

paired("delivers what is written never inside the call, and as it was then", function*({ dialed, accepted }) {
  const message = bytes("before")
  let told = 0
  accepted.observe({ readable: () => told++, drained: () => {}, closed: () => {} })
  dialed.write([message])
  assert.strictEqual(told, 0)
  message.fill(0)
  yield* settle
  assert.strictEqual(told, 1)
  assert.strictEqual(text(accepted.take()), "before")
})

it.effect("lets no RST overtake the bytes before it, whatever the jitter", () =>
  Effect.gen(function*() {
    for (let seed = 0; seed < 20; seed++) {
      const { dialed, accepted } = yield* pair({ seed, link: { jitter: "100 millis" } })
      let received = ""
      accepted.observe({ readable: () => received += text(accepted.take()), drained: () => {}, closed: () => {} })
      dialed.write([bytes("last words")])
      dialed.reset()
      yield* TestClock.adjust("1 second")
      assert.strictEqual(received, "last words")
      assert.strictEqual(ended(accepted), "ECONNRESET")
    }
  }))

paired("resets a closed connection whose peer takes nothing for 30 seconds", function*({ dialed, accepted }) {
  let closed = 0
  dialed.observe({ readable: () => {}, drained: () => {}, closed: () => closed++ })
  while (dialed.write([new Uint8Array(30_000)]));
  dialed.close()
  yield* TestClock.adjust("20 seconds")
  accepted.take()
  // Taking let some more bytes go, so the patience begins anew.
  yield* TestClock.adjust("29999 millis")
  assert.strictEqual(ended(accepted), "open")
  assert.strictEqual(closed, 0)
  yield* TestClock.adjust("1 millis")
  assert.strictEqual(ended(accepted), "ECONNRESET")
  assert.strictEqual(closed, 1)
})

it.effect("waits 60 seconds for the other side's FIN, and answers with RST after that", () =>
  Effect.gen(function*() {
    for (const [wait, end] of [["59 seconds", "FIN"], ["61 seconds", "RST"]] as const) {
      const { network, dialed, accepted } = yield* pair()
      dialed.close()
      yield* TestClock.adjust(wait)
      accepted.close()
      yield* settle
      assert.strictEqual((yield* network.trace).at(-1)?.kind, end)
    }
  }))

paired("tells the program of a killed host", function*({ network, accepted }) {
  const signals: Array<string> = []
  accepted.observe({
    readable: () => signals.push("readable"),
    drained: () => signals.push("drained"),
    closed: () => signals.push("closed")
  })
  yield* network.kill("10.0.0.2")
  yield* settle
  assert.deepStrictEqual(signals, ["readable", "drained", "closed"])
})

paired("finds a restarted host though its first RST is lost", function*({ network, dialed }) {
  yield* network.restart("10.0.0.2")
  yield* network.partition("10.0.0.2", "10.0.0.1", { oneWay: true })
  dialed.write([bytes("hello?")])
  yield* settle
  assert.strictEqual(ended(dialed), "open")
  yield* network.healAll
  yield* TestClock.adjust("200 millis")
  assert.strictEqual(ended(dialed), "ECONNRESET")
})
