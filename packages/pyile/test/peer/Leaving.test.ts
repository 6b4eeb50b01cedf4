import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Schedule } from "effect"
import { annIp, bobIp, elapse, host, hostIp, join, simulation, stoppable, visit } from "./Network.ts"
import { distPortOf, scripted, stranger } from "./Strangers.ts"
import { fateOf, peersOf, statuses, watch } from "./Watching.ts"

/** What Ann and the host said to each other about ending, or beginning, after a mark in the trace. */
const endings = (mark = 0) =>
  Effect.flatMap(
    MemoryNetwork.MemoryNetwork,
    (network) =>
      Effect.map(network.trace, (trace) =>
        trace.slice(mark).filter(({ kind }) =>
          kind !== "DATA"
        ).map(({ from, kind, to }) => {
          const connection = [from, to].some((at) => at.endsWith(":4702")) ? "auth" : "dist"
          return `${from.startsWith(`${annIp}:`) ? "Ann" : "host"} ${kind} ${connection}`
        }))
  )

describe("leaving", () => {
  simulation.each([{ when: "at once", back: false }, { when: "when it has come back once", back: true }])(
    "a joiner, $when, ends its auth connection first and its dist connection after the host's FIN, never with RST",
    function*({ back }) {
      const network = yield* MemoryNetwork.MemoryNetwork
      const before = yield* stoppable()
      const ann = yield* visit(annIp, { rejoin: Schedule.spaced("1 second") })
      if (back) yield* before.stop
      const hosting = back ? yield* host() : before.hosting
      yield* elapse("8 seconds")
      const [seen, events] = [yield* statuses(ann), yield* watch(ann)]
      const mark = (yield* network.trace).length
      yield* ann.leave
      yield* elapse("10 seconds")
      const ended = yield* endings(mark)
      assert.strictEqual(ended[0], "Ann FIN auth")
      assert.deepStrictEqual(ended.filter((text) => !text.endsWith("auth")), ["host FIN dist", "Ann FIN dist"])
      assert.isTrue(ended.every((text) => text.includes("FIN")), ended.join())
      assert.deepStrictEqual([seen, events, yield* peersOf(hosting)], [["Joined", "Left Left"], [], []])
    }
  )

  simulation("a joiner has left at once, and reads on for 3 seconds at most where a host takes its time", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    yield* host()
    const ann = yield* visit(annIp)
    const mark = (yield* network.trace).length
    // A clogged host does not see the FIN, as an original sleeps over it for two seconds.
    yield* network.clog(hostIp)
    yield* ann.leave
    assert.deepStrictEqual(ann.status.value, { _tag: "Left", reason: "Left" })
    yield* elapse(2999)
    const ended = endings(mark).pipe(Effect.map((all) => [all[0], ...all.filter((text) => text.endsWith("dist"))]))
    assert.deepStrictEqual(yield* ended, ["Ann FIN auth"])
    yield* elapse(1)
    assert.deepStrictEqual(yield* ended, ["Ann FIN auth", "Ann FIN dist"])
  })

  simulation("a host ends every connection, and tells nobody that the others have gone", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const { hosting, stop } = yield* stoppable()
    const [ann, bob] = [yield* join(annIp), yield* join(bobIp)]
    yield* elapse("1 second")
    const [atHost, atAnn, atBob] = [yield* watch(hosting), yield* watch(ann), yield* watch(bob)]
    assert.deepStrictEqual([yield* fateOf(ann), hosting.status.value], ["stays", { _tag: "Joined" }])
    yield* stop
    assert.deepStrictEqual([yield* fateOf(ann), yield* fateOf(bob)], ["PeerClosed", "PeerClosed"])
    assert.deepStrictEqual(hosting.status.value, { _tag: "Left", reason: "Left" })
    assert.deepStrictEqual(ann.status.value, { _tag: "Left", reason: "PeerClosed" })
    yield* elapse("10 seconds")
    assert.deepStrictEqual(atHost, [
      { _tag: "Left", peer: ann.self, reason: "HostLeft" },
      { _tag: "Left", peer: bob.self, reason: "HostLeft" },
      { _tag: "Peers", peers: [] }
    ])
    const closed = { _tag: "Closed", peer: `${hostIp}:4702`, reason: "PeerClosed" } as const
    assert.deepStrictEqual([...atAnn, ...atBob], [closed, closed])
    assert.strictEqual(yield* network.buffered, 0)
  })

  simulation("a host and a joiner end the chat connections that lead to them, though those carry nothing", function*() {
    const { hosting, stop } = yield* stoppable()
    const ann = yield* visit(annIp)
    yield* join(bobIp)
    yield* elapse("1 second")
    const calling = (to: PeerAddress.PeerAddress) => stranger(bobIp, PeerAddress.port(to), PeerAddress.host(to))
    const [toAnn, toHost] = [yield* calling(ann.self), yield* calling(hosting.self)]
    yield* ann.leave
    assert.deepStrictEqual([toAnn.end, toHost.end], ["Fin", "Open"])
    yield* stop
    assert.strictEqual(toHost.end, "Fin")
  })

  simulation("everybody leaves nothing behind: no bytes, no ports, nothing to send any more", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    for (let round = 0; round < 3; round++) {
      yield* Effect.scoped(Effect.gen(function*() {
        const hosting = yield* host({ chatPort: 50_000, distPort: 50_001 })
        for (const ip of [annIp, bobIp, "10.0.0.4"]) {
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
  })
})
