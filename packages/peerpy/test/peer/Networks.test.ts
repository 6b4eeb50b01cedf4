/** Peers on machines with an address on each of several networks. */
import { assert, describe } from "@effect/vitest"
import { Peer } from "@peerage/peerpy"
import { Machines } from "@peerage/testing"
import { SocketFailure, Transport } from "@peerage/transport"
import { Effect, Fiber, Logger } from "effect"
import { DatagramSocketError, DatagramSocketOpenError } from "effect/socket/DatagramSocket"
import { elapse, settle, test } from "./Network.ts"

const both = ["10.0.0.2", "192.168.7.2"]

/** A peer on a machine that has these addresses. */
const at = Effect.fnUntraced(
  function*(addresses: ReadonlyArray<string>, listen: string, options: Partial<Peer.PeerOptions> = {}) {
    const peer = yield* Machines.on(addresses, Peer.make({ listen, ...options }))
    yield* settle
    return { ...peer, told: yield* Machines.collect(peer) }
  }
)

const found = Effect.fnUntraced(function*(peer: Peer.PeerService) {
  const seeking = yield* Effect.forkChild(peer.discover)
  yield* elapse("1 second")
  const peers: ReadonlyArray<string> = yield* Fiber.join(seeking)
  return peers
})

describe("a peer that listens everywhere", () => {
  test("is found on each network by the address that it has there", function*() {
    const peer = yield* at(both, "0.0.0.0:20000")
    const ann = yield* at(["10.0.0.9"], "10.0.0.9:20000")
    const bob = yield* at(["192.168.7.9"], "192.168.7.9:20000")
    assert.strictEqual<string>(peer.self, "10.0.0.2:20000")
    assert.deepStrictEqual([yield* found(ann), yield* found(bob)], [["10.0.0.2:20000"], ["192.168.7.2:20000"]])
  })

  test("finds those on all its networks, and not itself by any of its names", function*() {
    const peer = yield* at(both, "0.0.0.0:20000")
    for (const ip of ["10.0.0.9", "192.168.7.9"]) yield* at([ip], `${ip}:20000`)
    assert.deepStrictEqual((yield* found(peer)).toSorted(), ["10.0.0.9:20000", "192.168.7.9:20000"])
    for (const own of [...both, "127.0.0.1"]) {
      const { reason } = yield* Effect.flip(Effect.scoped(peer.connect(`${own}:20000`, { type: "json" })))
      assert.strictEqual(reason._tag, "OwnAddress")
    }
  })

  test("calls itself by the address from which it reaches the other end", function*() {
    const peer = yield* at(both, "0.0.0.0:20000")
    const bob = yield* at(["192.168.7.9"], "192.168.7.9:20000")
    yield* peer.connect(bob.self, { type: "json" })
    yield* settle
    const callers = bob.told.flatMap((event): ReadonlyArray<string> => event._tag === "Offer" ? [event.peer] : [])
    assert.deepStrictEqual(callers, ["192.168.7.2:20000"])
  })

  test("asks at its own addresses, whatever address it advertises", function*() {
    const peer = yield* at(both, "0.0.0.0:20000", { advertise: "203.0.113.9" })
    const ann = yield* at(["10.0.0.9"], "10.0.0.9:20000")
    assert.deepStrictEqual([yield* found(peer), yield* found(ann)], [["10.0.0.9:20000"], ["203.0.113.9:20000"]])
  })
})

describe("a peer on a machine that sends no datagrams", () => {
  test("says so in words, as one that asks and as one that would be found", function*() {
    const cause = SocketFailure.systemError("ENETUNREACH", "send")
    const reason = new DatagramSocketOpenError({ kind: "Unknown", cause })
    const logged: Array<unknown> = []
    const logger = Logger.make(({ message }) => void logged.push(message))
    const peer = yield* Machines.on(
      "10.0.0.2",
      Transport.Transport.use((transport) =>
        Effect.provideService(Peer.make({ listen: "10.0.0.2:20000" }), Transport.Transport, {
          ...transport,
          datagram: () => Effect.fail(new DatagramSocketError({ reason }))
        })
      )
    ).pipe(Effect.provideService(Logger.CurrentLoggers, new Set([logger])))
    yield* settle
    assert.match(String(logged), /^others cannot find this peer: UDP port 1024 cannot be used \(ENETUNREACH\)\. Stop/)
    const error = yield* Effect.flip(peer.discover)
    assert.deepStrictEqual(
      [error.reason._tag, error.message.split(". ")[0]],
      ["NoDatagrams", "The local network cannot be asked (ENETUNREACH)"]
    )
  })
})

describe("a peer that listens at one address", () => {
  test("is found on its own machine only, where that is the loopback", function*() {
    yield* at(both, "127.0.0.1:20000")
    const beside = yield* at(both, "10.0.0.2:20001")
    const ann = yield* at(["10.0.0.9"], "10.0.0.9:20000")
    assert.deepStrictEqual(
      [yield* found(beside), yield* found(ann)],
      [["127.0.0.1:20000", "10.0.0.9:20000"], ["10.0.0.2:20001"]]
    )
  })
})
