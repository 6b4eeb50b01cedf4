import { assert, describe } from "@effect/vitest"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Distribution from "../../src/exchange/Distribution.ts"
import * as Heartbeat from "../../src/exchange/Heartbeat.ts"
import * as Introduction from "../../src/exchange/Introduction.ts"
import { elapse, hostIp, inet, joinerIp, linkOver, settle, simulation } from "./Pair.ts"

const distPort = 50_211
const list = `{"distro": [["10.0.0.1", 49265], ["10.0.0.2", 49317]]}`
const invitation = `{"dist_addr": ["10.0.0.1", ${distPort}]}`
const beat = `{"<3": true}`
const self = PeerAddress.at(joinerIp, 49317)

/** A joiner's link to a host that the test plays on both ports. */
const joining = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const auth = yield* network.transport(hostIp).listen(inet(`${hostIp}:4702`))
  const dist = yield* network.transport(hostIp).listen(inet(`${hostIp}:${distPort}`))
  const transport = network.transport(joinerIp)
  const link = yield* linkOver(yield* transport.connect(inet(`${hostIp}:4702`)))
  const initiate = Distribution.initiate(link, transport, { within: "4 seconds", maxListBytes: 1024 })
  const host = new Stranger(yield* Queue.take(auth.accepted))
  return {
    link,
    host,
    transport,
    initiate,
    dialed: Effect.map(Queue.take(dist.accepted), (pipe) => new Stranger(pipe))
  }
})

describe("a joiner that is invited to the dist port", () => {
  simulation.each([
    { name: "apart", texts: [list, invitation, beat] },
    { name: "5 and 6 in one segment", texts: [list + invitation, beat] },
    { name: "5, 6 and 7 in one segment", texts: [list + invitation + beat] },
    { name: "6 cut in two", texts: [list + invitation.slice(0, 9), invitation.slice(9) + beat] }
  ])("understands list, dist address and heartbeat $name", function*({ texts }) {
    const { dialed, host, initiate, link } = yield* joining
    host.write(...texts)
    assert.strictEqual((yield* Introduction.initiate(link, self, "4 seconds")).peers.size, 2)
    const lists = yield* initiate
    const raw = yield* dialed
    yield* Effect.forkChild(Heartbeat.respond(link, "6 seconds"))
    yield* settle
    assert.strictEqual(host.text, `{"peer_address": ["10.0.0.2", 49317]}` + beat)
    assert.deepStrictEqual([lists.remote.port, raw.end, raw.text], [distPort, "Open", ""])
  })

  simulation.each(["0.0.0.0", "localhost", ""])("dials the host it knows when that calls itself '%s'", function*(name) {
    const { dialed, host, initiate } = yield* joining
    host.write(`{"dist_addr": ["${name}", ${distPort}]}`)
    yield* initiate
    yield* dialed
  })

  simulation.each(["10.0.0.9", "127.0.0.1", "192.0.2.7"])(
    "dials nobody but the host when that names %s, unless it was told that it may",
    function*(other) {
      const { dialed, host, initiate, link, transport } = yield* joining
      host.write(`{"dist_addr": ["${other}", ${distPort}]}`)
      yield* initiate
      assert.strictEqual(NetAddress.formatHost((yield* dialed).pipe.local), hostIp)
      host.write(`{"dist_addr": ["${other}", 1]}`)
      const told = { within: "4 seconds", maxListBytes: 1024, distHosts: [other] } as const
      const trying = yield* Effect.forkChild(Effect.flip(Distribution.initiate(link, transport, told)))
      yield* elapse("4 seconds")
      assert.deepInclude<unknown>(yield* Fiber.join(trying), { _tag: "Unreachable", address: `${other}:1` })
    }
  )

  simulation.each([
    {
      named: "192.0.2.7",
      reason: { _tag: "ListsElsewhere", named: "192.0.2.7", address: "10.0.0.1:1", code: "ECONNREFUSED" }
    },
    // Where it cannot be reached from here anyway, or is the host's own, another address is no advice.
    { named: "127.0.0.1", reason: { _tag: "Unreachable", address: "10.0.0.1:1" } },
    { named: "0.0.0.0", reason: { _tag: "Unreachable", address: "10.0.0.1:1" } }
  ])("fails with $reason._tag where the host names $named and takes nobody there itself", function*({ named, reason }) {
    const { host, initiate } = yield* joining
    host.write(`{"dist_addr": ["${named}", 1]}`)
    assert.deepInclude<unknown>(yield* Effect.flip(initiate), reason)
  })

  simulation.each([
    { port: 0, reason: { _tag: "MalformedMessage" } },
    { port: 1, reason: { _tag: "Unreachable", address: "10.0.0.1:1", code: "ECONNREFUSED" } }
  ])("fails with $reason._tag at port $port", function*({ port, reason }) {
    const { host, initiate } = yield* joining
    host.write(`{"dist_addr": ["10.0.0.1", ${port}]}`)
    assert.deepInclude<unknown>(yield* Effect.flip(initiate), reason)
  })

  simulation("takes the latest of several lists, each entry once, and says nothing ever", function*() {
    const { dialed, host, initiate } = yield* joining
    host.write(invitation)
    const lists = yield* initiate
    const raw = yield* dialed
    const updates: Array<string> = []
    const receiving = Distribution.receive(
      lists,
      ({ peers }) => Effect.sync(() => void updates.push([...peers].join()))
    )
    const ended = yield* Effect.forkChild(Effect.flip(receiving))
    raw.write(list)
    yield* settle
    raw.write(`{"distro": []}{"distro": [["0.0.0.0", 1], ["10.0.0.2", 2], ["10.0.0.2", 2]]}`)
    yield* settle
    assert.deepStrictEqual(updates, ["10.0.0.1:49265,10.0.0.2:49317", "10.0.0.1:1,10.0.0.2:2"])
    raw.pipe.end()
    assert.strictEqual((yield* Fiber.join(ended))._tag, "PeerClosed")
    assert.strictEqual(raw.text, "")
  })

  simulation("does not read a list that is larger than it may be", function*() {
    const { dialed, host, initiate } = yield* joining
    host.write(invitation)
    const lists = yield* initiate
    const raw = yield* dialed
    raw.write(`{"distro": [["10.0.0.1", 1]${" ".repeat(1024)}]}`)
    const error = yield* Effect.flip(Distribution.receive(lists, () => Effect.void))
    assert.strictEqual(error._tag, "FrameTooLarge")
  })
})
