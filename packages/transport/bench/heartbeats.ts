/**
 * 1,000 hosts, each of which dials a server every 2 s for 10 simulated minutes, sends a heartbeat and awaits its echo.
 *
 * Run with node --conditions=@peerage/source packages/transport/bench/heartbeats.ts [hosts] [minutes]
 */
import { Console, Effect, Layer } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"
import { MemoryNetwork, MemoryTransport } from "../src/index.ts"
import { echo } from "../test/MemoryWorld.ts"

const hosts = Number(process.argv[2] ?? 1000)
const minutes = Number(process.argv[3] ?? 10)
const server = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4702")
const beat = new TextEncoder().encode(`{"<3": true}`)
const counted = { beats: 0, failed: 0 }

/** Echoes what comes. */
const serve = Effect.gen(function*() {
  const transport = yield* MemoryTransport.make("10.0.0.1")
  const listener = yield* transport.listen(server)
  yield* echo(listener)
})

const heartbeats = Effect.fnUntraced(function*(index: number) {
  const transport = yield* MemoryTransport.make(`10.1.${index >> 8}.${index & 255}`)
  yield* Effect.sleep(index * 2)
  while (true) {
    const answer = yield* Effect.exit(
      transport.request(server, beat, { answered: (bytes) => bytes.length === beat.length })
    )
    if (answer._tag === "Success" && answer.value.end === "Answered") counted.beats++
    else counted.failed++
    yield* Effect.sleep("2 seconds")
  }
})

const program = Effect.gen(function*() {
  yield* serve
  for (let index = 0; index < hosts; index++) yield* Effect.forkScoped(heartbeats(index))
  yield* TestClock.withLive(Effect.sleep(100))
  const started = performance.now()
  for (let second = 0; second < minutes * 60; second++) yield* TestClock.adjust("1 second")
  const seconds = (performance.now() - started) / 1000
  const events = yield* Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.events)
  yield* Console.log(
    `${hosts} hosts, ${minutes} simulated minutes: ${counted.beats} beats, ${counted.failed} failed, `
      + `${events} events, ${Math.round(events / seconds)} events/s, ${seconds.toFixed(1)} s`
  )
})

const world = MemoryNetwork.layer({ link: { latency: "20 millis" } }).pipe(Layer.provideMerge(TestClock.layer()))

Effect.runPromise(program.pipe(Effect.scoped, Effect.provide(world)))
