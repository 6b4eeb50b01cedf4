import { assert, describe, it } from "@effect/vitest"
import { AuthPeer, Events } from "@peerage/pyile"
import { MemoryTransport, Transport } from "@peerage/transport"
import { Effect, Fiber, Metric } from "effect"
import {
  elapse,
  host,
  hostIp,
  join,
  joiner,
  on,
  password,
  peersOf,
  settle,
  simulated,
  visit,
  watch
} from "../peer/Network.ts"
import { house, played } from "./House.ts"

describe("a host", () => {
  it.effect("has no more members than it may, however many are under way at once", () =>
    Effect.gen(function*() {
      const hosting = yield* host({ config: { maxMembers: 2 } })
      const joining = yield* Effect.forEach(
        Array.from({ length: 8 }, (_, index) => `10.0.0.${20 + index}`),
        (ip) => Effect.forkScoped(Effect.exit(joiner(ip)))
      )
      yield* elapse("10 seconds")
      assert.strictEqual((yield* peersOf(hosting)).length, 2)
      const exits = yield* Effect.forEach(joining, (fiber) => Fiber.join(fiber))
      assert.isAtLeast(exits.filter(({ _tag }) => _tag === "Success").length, 2)
    }).pipe(simulated))

  it.effect("has a connection of each kind for each of 20,000 members", () =>
    Effect.gen(function*() {
      const limits: Array<number | undefined> = []
      const transport = yield* MemoryTransport.make(hostIp)
      yield* AuthPeer.make({
        password,
        listen: `${hostIp}:4702`,
        config: { maxMembers: 20_000, maxChatConnections: 30_000 }
      }).pipe(Effect.provideService(Transport.Transport, {
        ...transport,
        listen: (address, options) => {
          limits.push(options?.maxConnections)
          return transport.listen(address, options)
        }
      }))
      assert.strictEqual(limits.length, 3)
      for (const limit of limits) assert.isAtLeast(limit ?? 0, 20_000)
    }).pipe(simulated))

  it.effect("that leaves lets everybody go as itself leaving, and tells nobody that the others have gone", () =>
    Effect.gen(function*() {
      const { hosting, stop } = yield* house()
      const ann = yield* join("10.0.0.2")
      const bob = yield* join("10.0.0.3")
      yield* elapse("1 second")
      const [atHost, atAnn, atBob] = [yield* watch(hosting), yield* watch(ann), yield* watch(bob)]
      yield* stop
      yield* elapse("10 seconds")
      const left = atHost.flatMap((event) => event._tag === "Left" ? [`${event.peer} ${event.reason}`] : [])
      assert.deepStrictEqual(left.sort(), [`${ann.self} HostLeft`, `${bob.self} HostLeft`])
      assert.deepStrictEqual([...atAnn, ...atBob].map(({ _tag }) => _tag), ["Closed", "Closed"])
    }).pipe(simulated))

  it.effect("whose port for lists is not open is unreachable there, and the joiner says where", () =>
    Effect.gen(function*() {
      const { joining } = yield* played("10.0.0.2", 50_002)
      yield* elapse("5 seconds")
      const { reason } = yield* Effect.flip(Fiber.join(joining))
      assert.deepInclude(reason, { _tag: "Unreachable", address: `${hostIp}:50002`, code: "ECONNREFUSED" })
    }).pipe(simulated))
})

describe("the gauge of peers", () => {
  it.effect("tells networks in one process apart, and is 0 where a peer has left", () =>
    Effect.gen(function*() {
      const network = "10.0.0.5:4702"
      const chatPort = 50_000
      const { stop } = yield* house({ listen: `${hostIp}:4702`, chatPort })
      yield* on("10.0.0.5", AuthPeer.make({ password, listen: network, chatPort }))
      yield* join("10.0.0.2", { listen: "10.0.0.2", chatPort })
      yield* join("10.0.0.3", { listen: "10.0.0.3", chatPort })
      const cat = yield* visit("10.0.0.6", { host: network, listen: "10.0.0.6", chatPort })
      const ofPeer = (ip: string) =>
        Effect.map(
          Metric.value(Metric.withAttributes(Events.peersMetric, { peer: `${ip}:${chatPort}` })),
          ({ value }) => value
        )
      assert.deepStrictEqual(
        [yield* ofPeer(hostIp), yield* ofPeer("10.0.0.5"), yield* ofPeer("10.0.0.6")],
        [2, 1, 1]
      )
      yield* cat.leave
      yield* settle
      assert.deepStrictEqual([yield* ofPeer(hostIp), yield* ofPeer("10.0.0.5"), yield* ofPeer("10.0.0.6")], [2, 0, 0])
      yield* stop
      assert.deepStrictEqual([yield* ofPeer(hostIp), yield* ofPeer("10.0.0.5")], [0, 0])
    }).pipe(simulated, Effect.provideService(Metric.MetricRegistry, new Map())))
})
