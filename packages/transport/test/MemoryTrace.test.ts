import { assert } from "@effect/vitest"
import { Trace } from "@peerage/transport"
import { Effect, Fiber, Queue, Stream } from "effect"
import { TestClock } from "effect/testing"
import { at, bytes, connect, networked } from "./MemoryWorld.ts"

const dialogue = [
  "            10.0.0.1                                        10.0.0.2",
  "         0  |-------------------- SYN --------------------->|  :32768 -> :4702",
  "        10  |<------------------ SYN-ACK -------------------|  :4702 -> :32768",
  "      1000  |--------- DATA 16 \"{\"user\":\"ann\"}..\" --------->|  :32768 -> :4702",
  "      1010  |<---------- DATA 14 \"..[31mhostile.\" ----------|  :4702 -> :32768",
  "      1020  |x--- DATA 14 (Partitioned) \"..[31mhostile.\" ---|  :4702 -> :32768",
  "      1020  |-- DATA 56 (Partitioned) \"a sentence much.. --x|  :32768 -> :4702",
  "      1220  |------ again DATA 16 \"{\"user\":\"ann\"}..\" ------>|  :32768 -> :4702",
  "      1230  |<------- again DATA 14 \"..[31mhostile.\" -------|  :4702 -> :32768",
  "      1240  |-- again DATA 56 \"a sentence much too lon.. -->|  :32768 -> :4702",
  "      2020  |<-------------------- RST ---------------------|  :4702 -> :32768"
]

networked("draws a dialogue as a chart that can be read", function*(network) {
  const near = network.transport("10.0.0.1")
  const far = network.transport("10.0.0.2")
  const { dialed, accepted } = yield* connect(near, far, "10.0.0.2:4702")
  dialed.write([bytes("{\"user\":\"ann\"}\r\n")])
  yield* TestClock.adjust(10)
  accepted.take()
  accepted.write([bytes("\u0000\u001b[31mhostile\u0007")])
  yield* network.partition("10.0.0.1", "10.0.0.2")
  yield* TestClock.adjust(10)
  dialed.write([bytes("a sentence much too long for the space between two hosts")])
  yield* network.healAll
  yield* TestClock.adjust(1000)
  accepted.reset()
  yield* TestClock.adjust(10)
  const chart = Trace.chart(yield* network.trace)
  assert.strictEqual(chart, dialogue.join("\n"))
  const [heading] = Trace.chart(yield* network.trace, { hosts: ["10.0.0.2", "10.0.0.3"] }).split("\n")
  assert.match(heading ?? "", /^ {12}10\.0\.0\.2 +10\.0\.0\.3 +10\.0\.0\.1$/)
}, { link: { latency: "10 millis" } })

networked("keeps the latest entries, and of each the first bytes", function*(network) {
  const { dialed } = yield* connect(network.transport("10.0.0.1"), network.transport("10.0.0.2"), "10.0.0.2:80")
  for (const word of ["one", "two", "three", "four"]) dialed.write([bytes(word)])
  const kept = (yield* network.trace).map((entry) => `${entry.length} ${new TextDecoder().decode(entry.bytes)}`)
  assert.deepStrictEqual(kept, ["3 tw", "5 th", "4 fo"])
}, { traceEntries: 3, traceBytes: 2 })

networked("can be watched as it happens", function*(network) {
  const listener = yield* network.transport("10.0.0.2").listen(at("10.0.0.2:80"))
  const watching = yield* Effect.forkChild(network.entries.pipe(Stream.take(2), Stream.runCollect), {
    startImmediately: true
  })
  const pipe = yield* network.transport("10.0.0.1").connect(listener.address)
  ;(yield* Queue.take(listener.accepted)).close()
  pipe.close()
  const kinds = (yield* Fiber.join(watching)).map(({ kind }) => kind)
  assert.deepStrictEqual(kinds, ["SYN", "SYN-ACK"])
})
