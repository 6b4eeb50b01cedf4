/** Options that would turn a limit off, or that no network has. */
import { assert, describe, it } from "@effect/vitest"
import { Misuse } from "@peerage/testing"
import { MemoryNetwork, Places, Simulation } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const address = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:1")
const bytes = new Uint8Array(1)

const misused = Effect.map(MemoryNetwork.MemoryNetwork, (network) => {
  const { connect, datagram, dial, listen, request } = network.transport("10.0.0.1")
  return [
    ["maxConnections of a listener is NaN", listen(address, { maxConnections: NaN })],
    ["maxConnections of a listener is Infinity", listen(address, { maxConnections: Infinity })],
    ["maxPerAddress of a listener is 0", listen(address, { maxPerAddress: 0 })],
    ["backlog of a listener is -1", listen(address, { backlog: -1 })],
    ["idleLimit of a listener is NaN", listen(address, { idleLimit: NaN })],
    ["keepAlive of a listener is -1", listen(address, { keepAlive: -1 })],
    ["connectTimeout of a dial is Infinity", connect(address, { connectTimeout: Infinity })],
    ["connectTimeout of a dial is -1", dial(address, { connectTimeout: -1 }).reader],
    ["from.port of a dial is 65536", connect(address, { from: { port: 65_536 } })],
    ["answerWithin of a request is NaN", request(address, bytes, { answerWithin: NaN })],
    ["answerLimit of a request is -1", request(address, bytes, { answerLimit: -1 })],
    ["keepAlive of a dial is NaN", request(address, bytes, { keepAlive: NaN })],
    ["capacity of a datagram socket is 0", datagram({ bind: address, capacity: 0 })],
    ["maxPerNetwork of a listener is NaN", listen(address, { maxPerNetwork: NaN })],
    ["maxHandshakes of Places.forHandshakes is NaN", limit(NaN, 1)],
    ["maxHandshakesPerAddress of Places.forHandshakes is -1", limit(1, -1)],
    ["all of Places is NaN", places({ all: NaN })],
    ["perNetwork of Places is 0", places({ all: 1, perNetwork: 0 })]
  ] as const
})

const limit = (maxHandshakes: number, maxHandshakesPerAddress: number) =>
  Effect.sync(() => Places.forHandshakes({ maxHandshakes, maxHandshakesPerAddress, maxHandshakesPerNetwork: 1 }))
const places = (bounds: Places.Bounds) => Effect.sync(() => new Places.Places({ of: "guests", ...bounds }))

const networks: ReadonlyArray<readonly [says: string, options: object]> = [
  ["window of MemoryNetwork.make is 0", { window: 0 }],
  ["window of MemoryNetwork.make is NaN", { window: NaN }],
  ["sendBuffer of MemoryNetwork.make is -1", { sendBuffer: -1 }],
  ["segment of MemoryNetwork.make is 0", { segment: 0 }],
  ["segmentation of MemoryNetwork.make is \"all\"", { segmentation: "all" }],
  ["userTimeout of MemoryNetwork.make is NaN", { userTimeout: NaN }],
  ["userTimeout of MemoryNetwork.make is Infinity", { userTimeout: Infinity }],
  ["prefix of MemoryNetwork.make is 33", { prefix: 33 }],
  ["traceEntries of MemoryNetwork.make is -1", { traceEntries: -1 }],
  ["traceBytes of MemoryNetwork.make is NaN", { traceBytes: NaN }],
  ["seed of MemoryNetwork.make is NaN", { seed: NaN }]
]

const links: ReadonlyArray<readonly [says: string, options: object]> = [
  ["loss of a simulated link is NaN", { loss: NaN }],
  ["loss of a simulated link is 1.5", { loss: 1.5 }],
  ["latency of a simulated link is -1", { latency: -1 }],
  ["latency of a simulated link is NaN", { latency: NaN }],
  ["jitter of a simulated link is Infinity", { jitter: Infinity }],
  ["bandwidth of a simulated link is -5", { bandwidth: -5 }],
  ["bandwidth of a simulated link is 0", { bandwidth: 0 }],
  ["duplication of a simulated link is -0.5", { duplication: -0.5 }],
  ["reordering of a simulated link is 2", { reordering: 2 }],
  ["reorderDelay of a simulated link is \"later\"", { reorderDelay: "later" }]
]

describe("a simulation", () => {
  it.effect.each(networks)("dies at once: %s", ([says, options]) =>
    Effect.gen(function*() {
      const sentence = yield* Misuse.sentence(MemoryNetwork.make(options))
      assert.include(sentence, `The option ${says}. Give `)
    }).pipe(Effect.scoped))

  it.effect.each(links)(
    "dies at once, for all links and when one is set: %s",
    ([says, link]) =>
      Effect.gen(function*() {
        const network = yield* MemoryNetwork.make()
        for (const address of ["10.0.0.1", "10.0.0.2"]) network.transport(address)
        const set = network.setLink("10.0.0.1", "10.0.0.2", link)
        const all = Effect.flatMap(MemoryNetwork.make({ link }), ({ trace }) => trace)
        for (const effect of [set, all]) assert.include(yield* Misuse.sentence(effect), `The option ${says}. Give `)
      }).pipe(Effect.scoped)
  )

  it.effect("passes no time that is negative, none or endless", () =>
    Effect.gen(function*() {
      for (const time of [NaN, -1, Infinity]) {
        const sentence = yield* Misuse.sentence(Simulation.elapse(time))
        assert.include(sentence, "The option duration of Simulation.elapse is ")
      }
    }).pipe(Effect.provide(MemoryNetwork.layer())))
})

describe("an option that cannot be", () => Misuse.named(misused))
