import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Exit, Scope } from "effect"
import { distPortOf, elapse, host, join, peersOf, scripted, settle, simulated, stranger, visit } from "./Network.ts"

const annIp = "10.0.0.2"

/** What Ann and the host said to each other about ending, in order, with their ports. */
const endings = Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) =>
  Effect.map(network.trace, (trace) =>
    trace
      .filter(({ kind }) => kind === "FIN" || kind === "RST")
      .map(({ from, kind, to }) => ({
        kind,
        byAnn: from.startsWith(`${annIp}:`),
        auth: [from, to].some((at) => at.endsWith(":4702"))
      }))))

describe("leaving", () => {
  it.effect("a joiner ends its auth connection first and its dist connection after the host's FIN, never with RST", () =>
    Effect.gen(function*() {
      const hosting = yield* host()
      const ann = yield* visit(annIp)
      yield* ann.leave
      yield* elapse("10 seconds")
      const [first, ...others] = yield* endings
      assert.deepStrictEqual(first, { kind: "FIN", byAnn: true, auth: true })
      assert.deepStrictEqual(others.filter(({ kind }) => kind === "RST"), [])
      assert.deepStrictEqual(others.filter(({ auth }) => !auth), [
        { kind: "FIN", byAnn: false, auth: false },
        { kind: "FIN", byAnn: true, auth: false }
      ])
      assert.deepStrictEqual(yield* peersOf(hosting), [])
    }).pipe(simulated))

  it.effect("a joiner reads on, for 3 seconds at most, where an original host takes its time", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      yield* host()
      const ann = yield* visit(annIp)
      // A clogged host does not see the FIN, as an original sleeps over it for two seconds.
      yield* network.clog("10.0.0.1")
      yield* ann.leave
      yield* elapse(2999)
      const dist = Effect.map(endings, (entries) => entries.filter(({ auth }) => !auth))
      assert.deepStrictEqual((yield* endings)[0], { kind: "FIN", byAnn: true, auth: true })
      assert.deepStrictEqual(yield* dist, [])
      yield* elapse(1)
      assert.deepStrictEqual(yield* dist, [{ kind: "FIN", byAnn: true, auth: false }])
    }).pipe(simulated))

  it.effect("a joiner waits for nobody with it", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      yield* host()
      const ann = yield* visit(annIp)
      yield* network.kill("10.0.0.1")
      yield* ann.leave
      assert.deepStrictEqual(ann.status.value, { _tag: "Left", reason: "Left" })
    }).pipe(simulated))

  it.effect("a host ends every connection, by which its members know", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const house = yield* Scope.make()
      yield* Scope.provide(host(), house)
      const peers = [yield* join(annIp), yield* join("10.0.0.3")]
      yield* Scope.close(house, Exit.void)
      yield* settle
      for (const peer of peers) assert.deepStrictEqual(peer.status.value, { _tag: "Left", reason: "PeerClosed" })
      yield* elapse("10 seconds")
      assert.strictEqual(yield* network.buffered, 0)
    }).pipe(simulated))

  it.effect("everybody leaves nothing behind: no bytes, no ports, nothing to send any more", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      for (let round = 0; round < 3; round++) {
        yield* Effect.scoped(Effect.gen(function*() {
          const hosting = yield* host({ chatPort: 50_000, distPort: 50_001 })
          for (const ip of [annIp, "10.0.0.3", "10.0.0.4"]) {
            const peer = yield* join(ip, { chatPort: 50_000, authPort: 50_002 })
            yield* peer.broadcast("hello")
          }
          yield* stranger("10.0.0.5")
          yield* stranger("10.0.0.5", distPortOf(yield* scripted("10.0.0.6", "Invitation")))
          assert.strictEqual((yield* hosting.broadcast("bye")).acknowledged.length, 3)
        }))
        yield* elapse("2 minutes")
        assert.strictEqual(yield* network.buffered, 0)
      }
      const events = yield* network.events
      yield* elapse("1 hour")
      assert.strictEqual(yield* network.events, events)
    }).pipe(simulated))
})
